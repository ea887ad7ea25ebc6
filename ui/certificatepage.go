package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app/register"
	"rekey/ui/control"
	"rekey/ui/look"
)

// certificatePage is everything that one certificate on a card says, and how one came to it.
type certificatePage struct {
	w           *Window
	fingerprint string
	bare        bool    // the person's numbers are shown
	from        string  // page that it was opened on
	opener      string  // control that opened it
	offset      float32 // how far that page was scrolled
	then        func()  // opens again what lay over that page; nil: nothing did
}

// openCertificate opens the page of a certificate from the control opener. The way back leads to where the window is now.
func (w *Window) openCertificate(fingerprint, opener string, then func()) {
	p := &certificatePage{w: w, fingerprint: fingerprint, from: w.page, opener: opener, then: then}
	if s := pageScroll(w.win.Canvas().Content()); s != nil {
		p.offset = s.Offset.Y
	}
	if w.dialog != nil {
		w.dialog.Close()
		w.dialog = nil
	}
	w.certificate, w.page, w.note = p, pageCertificate, nil
	w.show()
}

// back returns to where the page was opened.
func (p *certificatePage) back() {
	w := p.w
	w.page, w.note = p.from, nil
	w.show()
	w.scrollTo(p.offset)
	if p.then != nil {
		p.then()
	}
	w.focus(p.opener)
}

// detailsButton opens the page of a certificate, in words or, in a list, as a sign.
func (w *Window) detailsButton(id string, e register.Entry, sign bool, then func()) *control.Button {
	open := func() { w.openCertificate(e.Fingerprint, id, then) }
	if !sign {
		return control.NewButton(id, w.T("cert.details"), theme.InfoIcon(), control.Quiet, open)
	}
	name := firstOf(e.HolderName, e.CardLabel, e.CardSerial) + " · " + firstOf(e.IssuerName, w.T("state.broken"))
	return control.NewButton(id, "", theme.InfoIcon(), control.Quiet, open).Named(w.T("cert.details-of", "name", name))
}

func (p *certificatePage) page() []fyne.CanvasObject {
	w := p.w
	back := control.NewButton("certificate.back", w.T("back"), theme.NavigateBackIcon(), control.Quiet, p.back)
	e := w.entryOf(p.fingerprint)
	if e == nil {
		return []fyne.CanvasObject{look.Row(0, -1, back), control.Panel(control.Para(w.T("certificate.gone")))}
	}
	top := []fyne.CanvasObject{back, look.Space(0, 0)}
	if len(numbers(e.Certificate)) > 0 {
		key, icon := "certificate.show", theme.VisibilityIcon()
		if p.bare {
			key, icon = "certificate.hide", theme.VisibilityOffIcon()
		}
		top = append(top, control.NewButton("certificate.numbers", w.T(key), icon, control.Quiet, func() {
			p.bare = !p.bare
			w.show()
		}))
	}
	top = append(top, w.copyButton("certificate.copy", w.T("certificate.copy"), control.Quiet, func() string { return p.copied(*e) }))
	return append([]fyne.CanvasObject{look.Row(10, 1, top...)}, p.body(*e)...)
}

// copied is everything as it is shown: numbers that are hidden stay hidden, and that is said.
func (p *certificatePage) copied(e register.Entry) string {
	w := p.w
	if w.note = nil; !p.bare && len(numbers(e.Certificate)) > 0 {
		w.note = &notice{tone: control.Info, what: w.T("certificate.copied"), do: w.T("certificate.copied.hidden")}
	}
	w.show()
	return register.Text(w.t, p.sections(e, p.chain(e)))
}

// chain looks for the issuers among all certificates on the cards.
func (p *certificatePage) chain(e register.Entry) []register.Link {
	var pool []register.Certificate
	for _, x := range p.w.view.Entries {
		pool = append(pool, x.Certificate)
	}
	return register.Chain(e.Certificate, pool)
}

// sections are all that is said about the certificate, with numbers as they are to be shown.
func (p *certificatePage) sections(e register.Entry, chain []register.Link) []register.Section {
	all := append(register.Details(p.w.t, e.Certificate, p.w.now()), register.ChainSection(p.w.t, chain, nil), register.CardSection(p.w.t, e))
	if !p.bare {
		hide(all, numbers(e.Certificate))
	}
	return all
}

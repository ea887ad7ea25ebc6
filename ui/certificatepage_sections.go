package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app/register"
	"rekey/ui/control"
	"rekey/ui/look"
)

// body lays the sections out: what is asked most comes first, bytes come last.
func (p *certificatePage) body(e register.Entry) []fyne.CanvasObject {
	w := p.w
	chain := p.chain(e)
	sections := map[string]register.Section{}
	for _, s := range p.sections(e, chain) {
		sections[s.ID] = s
	}
	text, tone := w.daysPill(e, false)
	head := []fyne.CanvasObject{control.Head(firstOf(e.HolderName, e.CardLabel, e.CardSerial), control.Pill(text, tone))}
	if e.IssuerName != "" {
		head = append(head, control.Para(e.IssuerName).In(look.Muted))
	}
	out := []fyne.CanvasObject{control.Panel(head...)}
	for _, r := range sections["problem"].Rows {
		out = append(out, control.Banner(control.Bad, r.Value, ""))
	}
	if w.view.Revoked[e.Fingerprint] {
		out = append(out, control.Banner(control.Bad, w.T("home.revoked"), w.T("home.revoked.text")))
	}
	add := func(ids ...string) { out = append(out, w.sectionPanels(sections, ids...)...) }
	add("holder", "issuer")
	add("validity", "use")
	out = append(out, w.chainPanel(sections["chain"].Title, chain))
	add("card")
	add("key")
	add("signature")
	add("places", "fingerprints")
	add("extensions")
	return out
}

// sectionPanels puts sections beside each other, unless one of them is so long that its rows want columns of their own.
func (w *Window) sectionPanels(sections map[string]register.Section, ids ...string) []fyne.CanvasObject {
	const most = 8
	long, columns := len(ids) == 1, 1
	for _, id := range ids {
		long = long || len(sections[id].Rows) > most
	}
	if long {
		columns = 3
	}
	var panels []fyne.CanvasObject
	for _, id := range ids {
		if s, ok := sections[id]; ok {
			panels = append(panels, w.sectionPanel(s, columns))
		}
	}
	if long || len(panels) == 0 {
		return panels
	}
	return []fyne.CanvasObject{look.Beside(18, panels...)}
}

// sectionPanel shows short rows in columns and bytes in the full width.
func (w *Window) sectionPanel(s register.Section, columns int) fyne.CanvasObject {
	lines := []fyne.CanvasObject{control.Head(s.Title, nil)}
	var row []fyne.CanvasObject
	flush := func() {
		if len(row) > 0 {
			lines = append(lines, look.Grid(columns, 14, row...))
			row = nil
		}
	}
	for _, r := range s.Rows {
		if r.Hex && len(r.Value) > 64 {
			flush()
			lines = append(lines, w.fact(s, r))
			continue
		}
		row = append(row, w.fact(s, r))
	}
	flush()
	return control.Panel(lines...)
}

// fact is one row: its name, with the OID of what has no better name, and its value.
func (w *Window) fact(s register.Section, r register.Row) fyne.CanvasObject {
	name := r.Name
	if s.ID == "extensions" && r.OID != r.Name {
		name += " · " + r.OID
	}
	if r.Critical {
		name += " · " + w.T("register.critical")
	}
	if r.Hex {
		return look.Column(2, control.Small(name), control.Para(grouped(r.Value)).Sized(look.SizeSmall, false))
	}
	return control.KeyValue(name, r.Value)
}

// chainPanel shows who signed whom, as far as the certificates on the cards tell.
func (w *Window) chainPanel(title string, chain []register.Link) fyne.CanvasObject {
	lines := []fyne.CanvasObject{control.Head(title, nil), control.Small(w.T("certificate.chain.note"))}
	for i, l := range chain {
		if i > 0 {
			lines = append(lines, control.Line())
		}
		tone := map[string]control.Tone{register.SignedChecked: control.Fine, register.SignedBad: control.Bad, register.SignedBroken: control.Bad}[l.Signed]
		words := []fyne.CanvasObject{control.Para(firstOf(l.HolderName, l.Organisation, l.Serial, l.Fingerprint))}
		if l.Root {
			words = append(words, control.Small(w.T("certificate.link.root")))
		}
		if !l.NotAfter.IsZero() {
			words = append(words, control.Small(w.T("certificate.link.until", "date", w.t.Date(l.NotAfter))))
		}
		words = append(words, control.Small(l.Words(w.t)))
		lines = append(lines, look.Row(12, 1, control.Icon(theme.DocumentIcon(), look.Muted, 21), look.Column(1, words...),
			control.Pill(w.known("certificate.link.", l.Signed, l.Signed), tone)))
	}
	return control.Panel(lines...)
}

// grouped writes bytes in fours, as people compare them.
func grouped(hex string) string {
	hex = strings.ReplaceAll(hex, ":", "")
	var groups []string
	for part := range slices.Chunk([]rune(hex), 4) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, " ")
}

// numbers are what hide covers in a certificate, the longest first, and each long enough not to be found in something else.
func numbers(c register.Certificate) []string {
	var all []string
	for _, n := range append(c.PersonalNumbers(), c.NationalID) {
		if masked(n) != n {
			all = append(all, n)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// hide covers the numbers wherever they stand: in the name, and again in another name of the holder.
func hide(sections []register.Section, numbers []string) {
	for _, s := range sections {
		for i := range s.Rows {
			for _, n := range numbers {
				if !s.Rows[i].Hex {
					s.Rows[i].Value = strings.ReplaceAll(s.Rows[i].Value, n, masked(n))
				}
			}
		}
	}
}

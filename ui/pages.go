package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/token"
	"rekey/ui/control"
	"rekey/ui/i18n"
	"rekey/ui/look"
)

type syncResult = app.SyncResult

// documentsPage lists the documents of all cases.
func (w *Window) documentsPage() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, c := range slices.Backward(w.cases) {
		if len(shownDocuments(c)) == 0 {
			continue
		}
		title := control.Remark(c.Holder, w.T("cases.begun", "date", w.t.Date(c.CreatedAt)))
		out = append(out, look.Column(8, title, w.documentPanel(c)))
	}
	if len(out) == 0 {
		out = append(out, control.Panel(control.Sub(w.T("documents.none")), control.Para(w.T("documents.none.text")).In(look.Muted)))
	}
	return out
}

// cardsPage says what is plugged in, what was found on it, and what is missing.
func (w *Window) cardsPage() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	again := control.NewButton("cards.again", w.T("cards.again"), theme.ViewRefreshIcon(), control.Secondary, w.reload)
	state := w.T("home.looking")
	if w.looked {
		state = w.T("cards.at", "moment", w.t.Moment(w.view.At))
	}
	out = append(out, look.Row(12, 0, control.Para(state).In(look.Muted), again))
	for _, f := range w.view.Findings {
		what := w.findingWhat(f)
		if f.Reader != "" {
			what += " · " + f.Reader
		}
		out = append(out, control.Banner(control.Due, what, w.findingDo(f)))
	}
	for _, r := range w.view.Snapshot.Readers {
		out = append(out, w.readerPanel(r))
	}
	if m := w.view.Snapshot.Modules; len(m) > 0 {
		lines := []fyne.CanvasObject{control.Sub(w.T("cards.modules"))}
		for _, x := range m {
			pill := control.Pill(w.T("cards.module-good"), control.Fine)
			if x.Kind != "" {
				pill = control.Pill(w.known("module.", string(x.Kind), string(x.Kind)), control.Due)
			}
			lines = append(lines, look.Row(12, 0, control.Para(x.Path), pill))
		}
		out = append(out, control.Panel(lines...))
	}
	return out
}

func (w *Window) readerPanel(r token.Reader) fyne.CanvasObject {
	if r.Card == nil {
		return control.Panel(control.Head(r.Name, control.Pill(w.T("cards.empty"), control.Plain)), control.Small(r.Module))
	}
	pill, tone := w.pinState(*r.Card)
	lines := []fyne.CanvasObject{
		control.Head(firstOf(r.Card.Label, r.Card.Serial, r.Name), control.Pill(pill, tone)),
		look.Grid(3, 12, control.KeyValue(w.T("cards.reader"), r.Name), control.KeyValue(w.T("cards.serial"), r.Card.Serial),
			control.KeyValue(w.T("cards.maker"), r.Card.Manufacturer)),
	}
	for _, e := range w.view.Entries {
		if e.CardSerial != r.Card.Serial {
			continue
		}
		text, tone := w.stateTone(e.State)
		note := w.T("choose.line", "from", w.t.Date(e.NotBefore), "until", w.t.Date(e.NotAfter), "key", w.keyOf(e))
		lines = append(lines, control.Line(), look.Row(12, 1, control.Icon(theme.DocumentIcon(), look.Muted, 21),
			look.Column(1, control.Para(firstOf(e.HolderName, e.Problem)+" · "+w.purpose(e)), control.Small(note)), control.Pill(text, tone)))
	}
	return control.Panel(lines...)
}

func (w *Window) pinState(c token.Card) (string, control.Tone) {
	switch {
	case c.Blank:
		return w.T("cards.blank"), control.Due
	case c.PIN.Locked:
		return w.T("cards.locked"), control.Bad
	case c.PIN.FinalTry:
		return w.T("cards.final"), control.Bad
	case c.PIN.CountLow:
		return w.T("cards.low"), control.Due
	}
	return w.T("cards.good"), control.Fine
}

// settingsPage: language, look, central API.
func (w *Window) settingsPage() []fyne.CanvasObject {
	var langs []control.Item
	for _, l := range i18n.Languages {
		langs = append(langs, control.Item{ID: l, Text: i18n.Names[l]})
	}
	looks := []control.Item{{ID: "system", Text: w.T("look.system")}, {ID: "light", Text: w.T("look.light")}, {ID: "dark", Text: w.T("look.dark")}}
	language := control.NewField(w.T("settings.language"), "", false, nil, control.NewChoice("settings.language", langs, w.lang, w.setLanguage))
	appearance := control.NewField(w.T("settings.look"), "", false, nil, control.NewChoice("settings.look", looks, string(w.look), func(m string) {
		w.look = look.Mode(m)
		w.speak()
		w.show()
		w.keep(SettingLook, m)
	}))
	if w.address == nil {
		kept := w.desk.Setting(SettingCentral)
		w.address = &kept
	}
	address := control.NewEntry("settings.central", *w.address, 1, func(s string) { *w.address = s })
	address.SetPlaceHolder("https://")
	save := control.NewButton("settings.save", w.T("settings.save"), theme.DocumentSaveIcon(), control.Secondary, func() { w.saveCentral(address.Text) })
	office := control.NewField(w.T("settings.central"), w.T("settings.central.hint"), false, address, nil)
	return []fyne.CanvasObject{
		control.Panel(control.Sub(w.T("settings.window")), look.Grid(2, 18, language.Container, appearance.Container)),
		control.Panel(control.Sub(w.T("settings.office")), office.Container, look.Row(0, 0, look.Space(0, 0), save)),
		control.Caption(w.T("settings.version", "version", firstOf(w.opts.Version, "–"))),
	}
}

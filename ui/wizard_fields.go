package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"rekey/app"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// detailsPage is the form, filled in as far as the certificate and the last case tell.
func (z *wizard) detailsPage() []fyne.CanvasObject {
	w := z.w
	z.fields = map[string]*control.Field{}
	var cells, wide []fyne.CanvasObject
	if z.proc == nil {
		return []fyne.CanvasObject{control.Banner(control.Bad, w.T("error.not-found.what"), w.T("error.not-found.do"))}
	}
	for _, f := range z.asks() {
		field := z.field(f)
		z.fields[f.ID] = field
		if said, ok := z.told[f.ID]; ok {
			field.Say(said.text, said.tone())
		}
		if f.Lines > 1 {
			wide = append(wide, field.Container)
		} else {
			cells = append(cells, field.Container)
		}
	}
	body := append([]fyne.CanvasObject{control.Small(z.detailsText()), look.Grid(2, 16, cells...)}, wide...)
	out := []fyne.CanvasObject{control.Panel(body...)}
	if r := z.rows(); r != nil {
		out = append(out, z.rowsPanel(r))
	}
	return out
}

// detailsText says where what stands in the form comes from, and which fields must be filled in.
func (z *wizard) detailsText() string {
	text := z.w.T("wizard.details.text")
	if from := z.w.known("wizard.details.from.", z.draft.From, ""); from != "" {
		text = from + " " + text
	}
	return text
}

func (z *wizard) field(f procedure.Field) *control.Field {
	w, value := z.w, z.draft.Details[f.ID]
	label, hint := f.Label.In(w.lang), f.Hint.In(w.lang)
	switch {
	case f.Fixed && value != "":
		return control.NewFixed(label, w.fieldWords(f, value), w.T("wizard.fixed"))
	case len(f.Choices) > 0:
		var items []control.Item
		for _, c := range f.Choices {
			if f.ID == procedure.KindField && !z.reason().For(c.ID) {
				continue
			}
			items = append(items, control.Item{ID: c.ID, Text: c.Label.In(w.lang)})
		}
		return control.NewField(label, hint, f.Required, control.NewChoice("field."+f.ID, items, value, func(v string) { z.typed(f.ID, v) }))
	}
	return control.NewField(label, hint, f.Required, control.NewEntry("field."+f.ID, value, f.Lines, func(v string) { z.typed(f.ID, v) }))
}

// typed keeps a value and has it checked; only the answer to the newest question counts.
func (z *wizard) typed(field, value string) {
	z.draft.Details[field] = value
	z.keep()
	z.check(field, value)
}

func (z *wizard) check(field, value string) {
	z.asked[field]++
	number, d := z.asked[field], z.draft
	d.Details = cloned(d.Details)
	work(z.w, func(context.Context) (app.FieldCheck, error) { return z.w.desk.CheckField(d, field, value), nil },
		func(c app.FieldCheck, _ error) {
			if z.asked[field] == number {
				z.say(field, z.words(c))
			}
		})
}

// again checks what is in the fields once more: after a change of the language, and when a draft is taken up again.
func (z *wizard) again() {
	if z.proc == nil {
		return
	}
	for _, f := range z.asks() {
		if value := z.draft.Details[f.ID]; !f.Fixed && value != "" || z.told[f.ID].text != "" {
			z.check(f.ID, value)
		}
	}
}

// say puts an answer beside the field and lays the form out anew when a line came or went.
func (z *wizard) say(field string, t told) {
	z.told[field] = t
	f := z.fields[field]
	if f == nil {
		return
	}
	if f.Say(t.text, t.tone()) {
		z.w.relayout()
	}
}

func (t told) tone() control.Tone {
	if t.bad {
		return control.Bad
	}
	return control.Due
}

// words puts a check into words; there is English when a rule has no translation.
func (z *wizard) words(c app.FieldCheck) told {
	if c.Rule != "" {
		text := z.w.known("rule.", c.Rule, c.Text)
		for name, value := range c.Args {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
		if strings.Contains(text, "{") && c.Text != "" { // a value that only Text has
			text = c.Text
		}
		return told{text, true}
	}
	var all []string
	for _, warning := range c.Warnings {
		all = append(all, z.w.known("rule.", warning, warning))
	}
	return told{strings.Join(all, " "), false}
}

// checkAll checks every field; then runs when all are fine, else the first that is not gets the focus.
func (z *wizard) checkAll(then func()) {
	if z.proc == nil {
		return
	}
	d := z.draft
	d.Details = cloned(d.Details)
	fields := z.asks()
	work(z.w, func(context.Context) ([]app.FieldCheck, error) {
		out := make([]app.FieldCheck, len(fields))
		for i, f := range fields {
			out[i] = z.w.desk.CheckField(d, f.ID, d.Details[f.ID])
		}
		return out, nil
	}, func(checks []app.FieldCheck, _ error) {
		if z.w.wizard != z || z.w.page != pageWizard || z.draft.Page != wizardDetails {
			return
		}
		first := ""
		for i, c := range checks {
			t := z.words(c)
			z.say(fields[i].ID, t)
			if t.bad && first == "" {
				first = "field." + fields[i].ID
			}
		}
		if first == "" {
			if z.rowsFine() {
				then()
			}
			return
		}
		z.w.focus(first)
	})
}

// relayout lets the page find new places for what has grown or shrunk.
func (w *Window) relayout() {
	root, ok := w.win.Canvas().Content().(*fyne.Container)
	if !ok {
		return
	}
	root.Layout.Layout(root.Objects, root.Size())
	look.Again(root)
}

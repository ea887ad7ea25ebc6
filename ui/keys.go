package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"rekey/ui/control"
)

// addShortcuts opens the pages by Alt and a digit.
func (w *Window) addShortcuts() {
	digits := []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9}
	for i, key := range digits[:len(sidePages)] {
		w.win.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierAlt}, func(fyne.Shortcut) { w.shortcut(i + 1) })
	}
}

// shortcut opens the page of a digit, unless something lies over the page.
func (w *Window) shortcut(digit int) {
	if w.win.Canvas().Overlays().Top() != nil {
		return
	}
	had, before := w.focused(), w.page
	w.win.Canvas().Unfocus()
	w.leaveTo(sidePages[digit-1].page)
	if w.page == before && !strings.HasPrefix(had, "nav.") { // it was shown already: what had the focus keeps it
		w.focus(had)
	}
	if w.win.Canvas().Focused() == nil {
		w.focusPage()
	}
}

// typedKey gets the keys that no control wanted: Return goes on, Esc goes back, the arrows turn the page.
func (w *Window) typedKey(e *fyne.KeyEvent) {
	enter := e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter
	escape := e.Name == fyne.KeyEscape
	if top := w.win.Canvas().Overlays().Top(); top != nil {
		switch {
		case w.dialog != nil && w.dialog.Container == top && enter:
			w.dialog.Default()
		case w.dialog != nil && w.dialog.Container == top && escape:
			w.dialog.Cancel()
		case escape:
			if l := control.Top(w.win.Canvas()); l != nil {
				l.Close() // the focus goes back to what opened it
				return
			}
			w.win.Canvas().Overlays().Remove(top)
		}
		return
	}
	want := map[string][2]string{
		pageWizard:      {"wizard.next", "wizard.back"},
		pageCase:        {"", "case.back"},
		pageHome:        {w.primary, ""},
		pageSettings:    {"settings.save", ""},
		pageNewPIN:      {"newpin.ok", "newpin.cancel"},
		pageCertificate: {"", "certificate.back"},
		"job.pin":       {"pin.ok", "pin.cancel"},
		"job.failed":    {"job.again", "job.home"},
		"job.work":      {"", "job.stop"},
		"job.done":      {w.job.primary(), "job.home"},

		"papers.work": {"", "papers.stop"},
		"papers.done": {"papers.back", "papers.back"},
	}[w.keyPage()]
	if part, ok := w.keysOfPart(); ok {
		want = part
	}
	switch {
	case enter:
		w.press(want[0])
	case escape:
		w.press(want[1])
	default:
		w.turn(e.Name)
	}
}

// keysOfPart gives what Return and Esc press where the person is in a part of the page that is ended for itself: a path that is being
// given, an open row of the table.
func (w *Window) keysOfPart() (want [2]string, ok bool) {
	switch w.focused() {
	case "settings.module":
		return [2]string{"settings.module.add", ""}, true
	case "rows.path":
		return [2]string{"rows.import", "wizard.back"}, true
	}
	if w.page == pageWizard && w.wizard.draft.Row != nil && w.wizard.draft.Page == wizardDetails {
		return [2]string{"row.save", "row.cancel"}, true
	}
	return want, false
}

// keyPage is the page by which keys are understood.
func (w *Window) keyPage() string {
	if w.page == pageJob || w.page == pagePapers {
		return w.pageName()
	}
	return w.page
}

// press does what a click on the control of this name does.
func (w *Window) press(id string) {
	for _, c := range controls(w.win.Canvas()) {
		if p, ok := c.Control.(interface{ Press() }); ok && c.ID() == id && c.Enabled() {
			p.Press()
			return
		}
	}
}

// leaveTo opens a page of the side bar, unless a card is being worked with.
func (w *Window) leaveTo(page string) {
	if w.page == pageJob && w.job.running || w.page == pageNewPIN && w.newPIN.running {
		w.note = &notice{tone: control.Info, what: w.T("job.first")}
		w.show()
		w.focus("pin.entry")
		return
	}
	if page == pageRenew {
		w.goRenew()
		return
	}
	w.Go(page)
}

var _ control.Control = (*control.Button)(nil)
var _ control.Control = (*control.Entry)(nil)
var _ control.Control = (*control.Choice)(nil)
var _ control.Control = (*control.Option)(nil)
var _ control.Control = (*control.Nav)(nil)

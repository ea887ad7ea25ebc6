package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"rekey/ui/control"
)

// focused is the name of the control that has the focus, "" when none has.
func (w *Window) focused() string {
	if c, ok := w.win.Canvas().Focused().(control.Control); ok {
		return c.ID()
	}
	return ""
}

// focus gives the focus to the control of this name, if it is there.
func (w *Window) focus(id string) {
	for _, c := range controls(w.win.Canvas()) {
		if c.ID() == id && c.Enabled() {
			w.reveal(c)
			w.win.Canvas().Focus(c.Control)
			return
		}
	}
}

// focusPage gives the focus to what can be done first on a page, so that nobody goes through the side bar to it.
// While work runs there is only a way to stop it, and that nobody presses by a Return too many.
func (w *Window) focusPage() {
	if name := w.pageName(); name == "job.work" || name == "papers.work" {
		return
	}
	if w.page == pageHome || w.page == pageRenew { // there one thing is to be done
		if w.focus(w.primary); w.win.Canvas().Focused() != nil {
			return
		}
	}
	for _, c := range controls(w.win.Canvas()) {
		if id := c.ID(); c.Enabled() && id != "language" && !strings.HasPrefix(id, "nav.") {
			w.focus(id)
			return
		}
	}
}

// focusAgain finds the focus a place on a page that was drawn anew: on the control that has the name, else on what is to be done next where
// another page came or the start page has changed by itself. The wizard and the work with a card choose the place themselves.
func (w *Window) focusAgain(id, before string) {
	w.focus(id)
	if w.win.Canvas().Focused() != nil || w.page == pageWizard || w.page == pageJob {
		return
	}
	if w.drawn != before || w.page == pageHome {
		w.focusPage()
	}
}

// takeInHand lets no double click on the page that was here press something on the one that is drawn now.
func (w *Window) takeInHand() {
	var all []placed
	collect(w.win.Canvas().Content(), fyne.Position{}, 0, 0, &all)
	for _, c := range all {
		if x, ok := c.Control.(interface {
			HeldBy(*control.Hand, string)
		}); ok {
			x.HeldBy(&w.hand, w.drawn)
		}
	}
}

// later runs f on the window's goroutine after a while.
func (w *Window) later(after time.Duration, f func()) {
	time.AfterFunc(after, func() { w.post(f) })
}

// copyButton puts something on the clipboard and says so for a moment.
func (w *Window) copyButton(id, text string, weight control.Weight, content func() string) *control.Button {
	return w.copies.Button(id, text, w.T("copied"), weight, content)
}

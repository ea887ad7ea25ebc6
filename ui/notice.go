package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/control"
	"rekey/ui/look"
)

// notice is a failure or a success. It stands between the title and the page, where no turning of the page hides it, and goes with the page
// that it was said on.
type notice struct {
	page     string // it was said on; "" until it is drawn
	tone     control.Tone
	what, do string
	detail   string // technical, for support; "": there is none
	undo     func() // takes back what the notice tells of; nil: it stays
}

// outdated drops a notice when another page is about to be drawn.
func (w *Window) outdated(page string) {
	switch {
	case w.note == nil:
	case w.note.page == "":
		w.note.page = page
	case w.note.page != page:
		w.note = nil
	}
}

// head is what stays in sight above a page: its title and the notice.
func (w *Window) head(title string) fyne.CanvasObject {
	lines := []fyne.CanvasObject{w.titleRow(title)}
	if w.note != nil {
		lines = append(lines, w.note.object(w))
	}
	return look.Inset(18, 28, 12, 32, look.Column(12, lines...))
}

func (n *notice) object(w *Window) fyne.CanvasObject {
	buttons := n.copyButton(w)
	if n.undo != nil {
		buttons = append(buttons, control.NewButton("note.undo", w.T("case.undo"), theme.ContentUndoIcon(), control.Secondary, n.undo))
	}
	return control.Banner(n.tone, n.what, n.do, append(buttons, control.NewButton("note.close", w.T("close"), nil, control.Quiet, func() {
		w.note = nil
		w.show()
	}))...)
}

// plain is a notice that cannot be closed: it goes when its reason is gone.
func (n *notice) plain(w *Window) fyne.CanvasObject {
	return control.Banner(n.tone, n.what, n.do, n.copyButton(w)...)
}

// copyButton puts the technical words on the clipboard, for the office or the maker. There is none without such words.
func (n *notice) copyButton(w *Window) []fyne.CanvasObject {
	if n.detail == "" {
		return nil
	}
	return []fyne.CanvasObject{w.copyButton("note.copy", w.T("job.copy"), control.Quiet, func() string { return n.detail })}
}

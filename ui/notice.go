package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/control"
)

// notice is a failure or a success shown above a page until the page changes.
type notice struct {
	tone     control.Tone
	what, do string
	detail   string
	undo     func() // takes back what the notice tells of; nil: it stays
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
	return []fyne.CanvasObject{control.NewButton("note.copy", w.T("job.copy"), theme.ContentCopyIcon(), control.Quiet, func() {
		w.app.Clipboard().SetContent(n.detail)
	})}
}

package ui

import (
	"context"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/control"
)

// chooser is the system's own choice of a file or a folder. It begins near from, where the system lets it, and answers "" when the person
// gave none.
type chooser func(ctx context.Context, title, from string) (string, error)

// browseButton fills an entry with the path of a file that the person picks in the system's own choice; nil where the system has none.
func (w *Window) browseButton(id, title string, entry *control.Entry) fyne.CanvasObject {
	if w.pickFile == nil {
		return nil
	}
	return control.NewButton(id, w.T("browse"), theme.FolderOpenIcon(), control.Secondary, func() {
		from := nearby(entry.Text)
		work(w, func(ctx context.Context) (string, error) { return w.pickFile(ctx, title, from) }, func(path string, err error) {
			if err == nil && path != "" {
				entry.SetText(path)
			}
			w.report(err)
		})
	})
}

// nearby is the folder of what was typed, where there is one, else the person's own.
func nearby(typed string) string {
	dir := filepath.Dir(typed)
	if info, err := os.Stat(dir); filepath.IsAbs(typed) && err == nil && info.IsDir() {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return home
}

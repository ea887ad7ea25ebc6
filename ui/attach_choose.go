package ui

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/control"
	"rekey/ui/look"
)

// candidate is a file that could be a receipt or a scan.
type candidate struct {
	path string
	info fs.FileInfo
}

// maxCandidates is how many files are offered.
const maxCandidates = 500

// candidates lists PDF files and pictures in the folders where scans and downloads land, the newest first. It does not go into
// folders below them, and not to other drives.
func candidates(home string) []candidate {
	folders := []string{"Downloads", "Desktop", "Documents", "Scans", "Pictures", "."}
	var out []candidate
	for _, folder := range folders {
		files, err := os.ReadDir(filepath.Join(home, folder))
		if err != nil {
			continue
		}
		for _, f := range files {
			info, err := f.Info()
			switch strings.ToLower(filepath.Ext(f.Name())) {
			case ".pdf", ".png", ".jpg", ".jpeg":
				if err == nil && info.Mode().IsRegular() && info.Size() <= maxAttachment {
					out = append(out, candidate{filepath.Join(home, folder, f.Name()), info})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b candidate) int { return b.info.ModTime().Compare(a.info.ModTime()) })
	return out[:min(len(out), maxCandidates)]
}

// chooseFile is the way without a pointer: a list of the files that may be meant.
func (w *Window) chooseFile(caseID, kind string) {
	work(w, func(context.Context) ([]candidate, error) {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, err
		}
		return candidates(home), nil
	}, func(all []candidate, err error) {
		if err != nil {
			w.report(err)
			return
		}
		w.showCandidates(caseID, kind, all)
	})
}

func (w *Window) showCandidates(caseID, kind string, all []candidate) {
	at, typed := -1, ""
	shut := func() {
		w.dialog.Close()
		w.dialog = nil
	}
	take := func() {
		path := strings.TrimSpace(typed)
		if path == "" && at >= 0 {
			path = all[at].path
		}
		if path != "" {
			shut()
			w.attach(caseID, kind, []fyne.URI{storage.NewFileURI(path)})
		}
	}
	ok := control.NewButton("attach.ok", w.T("attach.ok"), theme.ConfirmIcon(), control.Primary, take)
	ok.Disable()
	whole := control.Small("") // of the marked file, whose name may be too long for its column
	list := control.NewDataList("attach.files", control.DataWords{Filter: w.T("documents.filter"), Nothing: w.T("attach.none"), Language: w.lang}, []control.Column{
		{ID: "name", Title: w.T("documents.file"), Share: 5, Text: func(i int) string { return all[i].info.Name() }},
		{ID: "folder", Title: w.T("attach.folder"), Share: 4, Text: func(i int) string { return filepath.Dir(all[i].path) }},
		{ID: "date", Title: w.T("documents.date"), Whole: true, Text: func(i int) string { return w.t.Recent(all[i].info.ModTime(), w.now()) },
			Key: func(i int) string { return all[i].info.ModTime().UTC().Format("20060102150405") }},
	}, len(all), func(row int) {
		at = row
		ok.Enable()
		whole.Set(all[row].path)
	}, func(row int) {
		at, typed = row, ""
		take()
	})
	cancel := control.NewButton("attach.cancel", w.T("cancel"), nil, control.Secondary, shut)
	path := control.NewEntry("attach.path", "", 1, func(s string) {
		typed = s
		if ok.Enable(); strings.TrimSpace(s) == "" && at < 0 {
			ok.Disable()
		}
	})
	title := w.T("attach.title", "kind", w.known("doc.", kind, kind))
	elsewhere := control.NewField(w.T("attach.path"), w.T("attach.path.hint"), false, path).With(w.browseButton("attach.browse", title, path))
	body := look.Column(10, control.Small(w.T("attach.list")), look.Fixed(0, 270, list.Container), look.Fixed(0, wholeRoom, whole), elsewhere.Container)
	w.dialog = control.ShowDialog(w.win.Canvas(), 760, title, body, cancel, ok, cancel)
	if w.focus("attach.files"); len(all) == 0 {
		w.focus("attach.path")
	}
}

// wholeRoom is two lines of small text: the dialog does not change its height with the length of a name.
const wholeRoom float32 = 36

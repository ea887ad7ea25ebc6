package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/ui/control"
	"rekey/ui/look"
)

// askPrint asks before many documents are printed. Where there is no printer it says so at once.
func (w *Window) askPrint(shown []filed) {
	var all []filed
	copies := 0
	for _, f := range shown {
		if printable(f.d) {
			f.copies = w.copiesOf(f.c, f.d)
			copies += f.copies
			all = append(all, f)
		}
	}
	work(w, func(context.Context) (string, error) { return w.printer() }, func(printer string, err error) {
		if err != nil || w.page != pageDocuments || w.dialogOpen() {
			w.report(err)
			return
		}
		facts := []fyne.CanvasObject{}
		if printer != "" {
			facts = append(facts, control.KeyValue(w.T("papers.printer"), printer))
		}
		facts = append(facts, control.KeyValue(w.T("papers.copies"), w.t.Number(copies)))
		body := []fyne.CanvasObject{look.Grid(2, 16, facts...)}
		if n := len(shown) - len(all); n > 0 {
			body = append(body, control.Small(w.T("papers.no-pdf", "n", n)))
		}
		w.askPapers(w.T("papers.print.ask", "n", len(all)), append(body, control.Small(w.T("papers.meanwhile"))), w.T("print"), theme.DocumentPrintIcon(), func() { w.startPapers(all, printer, "") })
	})
}

// askSave asks where many documents are to be saved.
func (w *Window) askSave(all []filed) {
	if w.saveTo == "" {
		if home, err := os.UserHomeDir(); err == nil {
			w.saveTo = filepath.Join(home, "Rekey", w.now().Format("2006-01-02"))
		}
	}
	entry := control.NewEntry("papers.dir", w.saveTo, 1, func(s string) { w.saveTo = s })
	field := control.NewField(w.T("papers.folder"), w.T("papers.folder.hint"), true, entry)
	body := []fyne.CanvasObject{field.Container}
	if w.browse != nil {
		title := w.T("papers.folder")
		body = append(body, look.Row(0, -1, control.NewButton("papers.browse", w.T("papers.browse"), theme.FolderOpenIcon(), control.Quiet, func() {
			from := w.saveTo
			work(w, func(ctx context.Context) (string, error) { return w.browse(ctx, title, from) }, func(path string, err error) {
				if err == nil && path != "" {
					entry.SetText(path)
				}
				w.report(err)
			})
		})))
	}
	body = append(body, control.Small(w.T("papers.meanwhile")))
	w.askPapers(w.T("papers.save.ask", "n", len(all)), body, w.T("papers.save.ok"), theme.DocumentSaveIcon(), func() {
		dir := strings.TrimSpace(w.saveTo)
		if !filepath.IsAbs(dir) {
			w.report(&app.Error{Op: "save documents", Kind: app.NoFolder})
			return
		}
		w.startPapers(all, "", filepath.Clean(dir))
	})
}

func (w *Window) dialogOpen() bool { return w.win.Canvas().Overlays().Top() != nil }

// askPapers asks one calm question.
func (w *Window) askPapers(title string, body []fyne.CanvasObject, word string, icon fyne.Resource, begin func()) {
	shut := func() {
		w.dialog.Close()
		w.dialog = nil
	}
	ok := control.NewButton("papers.ok", word, icon, control.Primary, func() {
		shut()
		begin()
	})
	cancel := control.NewButton("papers.cancel", w.T("cancel"), nil, control.Secondary, shut)
	w.dialog = control.ShowDialog(w.win.Canvas(), 560, title, look.Column(14, body...), nil, ok, cancel)
}

// askClose asks before the window is closed in the middle of the work.
func (w *Window) askClose() {
	if w.dialogOpen() {
		return
	}
	shut := func() {
		w.dialog.Close()
		w.dialog = nil
	}
	done, failed, _, _ := w.papers.count()
	keep := control.NewButton("close.keep", w.T("papers.close.keep"), nil, control.Primary, shut)
	yes := control.NewButton("close.yes", w.T("papers.close.yes"), nil, control.Secondary, func() {
		shut()
		w.papers.halt()
		w.win.Close()
	})
	w.dialog = control.ShowDialog(w.win.Canvas(), 520, w.T("papers.close.title"), control.Para(w.T("papers.close.text", "done", done+failed, "of", w.papers.of)), nil, keep, yes)
	w.dialog.Escape = keep
}

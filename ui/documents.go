package ui

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// filed is a document and the case that it belongs to.
type filed struct {
	c      cases.Case
	d      cases.Document
	copies int // known once it is to be printed
}

// allDocuments are the documents of all cases, the newest first.
func (w *Window) allDocuments() []filed {
	var out []filed
	for _, c := range slices.Backward(w.cases) {
		for _, d := range shownDocuments(c) {
			out = append(out, filed{c: c, d: d})
		}
	}
	return out
}

// documentsPage lists the documents of all cases. It fills the page and turns by itself; the buttons below are for the document that
// is marked.
func (w *Window) documentsPage() (list fyne.CanvasObject, buttons fyne.CanvasObject) {
	all := w.allDocuments()
	if len(all) == 0 {
		return nil, nil
	}
	open := control.NewButton("document.open", w.T("open"), theme.DocumentIcon(), control.Primary, func() { w.openDocument(all[w.marked].c.ID, all[w.marked].d) })
	print := control.NewButton("document.print", w.T("print"), theme.DocumentPrintIcon(), control.Secondary, func() { w.printDocument(all[w.marked].c, all[w.marked].d) })
	folder := control.NewButton("document.folder", w.T("documents.folder"), theme.FolderOpenIcon(), control.Quiet, func() { w.openFolder(all[w.marked].c.ID) })
	toCase := control.NewButton("document.case", w.T("home.case"), theme.HistoryIcon(), control.Quiet, func() { w.openCase(all[w.marked].c.ID) })
	mark := func(row int) {
		w.marked = row
		print.Disable()
		if printable(all[row].d) {
			print.Enable()
		}
	}
	name := func(i int) string { return w.known("doc.", all[i].d.Kind, all[i].d.Name) }
	l := control.NewDataList("documents", control.DataWords{Filter: w.T("documents.filter"), Nothing: w.T("documents.filter.none"), Language: w.lang}, []control.Column{
		{ID: "name", Title: w.T("documents.name"), Share: 5, Text: name},
		{ID: "file", Title: w.T("documents.file"), Share: 4, Text: func(i int) string { return all[i].d.Name }},
		{ID: "holder", Title: w.T("home.holder"), Share: 5, Text: func(i int) string { return all[i].c.Holder }},
		{ID: "date", Title: w.T("documents.date"), Whole: true, Text: func(i int) string { return w.t.ShortDate(all[i].d.At) },
			Key: func(i int) string { return all[i].d.At.UTC().Format("20060102150405") }},
	}, len(all), mark, func(row int) { w.openDocument(all[row].c.ID, all[row].d) })
	w.marked = min(w.marked, len(all)-1)
	l.Changed = func() {
		w.docView = l.View()
		rows := l.Shown()
		for _, b := range []*control.Button{open, print, folder, toCase} {
			if b.Enable(); len(rows) == 0 {
				b.Disable()
			}
		}
		if len(rows) > 0 {
			if !slices.Contains(rows, w.marked) { // the buttons are for a document that is seen
				w.marked = rows[0]
			}
			mark(w.marked)
			l.Pick(w.marked)
		}
		if w.papers == nil || !w.papers.running { // one such work after the other
			l.Beside(w.manyButtons(all, rows))
		}
	}
	l.Look(w.docView)
	l.Changed()
	buttons = foot(look.Row(10, 2, folder, toCase, look.Space(0, 0), print, open))
	if w.papers == nil {
		return l.Container, buttons
	}
	return look.Ends(look.Inset(0, 0, 10, 0, w.papers.strip()), l.Container, look.Space(0, 0)), buttons
}

// manyButtons are for all documents that the list shows, in its order.
func (w *Window) manyButtons(all []filed, rows []int) fyne.CanvasObject {
	shown := func() (out []filed) {
		for _, row := range rows {
			out = append(out, all[row])
		}
		return out
	}
	paper := 0
	for _, row := range rows {
		if printable(all[row].d) {
			paper++
		}
	}
	print := control.NewButton("documents.print", w.T("papers.print", "count", paper), theme.DocumentPrintIcon(), control.Quiet, func() { w.askPrint(shown()) })
	save := control.NewButton("documents.save", w.T("papers.save", "count", len(rows)), theme.DocumentSaveIcon(), control.Quiet, func() { w.askSave(shown()) })
	if paper == 0 {
		print.Disable()
	}
	if len(rows) == 0 {
		save.Disable()
	}
	return look.Row(4, -1, print, save)
}

// documentPanel lists the documents of a case with ways to open and print them.
func (w *Window) documentPanel(c cases.Case) fyne.CanvasObject {
	folder := control.NewButton("documents."+c.ID+".folder", w.T("documents.folder"), theme.FolderOpenIcon(), control.Quiet, func() { w.openFolder(c.ID) })
	lines := []fyne.CanvasObject{control.Head(w.T("page.documents"), folder)}
	for _, d := range shownDocuments(c) {
		row := []fyne.CanvasObject{control.Icon(theme.DocumentIcon(), look.Muted, 21), look.Column(0, control.Para(w.known("doc.", d.Kind, d.Name)), control.Small(d.Name))}
		if printable(d) {
			row = append(row, control.NewButton("document."+d.Kind+".print", "", theme.DocumentPrintIcon(), control.Quiet, func() { w.printDocument(c, d) }).Named(w.T("print")))
		}
		row = append(row, control.NewButton("document."+d.Kind+".open", w.T("open"), nil, control.Secondary, func() { w.openDocument(c.ID, d) }))
		lines = append(lines, look.Row(8, 1, row...))
	}
	if len(lines) == 1 {
		lines = append(lines, control.Small(w.T("documents.none")))
	}
	return control.Panel(lines...)
}

// printable says whether a document is for paper.
func printable(d cases.Document) bool { return strings.EqualFold(filepath.Ext(d.Name), ".pdf") }

// copiesOf is how many copies a document holds: a form is laid out in as many as the procedure wants, each with its number.
func (w *Window) copiesOf(c cases.Case, d cases.Document) int {
	p := w.procedures[c.Procedure]
	form, further := strings.CutPrefix(d.Kind, app.DocForm)
	own := d.Kind == central.DocApplication || d.Kind == central.DocApplicationSigned
	if p == nil || !further && !own {
		return 1
	}
	r, _ := p.Reason(c.Reason)
	route, _ := r.Route(c.Route)
	if own {
		form = route.Form
	}
	return p.CopiesOf(route, form)
}

// shownDocuments are the newest of each kind, without what Rekey keeps for itself.
func shownDocuments(c cases.Case) []cases.Document {
	var out []cases.Document
	for _, d := range slices.Backward(c.Documents) {
		own := d.Name == "current.cer"
		several := d.Kind == central.DocReceipt || d.Kind == central.DocScan
		if !own && (several || !slices.ContainsFunc(out, func(x cases.Document) bool { return x.Kind == d.Kind })) {
			out = append(out, d)
		}
	}
	slices.Reverse(out)
	return out
}

func (w *Window) openFolder(caseID string) {
	w.withFiles(caseID, func(paths []string) {
		if len(paths) > 0 {
			w.report(w.open(filepath.Dir(paths[0])))
		}
	})
}

func (w *Window) openDocument(caseID string, d cases.Document) {
	w.withFile(caseID, d, func(path string) { w.report(w.open(path)) })
}

// printDocument sends a document to the printer, with all the copies that it holds.
// Where nothing here prints, the system's viewer is opened instead.
func (w *Window) printDocument(c cases.Case, d cases.Document) {
	copies := w.copiesOf(c, d)
	w.withFile(c.ID, d, func(path string) {
		work(w, func(context.Context) (bool, error) {
			printed, err := w.print(path, copies)
			if err == nil && !printed {
				err = w.open(path)
			}
			return printed, err
		}, func(printed bool, err error) {
			if err != nil {
				w.report(err)
				return
			}
			w.note = &notice{tone: control.Fine, what: w.T("print.sent", "n", copies)}
			if !printed {
				w.note = &notice{tone: control.Info, what: w.T("print.shown", "n", copies)}
			}
			w.show()
		})
	})
}

// mayPrint says whether paper is still wanted in a case.
func mayPrint(c cases.Case) bool { return c.Has(procedure.Print) || c.Has(procedure.SignPaper) }

// withFile writes a case's documents to the disk and goes on with the one that is wanted, or with its folder.
func (w *Window) withFile(caseID string, d cases.Document, then func(path string)) {
	w.withFiles(caseID, func(paths []string) {
		for _, p := range paths {
			if filepath.Base(p) == d.Name {
				then(p)
				return
			}
		}
		if len(paths) > 0 {
			w.report(w.open(filepath.Dir(paths[0])))
		}
	})
}

func (w *Window) withFiles(caseID string, then func(paths []string)) {
	work(w, func(context.Context) ([]string, error) { return w.desk.Export(caseID) }, func(paths []string, err error) {
		w.report(err)
		if err == nil {
			w.files[caseID] = paths
			then(paths)
		}
	})
}

package ui

import (
	"errors"
	"path/filepath"

	"rekey/app"
)

// paperPages shows the pages of many documents: the list, both questions, the work, its end with failures, and the question at closing.
func paperPages(s *stage, d *fakeDesk, look func(name string)) {
	s.t.Helper()
	kept, print, printer := d.kept, s.print, s.printer
	d.kept = paperCases(60)
	s.saveTo = "/home/ayse/Rekey/2026-11-21"
	s.tap("nav.documents")
	s.write("documents.filter", "form")
	look("50-documents")
	s.tap("documents.save")
	look("51-papers-save")
	s.tap("papers.cancel")
	s.write("documents.filter", "")
	s.tap("documents.print")
	look("52-papers-print")
	at, on := make(chan struct{}), make(chan struct{})
	n := 0
	s.print = func(path string, _ int) (bool, error) {
		switch n++; {
		case n == 40:
			close(at)
			<-on
		case filepath.Base(path) == formName(50), filepath.Base(path) == formName(44):
			return false, &app.Error{Op: "print", Kind: printRefused, Err: errors.New("paper jam")}
		}
		return true, nil
	}
	s.press("papers.ok", func() bool { return s.papers != nil })
	<-at
	s.papers.refresh()
	look("53-papers-work")
	s.closing()
	look("54-papers-close")
	s.press("close.keep", func() bool { return !s.dialogOpen() })
	s.press("nav.documents", func() bool { return s.page == pageDocuments && !s.looking })
	look("55-documents-work")
	s.press("papers.show", func() bool { return s.page == pagePapers })
	s.press("papers.stop", func() bool { return s.papers.halted })
	look("56-papers-stopping")
	close(on)
	s.ended()
	look("57-papers-done")
	s.tap("nav.documents")
	look("58-documents-done")
	s.tap("papers.show")
	s.printer = func() (string, error) {
		return "", &app.Error{Op: "find printer", Kind: noPrinter, Err: errors.New("no system default destination")}
	}
	s.press("papers.again", func() bool { return !s.papers.running })
	look("59-papers-fatal")
	s.printer = printer
	s.press("papers.again", func() bool { return !s.papers.running })
	s.ended()
	s.tap("papers.back")
	d.kept, s.print, s.marked = kept, print, 0
	s.tap("nav.home")
}

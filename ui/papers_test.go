package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
)

// clerk is a desk with many cases.
func clerk(t *testing.T, n int) *fakeDesk {
	d := newFake(t)
	d.kept = paperCases(n)
	return d
}

// paperCases are cases with a form on paper each, and every fourth with a payment note that is no PDF.
func paperCases(n int) (out []cases.Case) {
	for i := range n {
		c := cases.Case{ID: fmt.Sprintf("case-%04d", i), Procedure: "tr-kamusm-nes", Reason: "renewal", Route: "paper", Holder: fmt.Sprintf("Ayşe ÇAĞLAR %04d", i), CreatedAt: fakeNow.Add(time.Duration(i) * time.Minute)}
		c.Documents = []cases.Document{{Kind: central.DocApplication, Name: formName(i), At: c.CreatedAt}}
		if i%4 == 0 {
			c.Documents = append(c.Documents, cases.Document{Kind: "payment-text", Name: "payment.csv", At: c.CreatedAt})
		}
		out = append(out, c)
	}
	return out
}

// formName names the form of a case: form-aaa.pdf, form-aab.pdf …
func formName(i int) string {
	return "form-" + string([]byte{'a' + byte(i/676%26), 'a' + byte(i/26%26), 'a' + byte(i%26)}) + ".pdf"
}

// ended lets the work go on to its end.
func (s *stage) ended() {
	s.t.Helper()
	s.until("end of the work", func() bool { return !s.papers.running && s.busy == 0 })
}

// printedNames are the files that went to the printer, in order.
func (s *stage) printedNames() (out []string) {
	for _, line := range s.printed {
		name, _, _ := strings.Cut(line, " ×")
		out = append(out, name)
	}
	return out
}

// A thousand forms go into a folder, one after the other; the work has a number, and its end says what there is.
func TestSavesAThousand(t *testing.T) {
	d := clerk(t, 1000)
	s := open(t, d, "en", "light")
	dir := filepath.Join(t.TempDir(), "new", "folder")
	s.tap("nav.documents")
	if got := s.find("documents.save").Caption(); !strings.Contains(got, "(1250)") {
		t.Errorf("the button says %q", got)
	}
	s.tap("documents.save")
	s.write("papers.dir", dir)
	s.press("papers.ok", func() bool { return !s.papers.running })
	s.rest()
	s.onPage("papers.done")
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1250 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder %v, %v", info.Mode(), err)
	}
	if got := s.papers.outcome(); got != "1250 documents were saved." {
		t.Errorf("outcome %q", got)
	}
	s.tap("papers.folder")
	if !slices.Equal(s.opened, []string{dir}) {
		t.Errorf("opened %v", s.opened)
	}
	s.tap("papers.back")
	if s.papers != nil || s.page != pageDocuments {
		t.Errorf("page %s", s.page)
	}
}

// What the filter shows is printed, in the order of the list, each in its own number of copies; the filter is still there afterwards.
func TestPrintsWhatIsShown(t *testing.T) {
	s := open(t, clerk(t, 40), "en", "light")
	s.tap("nav.documents")
	s.write("documents.filter", "nobody")
	for _, id := range []string{"documents.print", "documents.save", "document.open", "document.print"} {
		if s.find(id).Enabled() {
			t.Errorf("%s can be used for nothing", id)
		}
	}
	s.write("documents.filter", "çağlar 001")
	s.tap("documents.sort.holder")
	if got := s.find("documents.print").Caption(); !strings.Contains(got, "(11)") {
		t.Errorf("the button says %q", got)
	}
	s.win.Canvas().Focus(s.find("documents"))
	s.key(fyne.KeyHome)
	s.tap("documents.print")
	if !s.told("Adana_2") || !s.told("22") { // two copies of each
		t.Error("the question names no printer or no number of copies")
	}
	if !s.told(s.T("papers.no-pdf", "n", 2)) {
		t.Error("nothing is said about the two files that are no PDF")
	}
	s.press("papers.ok", func() bool { return !s.papers.running })
	s.rest()
	want := []string{formName(1) + " ×2"}
	for i := 10; i < 20; i++ {
		want = append(want, formName(i)+" ×2")
	}
	if !slices.Equal(s.printed, want) {
		t.Errorf("printed %v, want %v", s.printed, want)
	}
	s.tap("papers.back")
	if got := s.find("documents.filter").Caption(); got != "çağlar 001" {
		t.Errorf("the filter is %q", got)
	}
	if y := s.find("documents").(interface{ GetScrollOffset() float32 }).GetScrollOffset(); y != 0 {
		t.Errorf("the first row is %v out of sight", y)
	}
	if got := s.find("documents.print").Caption(); !strings.Contains(got, "(11)") {
		t.Errorf("after coming back the button says %q", got)
	}
}

// While a document is with the printer other pages open, the side bar counts, and the work stops after it when that is wanted; what was
// not begun is gone on with later.
func TestPapersStopInTheMiddle(t *testing.T) {
	s := open(t, clerk(t, 60), "en", "light")
	at, on := make(chan struct{}), make(chan struct{})
	n, hold, quick := 0, true, s.print
	s.print = func(path string, copies int) (bool, error) {
		if n++; hold && n == 37 {
			close(at)
			<-on
		}
		return quick(path, copies)
	}
	s.tap("nav.documents")
	s.tap("documents.print")
	s.press("papers.ok", func() bool { return s.papers != nil })
	<-at
	s.until("the page counts", func() bool { return s.told("36 of 60") })
	s.press("nav.home", func() bool { return s.page == pageHome && !s.looking })
	if !s.told(s.T("percent", "n", 60)) {
		t.Errorf("the side bar does not say how far it is")
	}
	s.press("nav.settings", func() bool { return s.page == pageSettings })
	s.press("nav.documents", func() bool { return s.page == pageDocuments })
	if s.has("documents.print") || s.has("documents.save") || !s.told("36 of 60") {
		t.Error("a second work could be begun, or the page does not count")
	}
	s.press("papers.show", func() bool { return s.page == pagePapers })
	s.press("papers.stop", func() bool { return s.told(s.T("papers.stopping")) })
	hold = false
	close(on)
	s.ended()
	s.onPage("papers.done")
	if len(s.printed) != 37 || !s.told("37 documents were sent to the printer. 23 were not started.") {
		t.Errorf("%d printed, %s", len(s.printed), s.papers.outcome())
	}
	s.press("papers.again", func() bool { return !s.papers.running })
	if names := s.printedNames(); len(names) != 60 || len(slices.Compact(slices.Sorted(slices.Values(names)))) != 60 {
		t.Errorf("%d printed", len(names))
	}
}

// A folder that cannot be had, and a full disk, stop the work at once; what cannot be read is left out.
func TestPapersFolder(t *testing.T) {
	d := clerk(t, 8)
	s := open(t, d, "en", "light")
	s.tap("nav.documents")
	for _, bad := range []string{"relative", filepath.Join(d.dir, "file", "below")} {
		if err := os.WriteFile(filepath.Join(d.dir, "file"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		s.tap("documents.save")
		s.write("papers.dir", bad)
		s.tap("papers.ok")
		if !s.told(s.T("error.no-folder.what")) {
			t.Errorf("%s: page %s", bad, s.pageName())
		}
		s.papers = nil
		s.tap("nav.documents")
	}
	var mu sync.Mutex
	tried := 0
	d.saving = func(id string, _ cases.Document) error {
		mu.Lock()
		defer mu.Unlock()
		if tried++; tried == 3 {
			return &app.Error{Op: "save document", Kind: app.DiskFull}
		}
		return nil
	}
	s.browse = nil
	s.tap("documents.save")
	s.write("papers.dir", filepath.Join(d.dir, "out"))
	s.press("papers.ok", func() bool { return !s.papers.running })
	s.rest()
	if done, _, left, _ := s.papers.count(); tried != 3 || done != 2 || left != 8 || !s.told(s.T("error.disk-full.what")) {
		t.Errorf("tried %d: %s", tried, s.papers.outcome())
	}
}

// The end of long work is told where the person is; closing the window in the middle asks first, and waits for the document at hand.
func TestPapersEndIsTold(t *testing.T) {
	s := open(t, clerk(t, 3), "en", "light")
	now := fakeNow
	s.now = func() time.Time { return now }
	at, on := make(chan struct{}), make(chan struct{})
	quick := s.print
	s.print = func(path string, copies int) (bool, error) {
		if filepath.Base(path) == formName(1) {
			close(at)
			<-on
		}
		return quick(path, copies)
	}
	s.tap("nav.documents")
	s.tap("documents.print")
	s.press("papers.ok", func() bool { return s.papers != nil })
	<-at
	s.press("nav.home", func() bool { return s.page == pageHome && !s.looking })
	s.closing()
	s.closing() // once is enough
	if !s.told(s.T("papers.close.text", "done", 1, "of", 3)) {
		t.Error("closing does not ask")
	}
	s.press("close.keep", func() bool { return !s.dialogOpen() })
	now = now.Add(time.Minute)
	test.AssertNotificationSent(t, fyne.NewNotification("Rekey", "3 documents were sent to the printer."), func() {
		close(on)
		s.ended()
	})
	if s.page != pageHome {
		t.Errorf("page %s", s.page)
	}
	s.press("nav.documents", func() bool { return s.page == pageDocuments && s.busy == 0 })
	if !s.told("3 documents were sent to the printer.") {
		t.Error("the page of the documents does not say what came of it")
	}
}

// Closing waits for the document at hand, and nothing is begun after it.
func TestPapersEndWithTheWindow(t *testing.T) {
	s := open(t, clerk(t, 30), "en", "light")
	at, on, last := make(chan struct{}), make(chan struct{}), ""
	s.print = func(path string, copies int) (bool, error) {
		if last == "" {
			close(at)
			<-on
		}
		last = filepath.Base(path)
		return true, nil
	}
	s.tap("nav.documents")
	s.tap("documents.print")
	s.press("papers.ok", func() bool { return s.papers != nil })
	<-at
	closed := make(chan struct{})
	go func() {
		s.stop()
		close(closed)
	}()
	<-s.ctx.Done()
	close(on)
	<-closed
	<-s.papers.gone
	if last != formName(29) {
		t.Errorf("the last one was %q", last)
	}
}

// told says whether words stand on the page.
func (s *stage) told(words string) bool {
	tree := s.win.Canvas().Content()
	if top := s.win.Canvas().Overlays().Top(); top != nil {
		tree = top
	}
	return slices.ContainsFunc(textsOf(tree, fyne.Position{}, false), func(d drawn) bool { return strings.Contains(d.text.String(), words) })
}

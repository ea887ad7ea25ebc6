package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
	"rekey/ui"
)

// signed brings the doctor's renewal to its end at the window: the office has the case.
func signed(t *testing.T) *scene {
	t.Helper()
	s := newScene(t, stage.Doctor())
	s.open()
	s.must(s.wizard(s.ctx, s.w))
	s.answer(s.person.PIN)
	s.page("job.done", "done")
	s.arrives()
	return s
}

// openCase opens the only case.
func (s *scene) openCase() {
	s.t.Helper()
	s.must(s.w.clickTo(s.ctx, "nav.cases", "cases"))
	m, err := s.w.wait(s.ctx, "the case's row", func(m ui.Map) bool { return rowOf(m) != "" })
	s.must(err)
	s.must(s.w.clickTo(s.ctx, rowOf(m), "case"))
}

func rowOf(m ui.Map) string {
	for _, c := range m.Controls {
		if c.Kind == "row" {
			return c.ID
		}
	}
	return ""
}

// A scan is let go over its place on the case's page by another program (XDND). It arrives at the office, byte for byte; what is no PDF and
// no picture is refused with a sentence.
func TestFileIsDroppedOnACase(t *testing.T) {
	s := signed(t)
	s.openCase()
	scan := []byte("%PDF-1.7\n% a scan of the signed form\n%%EOF\n")
	s.drop("attach.scan", "Tarama 1 – Çağlar.pdf", scan)
	sum := sha256.Sum256(scan)
	want := central.Document{Kind: central.DocScan, Name: "Tarama 1 – Çağlar.pdf", SHA256: hex.EncodeToString(sum[:]), Size: int64(len(scan))}
	for !slices.Contains(s.holds(central.StateReceived).Documents, want) {
		select {
		case <-s.ctx.Done():
			s.must(fmt.Errorf("the office has not got %+v; it has %+v", want, s.holds(central.StateReceived).Documents))
		case <-time.After(100 * time.Millisecond):
		}
	}
	s.must(s.w.picture("dropped"))
	before := len(s.holds(central.StateReceived).Documents)
	s.drop("attach.receipt", "dekont.pdf", []byte("<html>no receipt</html>"))
	_, err := s.w.control(s.ctx, "note.copy")
	s.must(err)
	s.must(s.w.picture("refused"))
	if after := len(s.holds(central.StateReceived).Documents); after != before {
		t.Errorf("%d documents, before %d", after, before)
	}
	s.close()
}

// drop drags a file onto the middle of a control and lets it go.
func (s *scene) drop(id, name string, data []byte) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), name)
	s.must(os.WriteFile(path, data, 0o600))
	c, err := s.w.reach(s.ctx, id)
	s.must(err)
	place, err := s.w.x("mousemove", "--window", s.w.id, strconv.Itoa(c.X+c.W/2), strconv.Itoa(c.Y+c.H/2), "getmouselocation", "--shell")
	s.must(err)
	at := map[string]string{}
	for line := range strings.Lines(place) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		at[key] = value
	}
	cmd := exec.CommandContext(s.ctx, "/usr/bin/python3", "testdata/drop.py", s.w.id, at["X"], at["Y"], path)
	cmd.Env = s.screen.env()
	if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "taken" {
		s.must(fmt.Errorf("drop %s: %w: %s", name, err, out))
	}
}

// The form goes straight to the default printer of a real CUPS. Its file holds the two copies that the procedure wants, so it goes there once;
// a printer that prints on both sides must not put the two on one sheet.
func TestFormIsPrinted(t *testing.T) {
	s := newScene(t, stage.Doctor())
	p := openPrinter(t)
	s.screen.more = append(s.screen.more, "CUPS_SERVER="+p.socket)
	s.open()
	s.must(s.wizard(s.ctx, s.w))
	s.answer(s.person.PIN)
	s.page("job.done", "done")
	s.openCase()
	s.must(s.w.click(s.ctx, "document."+central.DocApplication+".print"))
	_, err := s.w.control(s.ctx, "note.close")
	s.must(err)
	s.must(s.w.picture("printed"))
	s.close()
	s.must(s.collect())
	job := p.next(s.ctx)
	form, err := os.ReadFile(s.out + "/application.pdf")
	s.must(err)
	if job.copies != 1 || job.title != "Rekey" || string(job.data) != string(form) {
		t.Errorf("printed %d times %d bytes under the title %q, want once %d", job.copies, len(job.data), job.title, len(form))
	}
	if !strings.Contains(job.options, "sides=one-sided") {
		t.Errorf("printed with the options %q", job.options)
	}
	out, err := exec.CommandContext(s.ctx, "pdftotext", s.out+"/application.pdf", "-").Output()
	s.must(err)
	for _, mark := range []string{"1. nüsha / 2", "2. nüsha / 2"} {
		if n := strings.Count(string(out), mark); n != 1 {
			t.Errorf("%q is printed %d times", mark, n)
		}
	}
}

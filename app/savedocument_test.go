package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
)

// written is a case whose form has been made.
func (d *desk) written() (cases.Case, cases.Document) {
	d.t.Helper()
	draft, err := d.NewDraft(d.t.Context(), d.fingerprint, "generic", "renewal")
	if err == nil {
		draft.Route = "paper"
		err = d.FillIn(&draft, map[string]string{"email": "kisi@kurum.example"})
	}
	if err != nil {
		d.t.Fatal(err)
	}
	c, err := d.Start(draft)
	if err != nil {
		d.t.Fatal(err)
	}
	c = d.run(c.ID, "")
	form, ok := c.Document(central.DocApplication)
	if !ok {
		d.t.Fatalf("no form: %v", c.Steps)
	}
	if c, err = d.Cancel(c.ID); err != nil { // so that the next one can be begun
		d.t.Fatal(err)
	}
	return c, form
}

// A document outside of its case's folder tells holder and case, belongs to its owner alone, and takes nobody's place.
func TestSaveDocument(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	one, form := d.written()
	two, other := d.written()
	dir := filepath.Join(t.TempDir(), "new", "folder")
	if err := d.OpenFolder(dir); err != nil {
		t.Fatal(err)
	}
	save := func(c cases.Case, x cases.Document) string {
		t.Helper()
		path, err := d.SaveDocument(c.ID, x, dir)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	first, second := save(one, form), save(two, other)
	if first == second {
		t.Errorf("two cases have one file %s", first)
	}
	for _, word := range []string{one.Holder, one.Reason, one.ID[len(one.ID)-6:], form.Name} {
		if !strings.Contains(filepath.Base(first), word) {
			t.Errorf("%s does not tell %q", first, word)
		}
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, first: 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if again := save(one, form); again != first {
		t.Errorf("the same document has a second file %s", again)
	}
	// What somebody else has put there, under the same name: a file, a folder, a link to nowhere.
	own, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	stem := strings.TrimSuffix(first, ".pdf")
	for _, err := range []error{os.WriteFile(first, []byte("old"), 0o600), os.Mkdir(stem+" (2).pdf", 0o700), os.Symlink("nowhere", stem+" (3).pdf")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	fourth := save(one, form)
	now, err := os.ReadFile(fourth)
	if fourth != stem+" (4).pdf" || err != nil || !bytes.Equal(now, own) {
		t.Errorf("written to %s, %v", fourth, err)
	}
	if old, err := os.ReadFile(first); err != nil || string(old) != "old" {
		t.Errorf("the old file is %q, %v", old, err)
	}
	if path, err := d.SaveDocument(one.ID, form, ""); err != nil || filepath.Base(path) != form.Name {
		t.Errorf("in its own folder: %s, %v", path, err)
	}
	form.SHA256 = strings.Repeat("0", 64)
	_, err = d.SaveDocument(one.ID, form, dir)
	wantKind(t, err, app.NotFound)
	wantKind(t, d.OpenFolder("relative"), app.NoFolder)
	wantKind(t, d.OpenFolder(filepath.Join(second, "below")), app.NoFolder)
}

// Many real forms go into one folder, each under a name of its own. With REKEY_BENCH set they are a thousand, and the time is told.
func TestSavesManyForms(t *testing.T) {
	n := 12
	if os.Getenv("REKEY_BENCH") != "" {
		n = 1000
	}
	d := newDesk(t, stage.Head(), 40, "")
	began := time.Now()
	for range n {
		d.written()
	}
	t.Logf("%d forms made in %v", n, time.Since(began))
	all, err := d.Cases()
	if err != nil {
		t.Fatal(err)
	}
	dir, names, size := filepath.Join(t.TempDir(), "out"), map[string]bool{}, int64(0)
	began = time.Now()
	for _, c := range all {
		form, _ := c.Document(central.DocApplication)
		path, err := d.SaveDocument(c.ID, form, dir)
		if err != nil {
			t.Fatal(err)
		}
		names[path], size = true, size+form.Size
	}
	t.Logf("%d forms, %d kB, saved in %v", n, size>>10, time.Since(began))
	if files, err := os.ReadDir(dir); err != nil || len(files) != n || len(names) != n {
		t.Errorf("%d files, %d names, want %d: %v", len(files), len(names), n, err)
	}
}

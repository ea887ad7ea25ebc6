package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
	"rekey/store"
)

const wrongPIN = "000111"

// spy finds OpenSC's module that writes down every call and passes it on.
func spy(t *testing.T) string {
	t.Helper()
	for _, pattern := range []string{"/usr/lib/*/pkcs11-spy.so", "/usr/lib/*/pkcs11/pkcs11-spy.so", "/usr/lib64/pkcs11-spy.so", "/usr/lib/pkcs11-spy.so"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[0]
		}
	}
	t.Fatal("pkcs11-spy.so is not installed (Debian: apt-get install opensc-pkcs11)")
	return ""
}

func TestWrongPINReachesTheCardOnce(t *testing.T) {
	w := newWorld(t, stage.Head())
	log := filepath.Join(w.dir, "spy.log")
	t.Setenv("PKCS11SPY", w.card.Module)
	t.Setenv("PKCS11SPY_OUTPUT", log)
	w.card.Module = spy(t)
	logins := func() int {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		_ = os.Truncate(log, 0)
		return strings.Count(string(text), "C_Login")
	}
	out := filepath.Join(w.dir, "out")
	r := w.must(4, wrongPIN+"\n"+w.person.PIN+"\n", w.renew(out)...)
	if n := logins(); n != 1 {
		t.Errorf("C_Login was called %d times", n)
	}
	if !strings.Contains(r.err, "This PIN was wrong.") {
		t.Errorf("says %s", r.err)
	}
	id := decode[[]struct{ ID string }](t, w.must(0, "", "cases", "--json").out)[0].ID
	for name, row := range map[string]struct{ pins, says string }{
		"no line":    {"", "no PIN on the standard input"},
		"empty line": {"\n", "too short or too long"},
		"too short":  {"1\n", "too short or too long"},
		"endless":    {strings.Repeat("1", 5000) + "\n", "longer than any PIN"},
	} {
		if r := w.must(4, row.pins, "renew", "--case", id); !strings.Contains(r.err, row.says) {
			t.Errorf("%s: %s", name, r.err)
		}
		if n := logins(); n != 0 {
			t.Errorf("%s: C_Login was called %d times", name, n)
		}
	}
	r2 := w.must(0, w.person.PIN+"\r\n", "renew", "--case", id, "--out", out)
	if n := logins(); n != 1 || len(w.oneCase().Documents) != 2 {
		t.Errorf("C_Login was called %d times", n)
	}
	for _, text := range []string{r.out, r.err, r2.out, r2.err, readAll(t, filepath.Join(w.dir, "store")), readAll(t, out)} {
		if strings.Contains(text, wrongPIN) || strings.Contains(text, w.person.PIN) {
			t.Errorf("a PIN is in %.200q", text)
		}
	}
}

// readAll gives the bytes of every file below dir.
func readAll(t *testing.T, dir string) string {
	t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestNoNetworkAndBack(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	w.office.Stop()
	out := filepath.Join(w.dir, "out")
	r := w.must(5, w.person.PIN+"\n", append(w.renew(out), "--json")...)
	if !decode[struct{ Waiting bool }](t, r.out).Waiting {
		t.Errorf("says %s", r.out)
	}
	for _, name := range []string{"application.pdf", "application-signed.pdf", "payment.pdf", "payment.txt"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
	w.must(5, "", "sync")
	if err := w.office.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := w.must(0, "", "sync"); !strings.Contains(r.out, "sent 1, fetched 0, waiting 0") {
		t.Errorf("says %s", r.out)
	}
	w.must(0, "", "sync")
	w.oneCase()
}

func TestWrongDetailsBeginNothing(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	good, err := os.ReadFile(w.card.Details)
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct{ text, says string }{
		"wrong number":  {string(good) + "national_id: \"10000000147\"\n", "national_id: "},
		"another one":   {string(good) + "national_id: \"19191919190\"\n", "national_id: differs from the certificate (10000000146)"},
		"a field twice": {string(good) + "phone: 1\n", "stands here twice"},
		"unknown field": {string(good) + "height: 2\n", `no field "height"`},
		"no YAML":       {"{", "line"},
	} {
		if err := os.WriteFile(w.card.Details, []byte(row.text), 0o600); err != nil {
			t.Fatal(err)
		}
		r := w.must(1, w.person.PIN+"\n", w.renew(filepath.Join(w.dir, "out"))...)
		if !strings.Contains(r.err, row.says) {
			t.Errorf("%s: %s", name, r.err)
		}
		if list := decode[[]any](t, w.must(0, "", "cases", "--json").out); len(list) > 0 {
			t.Errorf("%s: a case was begun", name)
		}
	}
}

func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	start := time.Now()
	r := alone(t, "--store", dir, "cases")
	if r.status != 1 || !strings.Contains(r.err, "Rekey is already open.") || time.Since(start) > 10*time.Second {
		t.Errorf("exit status %d after %v: %s", r.status, time.Since(start), r.err)
	}
}

func TestReturnedCaseIsCorrected(t *testing.T) {
	w := newWorld(t, stage.Head())
	out := filepath.Join(w.dir, "out")
	w.must(0, w.person.PIN+"\n", w.renew(out)...)
	c := w.oneCase()
	details := filepath.Join(w.dir, "mended.yaml")
	if err := os.WriteFile(details, []byte("phone: +7 800 000-00-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := w.must(1, "", "renew", "--case", c.ID, "--details", details); !strings.Contains(r.err, "only a case that the office has returned") {
		t.Errorf("says %s", r.err)
	}
	w.officeSays("return", c.ID, "--why", "Телефон не отвечает")
	w.must(0, "", "sync")
	if r := w.must(0, "", "cases", c.ID); !strings.Contains(r.out, "office: Returned Телефон не отвечает") || !strings.Contains(r.out, "[failed] office: approve") {
		t.Errorf("says %s", r.out)
	}
	w.must(0, w.person.PIN+"\n", "renew", "--case", c.ID, "--details", details, "--out", out)
	if got := w.oneCase(); got.State != central.StateReceived || got.Details["phone"] != "+78000000001" || len(got.Documents) != 2 {
		t.Errorf("the office holds %+v", got)
	}
	for _, name := range []string{"request.p10", "request (2).p10", "application.pdf", "application (2).pdf"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
}

// The office is killed, not stopped, after it has taken the case in.
func TestKilledOffice(t *testing.T) {
	w := newWorld(t, stage.Head())
	w.must(0, w.person.PIN+"\n", w.renew(filepath.Join(w.dir, "out"))...)
	c := w.oneCase()
	w.officeSays("approve", c.ID)
	w.office.Kill()
	w.must(5, "", "sync")
	if err := w.office.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := w.must(0, "", "sync"); !strings.Contains(r.out, "fetched 1") || w.oneCase().State != central.StateApproved {
		t.Errorf("says %s", r.out)
	}
}

// What scripts read: the names in the JSON answers.
func TestJSONNames(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	const caseNames = "card created_at current_sha256 documents documents.kind documents.name documents.sha256 documents.size holder id procedure reason route steps steps.at steps.id steps.note steps.state steps.what steps.who"
	plain := func(prefix, names string) string { return prefix + strings.ReplaceAll(names, " ", " "+prefix) }
	open := strings.Replace(caseNames, "card ", "card closed ", 1)
	r := w.must(0, w.person.PIN+"\n", append(w.renew(filepath.Join(w.dir, "out")), "--json")...)
	wantNames(t, "renew", r.out, "case "+plain("case.", open)+" files waiting")
	wantNames(t, "cases", w.must(0, "", "cases", "--json").out, open)
	wantNames(t, "cases ID", w.must(0, "", "cases", w.oneCase().ID[:13], "--json").out, open)
	wantNames(t, "sync", w.must(0, "", "sync", "--json").out, "pulled sent waiting")
	wantNames(t, "certificates", w.must(0, "", "certificates", "--json").out,
		"card card_label days_left fingerprint_sha256 holder issuer key key_on_card procedure purpose qualified reader serial state valid_from valid_until")
	wantNames(t, "readers", w.must(0, "", "readers", "--json").out, "first_failing found layers layers.facts layers.facts.name layers.facts.value layers.layer layers.state modules modules.path problems readers readers.card readers.card.blank readers.card.label "+
		"readers.card.manufacturer readers.card.model readers.card.pin_count_low readers.card.pin_final_try readers.card.pin_locked readers.card.pin_max readers.card.pin_min "+
		"readers.card.pin_pad readers.card.serial readers.module readers.name")
	wantNames(t, "an error", w.must(1, "", "cases", "nothing", "--json").err, "detail do error kind status")
	wantNames(t, "check", w.must(0, "", "check", "tckn", "10000000146", "--json").out, "kind ok value warnings")
	wantNames(t, "choose", w.must(0, w.person.PIN+"\n", "choose", w.card.Fingerprint, "--json").out, "current_sha256")
}

// A step on paper is ticked off by its name; the others are not.
func TestStepsDoneOnPaper(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	w.must(0, w.person.PIN+"\n", w.renew(filepath.Join(w.dir, "out"))...)
	id := w.oneCase().ID
	for _, step := range []string{"approve", "approval", "sign", "e-sign", "nothing"} {
		w.must(1, "", "cases", id, "--done", step)
	}
	if r := w.must(0, "", "cases", id, "--done", "pay"); !strings.Contains(r.out, "[done] holder: pay") {
		t.Errorf("says %s", r.out)
	}
	w.must(1, "", "cases", id, "--done", "pay")
}

// A case that was begun goes on after the program was killed at work.
func TestKilledAtWork(t *testing.T) {
	w := newWorld(t, stage.Head())
	cmd := exec.Command(filepath.Join(bin, "rekey"), append([]string{"--store", filepath.Join(w.dir, "store"), "--module", w.card.Module, "--pin-stdin"}, w.renew(filepath.Join(w.dir, "out"))...)...)
	stdin, err := cmd.StdinPipe() // never written to: it waits for the PIN
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 5)
	if _, err := stdout.Read(line); err != nil || string(line) != "case " {
		t.Errorf("%v: %q", err, line)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) {
		t.Errorf("ended with %v", err)
	}
	id := decode[[]struct{ ID string }](t, w.must(0, "", "cases", "--json").out)[0].ID
	w.must(0, w.person.PIN+"\n", "renew", "--case", id)
	w.oneCase()
}

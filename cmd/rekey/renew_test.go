package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
)

// bin is the folder of the programs under test.
var bin string

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	bin = os.Getenv("REKEY_BIN")
	if bin == "" {
		dir, err := os.MkdirTemp("", "rekey-bin")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		build := exec.Command("go", "build", "-trimpath", "-tags", "x11,gles,migrated_fynedo", "-o", dir+"/", "./cmd/...")
		build.Dir = "../.."
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
			return 1
		}
		bin = dir
	}
	return m.Run()
}

// world is an office and one person's card, store and commands.
type world struct {
	t      *testing.T
	dir    string
	office *stage.Office
	person stage.Person
	card   stage.Card
}

func newWorld(t *testing.T, p stage.Person) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), person: p}
	w.office = stage.NewOffice(bin, filepath.Join(w.dir, "office"))
	if err := w.office.Prepare(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := w.office.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.office.Stop)
	t.Setenv("SOFTHSM2_CONF", "") // restored after the test; MakeCard sets it
	var err error
	if w.card, err = stage.MakeCard(t.Context(), filepath.Join(bin, "rekey"), filepath.Join(w.dir, p.Name), p, w.office); err != nil {
		t.Fatal(err)
	}
	return w
}

type result struct {
	out, err string
	status   int
}

// rekey runs the program; the PIN lines go to its standard input.
func (w *world) rekey(pins string, args ...string) result {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 60*time.Second)
	defer cancel()
	if w.card.Module != "" {
		args = append([]string{"--module", w.card.Module}, args...)
	}
	args = append([]string{"--store", filepath.Join(w.dir, "store"), "--central", w.office.URL, "--lang", "en", "--pin-stdin", "--no-keyring"}, args...)
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "rekey"), args...)
	cmd.Env = append(os.Environ(), "SOFTHSM2_CONF="+w.card.Conf)
	cmd.Stdin = strings.NewReader(pins)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	_ = cmd.Run()
	return result{out.String(), errOut.String(), cmd.ProcessState.ExitCode()}
}

// must runs the program and wants this exit status.
func (w *world) must(status int, pins string, args ...string) result {
	w.t.Helper()
	r := w.rekey(pins, args...)
	if r.status != status {
		w.t.Fatalf("rekey %s: exit status %d, want %d\n%s%s", strings.Join(args, " "), r.status, status, r.out, r.err)
	}
	return r
}

func (w *world) renew(out string) []string {
	return []string{"renew", "--card", w.card.Serial, "--certificate", w.card.Fingerprint, "--procedure", w.person.Procedure, "--reason", "renewal",
		"--route", w.person.Route, "--details", w.card.Details, "--out", out}
}

func (w *world) officeSays(args ...string) {
	w.t.Helper()
	if _, err := w.office.Command(args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) oneCase() central.Case {
	w.t.Helper()
	all, err := w.office.Cases()
	if err != nil {
		w.t.Fatal(err)
	}
	if len(all) != 1 {
		w.t.Fatalf("the office holds %d cases, want 1", len(all))
	}
	return all[0]
}

// judge runs a program that is not ours and wants this in its answer.
func judge(t *testing.T, want string, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	if !strings.Contains(string(out), want) {
		t.Errorf("%s %s does not say %q:\n%s", name, strings.Join(args, " "), want, out)
	}
	return string(out)
}

func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return v
}

func TestDoctorSendsASignedForm(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	out := filepath.Join(w.dir, "out")
	w.must(0, w.person.PIN+"\n", w.renew(out)...)

	signed := filepath.Join(out, "application-signed.pdf")
	judge(t, "Signature is Valid", "pdfsig", "-nocert", signed)
	judge(t, "Total document signed", "pdfsig", "-nocert", signed)
	for _, name := range []string{"application.pdf", "application-signed.pdf", "payment.pdf"} {
		judge(t, "No syntax or stream encoding errors", "qpdf", "--check", filepath.Join(out, name))
	}
	judge(t, "Pages:           2", "pdfinfo", filepath.Join(out, "application.pdf"))
	text := judge(t, "10000000146", "pdftotext", "-layout", signed, "-")
	for _, want := range []string{"AYŞE GÜL", "ÇAĞLAYANÖRNEK", "Iğdır", "Başvuru Formu ve Taahhütnamesi"} {
		if !strings.Contains(text, want) {
			t.Errorf("the form does not say %q", want)
		}
	}
	note, err := os.ReadFile(filepath.Join(out, "payment.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"AYŞE GÜL-ÇAĞLAYANÖRNEK-10000000146/ AÇIKLAMA = NES 3 YILLIK BAŞVURUSU", "TR78 0001 0012 3138 0704 4450 01", "112,10"} {
		if !strings.Contains(string(note), want) {
			t.Errorf("payment.txt does not say %q:\n%s", want, note)
		}
	}

	c := w.oneCase()
	kinds := ""
	for _, d := range c.Documents {
		kinds += d.Kind + " "
	}
	if c.State != central.StateReceived || kinds != "application application-signed " {
		t.Errorf("the office holds %s: %s", c.State, kinds)
	}
	w.officeSays("approve", c.ID)
	w.must(0, "", "sync")
	if r := w.must(0, "", "cases", c.ID); !strings.Contains(r.out, "[done] office: approve") {
		t.Errorf("after approval: %s", r.out)
	}
}

func TestHeadGetsANewKeyAndChoosesIt(t *testing.T) {
	w := newWorld(t, stage.Head())
	out := filepath.Join(w.dir, "out")
	r := w.must(0, w.person.PIN+"\n", append(w.renew(out), "--json")...)
	renewed := decode[struct{ Case struct{ ID string } }](t, r.out)
	judge(t, "verify OK", "openssl", "req", "-engine", "gost", "-verify", "-noout", "-in", filepath.Join(out, "request.p10"))
	judge(t, "Щукина", "pdftotext", filepath.Join(out, "application.pdf"), "-")
	judge(t, "Pages:           1", "pdfinfo", filepath.Join(out, "application.pdf"))

	c := w.oneCase()
	w.officeSays("approve", c.ID)
	w.officeSays("issue", c.ID)
	w.must(0, w.person.PIN+"\n", "renew", "--case", renewed.Case.ID, "--out", out)
	certificate := filepath.Join(out, "certificate.pem")
	judge(t, "OK", "openssl", "verify", "-engine", "gost", "-CAfile", w.office.CA(), certificate)

	type entry struct {
		State, Fingerprint string
		Sha                string `json:"fingerprint_sha256"`
		OnCard             string `json:"key_on_card"`
	}
	list := decode[[]entry](t, w.must(0, "", "certificates", "--json").out)
	if len(list) != 2 {
		t.Fatalf("%d certificates on the card, want the old and the new one", len(list))
	}
	var fresh string
	for _, e := range list {
		if e.State == "new" {
			fresh = e.Sha
		} else if e.State != "current" || e.Sha != w.card.Fingerprint {
			t.Errorf("unexpected certificate: %+v", e)
		}
	}
	w.must(0, "", "choose", fresh)
	for _, e := range decode[[]entry](t, w.must(0, "", "certificates", "--json").out) {
		if e.State == "current" && e.Sha != fresh {
			t.Errorf("current is %s, want %s", e.Sha, fresh)
		}
	}
	objects := judge(t, "Private Key Object", "pkcs11-tool", "--module", w.card.Module, "-O", "-l", "--pin", w.person.PIN)
	if n := strings.Count(objects, "Private Key Object"); n != 2 {
		t.Errorf("%d private keys on the card, want 2:\n%s", n, objects)
	}
	if n := strings.Count(objects, "Certificate Object"); n != 2 {
		t.Errorf("%d certificates on the card, want 2", n)
	}
}

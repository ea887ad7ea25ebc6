package endure

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
	"rekey/store"
)

// silent is a person with a card, the programs, and everything that they have written.
type silent struct {
	t      *testing.T
	dir    string
	server *server
	person stage.Person
	card   stage.Card
	quiet  texts // where nothing personal may stand
	spoken texts // where the person reads of itself: only PINs and keys may not stand there
	runs   int
}

func (w *silent) rekey(address string, want int, pins string, args ...string) string {
	w.t.Helper()
	args = append([]string{"--module", w.card.Module, "--store", filepath.Join(w.dir, "store"), "--central", address, "--documents", filepath.Join(w.dir, "documents"), "--lang", "en", "--pin-stdin", "--no-keyring"}, args...)
	cmd := exec.Command(program(w.t, "rekey"), args...)
	cmd.Env = w.env()
	cmd.Stdin = strings.NewReader(pins)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	_ = cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != want {
		w.t.Fatalf("rekey %q: exit status %d, want %d\n%s%s", args, got, want, &out, &errOut)
	}
	w.runs++
	w.spoken[fmt.Sprint("output ", w.runs, " of rekey ", w.person.Name)] = out.Bytes()
	w.quiet[fmt.Sprint("errors ", w.runs, " of rekey ", w.person.Name)] = errOut.Bytes()
	return out.String() + errOut.String()
}

func (w *silent) env() []string {
	home := filepath.Join(w.dir, "home")
	return append(os.Environ(), w.card.Env(), "HOME="+home, "TMPDIR="+filepath.Join(w.dir, "tmp"), "XDG_CONFIG_HOME="+home, "XDG_STATE_HOME="+home, "XDG_CACHE_HOME="+home)
}

func (w *silent) renew() []string {
	return []string{"renew", "--card", w.card.Serial, "--certificate", w.card.Fingerprint, "--procedure", w.person.Procedure, "--reason", "renewal",
		"--route", w.person.Route, "--details", w.card.Details, "--out", filepath.Join(w.dir, "out")}
}

func newSilent(t *testing.T, s *server, p stage.Person) *silent {
	t.Helper()
	w := &silent{t: t, dir: filepath.Join(t.TempDir(), p.Name), server: s, person: p, quiet: texts{}, spoken: texts{}}
	for _, dir := range []string{"home", "tmp"} {
		if err := os.MkdirAll(filepath.Join(w.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if w.card, err = stage.NewCard(t.Context(), program(t, "rekey"), filepath.Join(w.dir, "person"), p, stage.NewOffice(filepath.Dir(program(t, "rekey-central")), s.dir)); err != nil {
		t.Fatal(err)
	}
	return w
}

// whole goes through a renewal with everything that can go wrong: wrong PIN, office away, office that refuses, case returned.
func (w *silent) whole(returned map[string]string) {
	const wrong = "864201"
	s := w.server
	w.rekey(s.url, 4, wrong+"\n", w.renew()...)
	id := w.id()
	s.kill()
	w.rekey(s.url, 5, w.person.PIN+"\n", "renew", "--case", id)
	w.rekey(s.url, 5, "", "sync")
	s.start()
	refusing := newProxy(w.t, s.url)
	refusing.spoils(func(a http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		answer(500, central.MediaProblem, `{"title":"no","status":500,"detail":"not now"}`).write(a)
		return true
	})
	w.rekey(refusing.url, 1, "", "sync")
	w.rekey(s.url, 0, "", "sync")
	s.ask("POST", "/v1/cases/"+id+"/return", central.Return{Why: "The stamp is missing"})
	w.rekey(s.url, 0, "", "sync")
	mended := filepath.Join(w.dir, "person", "mended.yaml")
	text := ""
	for name, value := range returned {
		text += fmt.Sprintf("%s: %q\n", name, value)
	}
	if err := os.WriteFile(mended, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.rekey(s.url, 0, w.person.PIN+"\n", "renew", "--case", id, "--details", mended, "--out", filepath.Join(w.dir, "out"))
	s.ask("POST", "/v1/cases/"+id+"/approve", nil)
	w.rekey(s.url, 0, "", "sync")
	for _, args := range [][]string{{"cases"}, {"cases", id, "--json"}, {"certificates"}, {"store", "check"}, {"store", "backup"}} {
		w.rekey(s.url, 0, "", args...)
	}
	w.quiet["report for support "+w.person.Name] = []byte(w.rekey(s.url, 0, "", "readers", "--report"))
}

// id is the person's case.
func (w *silent) id() string {
	w.t.Helper()
	state := readStore(w.t, filepath.Join(w.dir, "store"))
	if len(state.cases) != 1 {
		w.t.Fatalf("%d cases in the store", len(state.cases))
	}
	return state.cases[0].ID
}

// refused hands in a case that the office does not take.
func (w *silent) refused() {
	p := newProxy(w.t, w.server.url)
	p.spoils(func(a http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		answer(422, central.MediaProblem, `{"type":"about:blank","title":"no","status":422,"detail":"this route is closed"}`).write(a)
		return true
	})
	if text := w.rekey(p.url, 1, w.person.PIN+"\n", w.renew()...); !strings.Contains(text, "this route is closed") {
		w.t.Errorf("a refusal is not told: %s", text)
	}
	w.rekey(w.server.url, 0, "", "cases")
}

// keys are what proves somebody: they stand nowhere but in their own files.
func (w *silent) keys() []secret {
	out := []secret{newSecret(w.person.Name+" PIN", w.person.PIN), newSecret("wrong PIN", "864201"), newSecret("security officer's PIN", "87654321")}
	kept, err := store.OpenWith(filepath.Join(w.dir, "store"), store.Options{NoBackup: true})
	if err != nil {
		w.t.Fatal(err)
	}
	defer kept.Close()
	err = kept.View(func(tx *store.Tx) error {
		key, err := store.Get[string](tx, store.Settings, "client-key")
		out = append(out, newSecret("client's key", key))
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(w.dir, "store", "rekey.key"))
	if err != nil {
		w.t.Fatal(err)
	}
	officer, err := os.ReadFile(filepath.Join(w.server.dir, "office.key"))
	if err != nil {
		w.t.Fatal(err)
	}
	return append(out, newSecret("store's key", string(bytes.TrimSpace(file))), newSecret("officer's key", string(bytes.TrimSpace(officer))))
}

// collect adds what lies on the disks after the run.
func (w *silent) collect() {
	w.quiet.folder(w.t, filepath.Join(w.dir, "store"), func(path string) bool { return filepath.Base(path) == "rekey.key" })
	w.quiet.folder(w.t, filepath.Join(w.dir, "home"), func(string) bool { return false })
	w.quiet.folder(w.t, filepath.Join(w.dir, "tmp"), func(string) bool { return false })
	for _, dir := range []string{"store", "out", "tmp"} { // in the home folder lie other programs' caches
		if _, err := os.Stat(filepath.Join(w.dir, dir)); err == nil {
			modes(w.t, filepath.Join(w.dir, dir))
		}
	}
}

// A doctor's and a head's renewal with the programs themselves, on cards of SoftHSM, with all that can go wrong. No log, no error
// text, no crash file, no report for support and no file of the store holds a name, a number, an address, a PIN or a key.
func TestNothingPersonalIsTold(t *testing.T) {
	s := newServer(t)
	doctor, head := newSilent(t, s, stage.Doctor()), newSilent(t, s, stage.Head())
	doctor.whole(map[string]string{"phone": "0532 000 00 01"})
	head.whole(map[string]string{"phone": "+7 800 000-00-01"})
	s.ask("POST", "/v1/cases/"+head.id()+"/issue", nil)
	head.rekey(s.url, 0, head.person.PIN+"\n", "renew", "--case", head.id(), "--out", filepath.Join(head.dir, "out"))
	refused := newSilent(t, s, stage.Head())
	refused.refused()
	crashed(t, doctor)
	quiet, spoken := texts{"audit list": s.ask("GET", "/v1/audit?limit=200", nil), "metrics": s.ask("GET", "/v1/metrics", nil)}, texts{}
	s.stop()
	quiet["log of the office"] = s.log.Bytes()
	secrets := []secret{newSecret("corrected phone", "+78000000001"), newSecret("corrected phone", "05320000001")}
	var keys []secret
	for _, w := range []*silent{doctor, head, refused} {
		w.collect()
		secrets, keys = append(secrets, personal(w.person)...), append(keys, w.keys()...)
		for place, text := range w.quiet {
			quiet[place] = text
		}
		for place, text := range w.spoken {
			spoken[place] = text
		}
	}
	// Of the office's folder the database, the documents and the certificates are its business; all else is to be silent.
	quiet.folder(t, s.dir, func(path string) bool {
		in, _ := filepath.Rel(s.dir, path)
		top, _, _ := strings.Cut(in, string(filepath.Separator))
		return slices.Contains([]string{"central.db", "documents", "ca", "tls", "office.key"}, top)
	})
	modes(t, s.dir)
	if len(quiet) < 40 || len(s.log.Bytes()) < 5000 {
		t.Errorf("only %d places were looked at, and %d bytes of the office's log", len(quiet), s.log.Len())
	}
	for _, at := range quiet.found(append(secrets, keys...)) {
		t.Errorf("told in %s", at)
	}
	for _, at := range spoken.found(keys) {
		t.Errorf("told in %s", at)
	}
	// The proof that the search can fail: each secret, planted in each of its forms, is found.
	for _, one := range append(secrets, keys...) {
		for _, form := range one.forms {
			planted := texts{"planted": slices.Concat(s.log.Bytes(), []byte("time=12 msg=\""), form, []byte("\" status=200\n"))}
			if len(planted.found([]secret{one})) != 1 {
				t.Errorf("a planted %s is not found as %.10q…", one.what, form)
			}
		}
	}
	t.Logf("%d places and %d outputs, %d secrets", len(quiet), len(spoken), len(secrets)+len(keys))
}

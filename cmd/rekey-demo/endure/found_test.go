package endure

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rekey/app/cases"
	"rekey/store"
)

// moment is where a kill fell, by what was found afterwards in the store and at the office.
type moment string

const (
	before    moment = "before anything is sent"
	uploading moment = "during the upload"
	between   moment = "between the documents and the case"
	unknown   moment = "after the server committed and before the client knew"
	addition  moment = "while a later document goes out"
	quiet     moment = "when all was done"
)

// state is what the client's store holds.
type state struct {
	cases   []cases.Case
	waiting map[string]bool // cases with something in the outbox
}

// look opens the store of a client that was killed, which is also the proof that it opens.
func (k *rounds) look() state { return readStore(k.t, filepath.Join(k.job.Dir, "store")) }

func readStore(t testing.TB, dir string) state {
	t.Helper()
	s := state{waiting: map[string]bool{}}
	if _, err := os.Stat(dir); err != nil {
		return s
	}
	kept, err := store.OpenWith(dir, store.Options{NoBackup: true})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	err = kept.View(func(tx *store.Tx) error {
		err := store.Each(tx, store.Cases, "", func(_ string, c cases.Case) error { s.cases = append(s.cases, c); return nil })
		if err != nil {
			return err
		}
		return store.Each(tx, store.Outbox, "", func(_ string, w struct {
			Case string `json:"case"`
		}) error {
			s.waiting[w.Case] = true
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(s.cases, func(a, b cases.Case) int { return strings.Compare(a.Details["email"], b.Details["email"]) })
	return s
}

// copied looks at a copy of the store of a client that stands still.
func (k *rounds) copied() state {
	k.t.Helper()
	dir := filepath.Join(k.t.TempDir(), "store")
	if err := os.Mkdir(dir, 0o700); err != nil {
		k.t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	entries, err := os.ReadDir(filepath.Join(k.job.Dir, "store"))
	if err != nil && !os.IsNotExist(err) {
		k.t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || strings.Contains(e.Name(), "backup") {
			continue
		}
		from := filepath.Join(k.job.Dir, "store", e.Name())
		if out, err := exec.Command("cp", "--sparse=always", from, dir).CombinedOutput(); err != nil {
			k.t.Fatalf("%v: %s", err, out)
		}
	}
	return readStore(k.t, dir)
}

// found tells by the newest case where the kill fell.
func (k *rounds) found(s state) moment {
	if len(s.cases) == 0 {
		return before
	}
	at := map[string]int{} // documents of a case at the office
	for _, c := range k.server.cases() {
		at[c.ID] = len(c.Documents)
	}
	out := before
	for _, c := range s.cases {
		p := newPlan(k.job.Seed, number(c))
		documents, arrived := at[c.ID]
		switch {
		case !s.waiting[c.ID]:
			if complete(c, p) {
				out = quiet
			} else {
				out = before
			}
			continue
		case arrived && documents == 1+len(p.papers()), arrived && len(p.later) > 0 && !hasKinds(c, p.later):
			return unknown
		case arrived:
			return addition
		}
		here := 0
		for _, d := range c.Documents {
			if k.server.has(d.SHA256) {
				here++
			}
		}
		if here == len(c.Documents) {
			return between
		}
		return uploading
	}
	return out
}

func hasKinds(c cases.Case, list []paper) bool {
	return !slices.ContainsFunc(list, func(p paper) bool { _, there := c.Document(p.kind); return !there })
}

// number is the plan's, from the case.
func number(c cases.Case) int {
	n := -1
	_, _ = fmt.Sscanf(c.Details["email"], "holder-%03d@", &n)
	return n
}

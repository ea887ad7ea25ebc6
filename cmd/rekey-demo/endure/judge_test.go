package endure

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/store"
)

// judge compares what the office holds with what was to be handed in, and looks at both folders. The client is closed; every case
// is approved at the office, and the client has not heard of all yet.
func judge(t *testing.T, s *server, j job, n int) {
	t.Helper()
	d, err := openDesk(j.Dir, s.url, func(o *app.Options) { o.Now = func() time.Time { return time.Now().Add(j.Skew + 24*365*time.Hour) } })
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r, err := d.Sync(t.Context()); err != nil || r.Waiting != 0 || r.Sent != 0 {
			t.Errorf("a quiet exchange: %+v, %v", r, err)
		}
	}
	for i := range n {
		decidedOnce(t, d, newPlan(j.Seed, i))
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	holds(t, s, j, n)
	receiptsOnce(t, s, j, n)
	storeClean(t, filepath.Join(j.Dir, "store"))
	modes(t, j.Dir)
	s.stop()
	dataClean(t, s)
}

func decidedOnce(t *testing.T, d *desk, p plan) {
	t.Helper()
	c, found, err := d.find(p)
	if err != nil || !found || !complete(c, p) || c.Office != central.StateApproved {
		t.Errorf("case %d: found %v, %v, %s", p.number, found, err, c.Office)
		return
	}
	events, err := d.Events(c.ID)
	if err != nil {
		t.Error(err)
	}
	decisions := 0
	for _, e := range events {
		if e.Kind == cases.Decided {
			decisions++
		}
		if e.Kind == cases.Refused {
			t.Errorf("case %d was refused: %s", p.number, e.Why)
		}
	}
	if decisions != 1 {
		t.Errorf("case %d: the office's approval was taken %d times", p.number, decisions)
	}
}

// holds wants each planned case once at the office, with exactly its documents, byte for byte.
func holds(t *testing.T, s *server, j job, n int) {
	t.Helper()
	all := s.cases()
	if len(all) != n {
		t.Errorf("the office holds %d cases, want %d", len(all), n)
	}
	byEmail, ids := map[string]central.Case{}, map[string]bool{}
	for _, c := range all {
		if _, twice := byEmail[c.Details["email"]]; twice || ids[c.ID] {
			t.Errorf("twice: %s", c.Details["email"])
		}
		byEmail[c.Details["email"]], ids[c.ID] = c, true
	}
	for _, kept := range readStore(t, filepath.Join(j.Dir, "store")).cases {
		p := newPlan(j.Seed, number(kept))
		c, there := byEmail[p.email()]
		if !there || c.ID != kept.ID || c.State != central.StateApproved {
			t.Errorf("case %d: the office has %q %q, the client %q", p.number, c.ID, c.State, kept.ID)
			continue
		}
		form, _ := kept.Document(central.DocApplication)
		want := map[string]string{central.DocApplication: form.SHA256}
		for _, d := range p.papers() {
			want[d.kind] = d.sum()
		}
		got := map[string]string{}
		for _, d := range c.Documents {
			if _, twice := got[d.Kind]; twice {
				t.Errorf("case %d has %s twice", p.number, d.Kind)
			}
			got[d.Kind] = d.SHA256
			data := s.ask("GET", "/v1/documents/"+d.SHA256, nil)
			if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != d.SHA256 || int64(len(data)) != d.Size {
				t.Errorf("case %d: %s came back as %d other bytes", p.number, d.Kind, len(data))
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("case %d: documents %v, want %v", p.number, got, want)
		}
	}
}

// receiptsOnce wants one receipt at the office for each that was attached.
func receiptsOnce(t *testing.T, s *server, j job, n int) {
	t.Helper()
	count := map[string]int{}
	for after := ""; ; {
		var page central.Page[central.Receipt]
		if err := json.Unmarshal(s.ask("GET", "/v1/receipts?limit=100"+after, nil), &page); err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Items {
			count[r.SHA256]++
		}
		if page.Next == "" {
			break
		}
		after = "&after=" + url.QueryEscape(page.Next)
	}
	want := 0
	for i := range n {
		for _, p := range newPlan(j.Seed, i).later {
			if p.kind == central.DocReceipt {
				if want++; count[p.sum()] != 1 {
					t.Errorf("case %d: the office has its receipt %d times", i, count[p.sum()])
				}
			}
		}
	}
	if len(count) != want || want == 0 {
		t.Errorf("the office has %d receipts, want %d", len(count), want)
	}
}

// storeWhole has the package check the store: clean, with nothing in the outbox.
func storeWhole(t testing.TB, dir string) {
	t.Helper()
	kept, err := store.OpenWith(dir, store.Options{NoBackup: true})
	if err != nil {
		t.Fatal(err)
	}
	report, err := kept.Check()
	if err != nil || !report.Clean() || report.Values[store.Outbox] != 0 || report.Values[store.Drafts] != 0 {
		t.Errorf("store check: %v, %+v", err, report)
	}
	if err := kept.Close(); err != nil {
		t.Error(err)
	}
}

// storeClean asks the program too.
func storeClean(t testing.TB, dir string) {
	t.Helper()
	storeWhole(t, dir)
	if out, err := exec.Command(program(t, "rekey"), "--store", dir, "--no-keyring", "store", "check").CombinedOutput(); err != nil {
		t.Errorf("rekey store check: %v\n%s", err, out)
	}
}

var hashName = regexp.MustCompile(`([0-9a-f]{64})$`)

// dataClean looks at the folder of a server that has stopped: every document is what its name says, nothing half is left, and
// the pages of the database are whole.
func dataClean(t *testing.T, s *server) {
	t.Helper()
	modes(t, s.dir)
	if bytes.Contains(s.log.Bytes(), []byte("panic")) {
		t.Errorf("the server's log: %.2000s", s.log.String())
	}
	path := filepath.Join(s.dir, "central.db")
	if _, err := os.Stat(path); err != nil {
		return // PostgreSQL has it all and looks after itself
	}
	documents := 0
	err := filepath.WalkDir(filepath.Join(s.dir, "documents"), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name := hashName.FindString(strings.ReplaceAll(path, string(filepath.Separator), ""))
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(data); name != hex.EncodeToString(sum[:]) {
			t.Errorf("%s holds %d bytes of something else", path, len(data))
		}
		documents++
		return nil
	})
	if err != nil || documents == 0 {
		t.Errorf("%d documents: %v", documents, err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Errorf("central.db: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

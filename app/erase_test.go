package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app"
	"rekey/cmd/rekey-demo/stage"
	"rekey/store"
)

func TestErasedPersonIsGoneAndTheOtherStays(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 20, "http://127.0.0.1:1")
	c := d.begin()
	d.run(c.ID, "")
	d.Close()
	neighbour(t, d)
	d.open()
	before, err := d.People("ornek")
	if err != nil || len(before) != 1 || before[0].Key != c.HolderKey || before[0].Cases != 1 {
		t.Fatalf("%+v, %v", before, err)
	}
	e, err := d.Erase(c.HolderKey)
	if err != nil {
		t.Fatal(err)
	}
	if e.Removed[store.Cases] != 1 || e.Removed[store.Events] < 3 || e.Removed[store.Documents] < 2 || e.Removed[store.Outbox] != len(e.Waiting) || len(e.Waiting) != 1 || e.Shared != 1 {
		t.Errorf("%+v", e)
	}
	if box := d.outbox(); box.Detail != "" {
		t.Errorf("still says of the last failure: %s", box.Detail)
	}
	if _, err := d.Erase(c.HolderKey); app.KindOf(err) != app.NotFound {
		t.Errorf("erased twice: %v", err)
	}
	if all, err := d.Cases(); err != nil || len(all) != 1 || all[0].ID != "neighbour" {
		t.Errorf("cases %+v, %v", all, err)
	}
	d.Close()
	s, err := store.Open(filepath.Join(d.dir, "store"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if r, err := s.Check(); err != nil || !r.Clean() {
		t.Errorf("%+v, %v", r.Problems, err)
	}
	raw, err := os.ReadFile(filepath.Join(d.dir, "store", "rekey.db"))
	if err != nil || bytes.Contains(raw, []byte(c.ID)) {
		t.Errorf("the ID of the case is still in the file: %v", err)
	}
	for _, b := range store.Backups(s.Dir()) {
		raw, err := os.ReadFile(b.File)
		if err != nil || bytes.Contains(raw, []byte(c.ID)) {
			t.Errorf("the ID of the case is still in %s: %v", b.File, err)
		}
	}
}

// neighbour puts another person's case into the store, which needs one of the documents of the first.
func neighbour(t *testing.T, d *desk) {
	t.Helper()
	s, err := store.Open(filepath.Join(d.dir, "store"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Update(func(tx *store.Tx) error {
		var shared string
		_ = store.Each(tx, store.Cases, "", func(_ string, c map[string]any) error {
			shared = c["documents"].([]any)[0].(map[string]any)["sha256"].(string)
			return nil
		})
		return store.Put(tx, store.Cases, "neighbour", map[string]any{"id": "neighbour", "holder": "Başka Biri", "holder_key": strings.Repeat("ab", 32),
			"documents": []map[string]string{{"sha256": shared}}})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Backup(""); err != nil {
		t.Fatal(err)
	}
}

func TestErasedDraft(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 20, "")
	draft := d.draft()
	if err := d.SaveDraft(draft); err != nil {
		t.Fatal(err)
	}
	people, err := d.People("draft/" + draft.ID)
	if err != nil || len(people) != 1 {
		t.Fatalf("%+v, %v", people, err)
	}
	e, err := d.Erase(people[0].Key)
	if err != nil || e.Removed[store.Drafts] != 1 {
		t.Fatalf("%+v, %v", e, err)
	}
	if _, there := d.OpenDraft(); there {
		t.Error("the draft is still there")
	}
}

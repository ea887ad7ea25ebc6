package store_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"rekey/store"
)

// second copies the store that a program of schema 2 wrote, with a case in its outbox (testdata/schema2, an invented person).
func second(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "schema2"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// What a program of schema 2 left in the outbox has the kind and the body of today, and nothing of it is lost.
func TestMigrationFromSchema2GivesTheOutboxItsKinds(t *testing.T) {
	s := open(t, second(t))
	if r := clean(t, s); r.Schema != 3 || r.Values[store.Outbox] != 1 || r.Values[store.Cases] != 1 || r.Values[store.Documents] < 3 {
		t.Fatalf("%+v", r)
	}
	err := s.View(func(tx *store.Tx) error {
		return store.Each(tx, store.Outbox, "", func(_ string, v map[string]json.RawMessage) error {
			var body struct {
				ID        string
				Documents []struct{ SHA256 string }
			}
			if err := json.Unmarshal(v["body"], &body); err != nil {
				return err
			}
			if string(v["kind"]) != `"case"` || v["submission"] != nil || string(v["case"]) != `"`+body.ID+`"` || len(v["key"]) < 20 || len(v["since"]) < 20 || len(body.Documents) != 2 {
				t.Errorf("%s: %s", v["kind"], v["body"])
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A document that something in the outbox speaks of is missed, whatever the kind.
func TestCheckLooksIntoTheOutbox(t *testing.T) {
	for name, body := range map[string]string{"a photo": `{"sha256":"ff00"}`, "a certificate": `{"document":"ff00"}`, "an addition": `{"documents":[{"sha256":"ff00"}]}`} {
		s := open(t, t.TempDir())
		if err := s.Update(func(tx *store.Tx) error {
			return store.Put(tx, store.Outbox, "1", map[string]any{"kind": name, "key": "k", "body": json.RawMessage(body)})
		}); err != nil {
			t.Fatal(err)
		}
		if r, err := s.Check(); err != nil || len(r.Problems) != 1 {
			t.Errorf("%s: %v, %+v", name, err, r.Problems)
		}
	}
}

package office

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/officetest"
)

// oldFolder unpacks a folder that the program of schema 1 wrote: six cases of two clients in turns, all but the first approved, the
// third issued. The documents had the texts "request 0" to "request 5" and "request 2!".
func oldFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	packed, err := os.Open(filepath.Join("testdata", "schema1.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	in, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	var content bytes.Buffer
	if _, err := content.ReadFrom(in); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{database: content.Bytes()}
	for _, text := range []string{"request 0", "request 1", "request 2", "request 3", "request 4", "request 5", "request 2!"} {
		sum := officetest.Sum([]byte(text))
		files[filepath.Join("documents", sum[:2], sum[2:])] = []byte(text)
	}
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFolderOfSchema1(t *testing.T) {
	dir := oldFolder(t)
	for range 2 { // and what has been brought to schema 2 stays as it is
		o, err := Open(t.Context(), Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		for who, want := range map[Caller][]int{client: {9, 7, 5}, other: {8, 6, 4}, officer: {9, 8, 7, 6, 5, 4}} {
			if got := listed(t, o, who, 2); !slices.Equal(got, want) {
				t.Errorf("%s sees %v, want %v", who.Account, got, want)
			}
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
	}
	o, err := Open(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	page, err := o.Changes(t.Context(), client, 0)
	if err != nil || len(page.Changes) != 3 || page.Changes[1].State != central.StateIssued {
		t.Errorf("%v %+v", err, page)
	}
	if text, err := o.Content(t.Context(), page.Changes[1].Documents[0].SHA256); err != nil || string(text) != "request 2!" {
		t.Errorf("%q %v", text, err)
	}
	old, err := o.Case(t.Context(), client, "01890000-0000-7000-8000-000000000009")
	if err != nil {
		t.Fatal(err)
	}
	again, err := o.Submit(t.Context(), client, "k-"+old.ID, 77, old.Submission) // the answer of then, with its own version
	if err != nil || !again.Created || again.Case.Version != 1 {
		t.Errorf("%v %+v", err, again)
	}
	next := submit(t, o, client, submission(t, sent(t, o, client, central.DocRequest, "new")))
	list, err := o.Cases(t.Context(), client, "5", "", 5)
	if err != nil || len(list.Cases) != 1 || list.Cases[0].ID != next.Case.ID {
		t.Errorf("%v %+v", err, list)
	}
}

func TestSchemaOfAnotherProgram(t *testing.T) {
	o, dir := openIn(t, "")
	if err := o.db.Update(context.Background(), func(tx data.Tx) error { return tx.Put(data.Meta, []byte("schema"), data.Number(3)) }); err != nil {
		t.Fatal(err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if o, err := Open(t.Context(), Config{Dir: dir}); err == nil || !strings.Contains(err.Error(), "schema 3") {
		t.Errorf("got %v", err)
		if err == nil {
			o.Close()
		}
	}
}

// listed walks the list in pages and gives the last digits of the IDs.
func listed(t *testing.T, o *Office, who Caller, limit int) (digits []int) {
	t.Helper()
	for after := ""; ; {
		list, err := o.Cases(t.Context(), who, after, "", limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list.Cases {
			var digit int
			if _, err := fmt.Sscan(c.ID[len(c.ID)-1:], &digit); err != nil {
				t.Fatal(err)
			}
			digits = append(digits, digit)
		}
		if after = list.Next; after == "" {
			return digits
		}
	}
}

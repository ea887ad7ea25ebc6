package office

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/officetest"
)

// client is a holder, officer the registration office.
var (
	client  = Caller{Account: "c0ffee", Owner: "c0ffee", Role: central.RoleHolder}
	other   = Caller{Account: "decade", Owner: "decade", Role: central.RoleHolder}
	officer = Caller{Account: "desk", Role: central.RoleOfficer}
)

func TestMain(m *testing.M) { datatest.Main(m) }

// open opens an office in a new folder, or a server of a database.
func open(t *testing.T, database string) *Office {
	t.Helper()
	o, _ := openIn(t, database)
	return o
}

func openIn(t *testing.T, database string) (o *Office, dir string) {
	t.Helper()
	dir = t.TempDir()
	o, err := Open(t.Context(), Config{Dir: dir, Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o, dir
}

// leftOver counts the half-written files; a PostgreSQL's are rows that data's own tests look after.
func leftOver(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "documents", "incoming"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return len(entries)
}

func TestBrokenUploadLeavesNothing(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o, dir := openIn(t, database)
		data := []byte("the whole document")
		table := map[Kind]io.Reader{
			KindBody:     io.MultiReader(bytes.NewReader(data[:5]), iotest.ErrReader(errors.New("line cut"))),
			KindHash:     bytes.NewReader(data[:5]),
			KindInvalid:  bytes.NewReader(nil),
			KindTooLarge: io.LimitReader(zeros{}, central.MaxDocument+1),
		}
		for kind, body := range table {
			if _, err := o.PutDocument(t.Context(), client, officetest.Sum(data), body); KindOf(err) != kind {
				t.Errorf("got %v, want %s", err, kind)
			}
		}
		if n := leftOver(t, dir); n != 0 {
			t.Errorf("%d files are left over", n)
		}
		if _, err := o.OpenDocument(t.Context(), officer, officetest.Sum(data)); KindOf(err) != KindNotFound {
			t.Errorf("got %v", err)
		}
		if created, err := o.PutDocument(t.Context(), client, officetest.Sum(data), bytes.NewReader(data)); err != nil || !created {
			t.Errorf("%v %v", created, err)
		}
		if created, err := o.PutDocument(t.Context(), officer, officetest.Sum(data), bytes.NewReader(data)); KindOf(err) != KindInvalid {
			t.Errorf("the officer sent a document: %v %v", created, err)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// sent sends a document and names it.
func sent(t *testing.T, o *Office, who Caller, kind, content string) central.Document {
	t.Helper()
	sum := officetest.Sum([]byte(content))
	if _, err := o.PutDocument(t.Context(), who, sum, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	return central.Document{Kind: kind, Name: kind + ".bin", SHA256: sum, Size: int64(len(content))}
}

// submission makes one that Submit takes.
func submission(t *testing.T, docs ...central.Document) central.Submission {
	return central.Submission{ID: officetest.ID(t), Procedure: "generic", Reason: "renewal", Route: "paper", Holder: "Ayşe Örnek", CreatedAt: time.Now(), Documents: docs}
}

func submit(t *testing.T, o *Office, who Caller, s central.Submission) Receipt {
	t.Helper()
	receipt, err := o.Submit(t.Context(), who, "k-"+s.ID, AnyVersion, s)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

// approved makes a case that waits for its certificate.
func approved(t *testing.T, o *Office, request string) string {
	t.Helper()
	id := submit(t, o, client, submission(t, sent(t, o, client, central.DocRequest, request))).Case.ID
	if _, err := o.Approve(t.Context(), officer, id, AnyVersion); err != nil {
		t.Fatal(err)
	}
	return id
}

// An issuer that fails changes nothing, and the next try works.
func TestFailedIssueLosesNothing(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o, dir := openIn(t, database)
		id := approved(t, o, "request")
		before := o.News()
		for _, issuer := range []Issuer{
			func(central.Case, []byte) ([]byte, error) { return nil, errors.New("no ink") },
			func(central.Case, []byte) ([]byte, error) { return nil, nil },
		} {
			if _, err := o.Issue(t.Context(), officer, id, AnyVersion, issuer); err == nil {
				t.Error("issued without a certificate")
			}
		}
		if database == "" { // a PostgreSQL may wake a second time for what was told before
			select {
			case <-before:
				t.Error("a failure was announced as news")
			default:
			}
		}
		c, err := o.Issue(t.Context(), officer, id, AnyVersion, func(_ central.Case, request []byte) ([]byte, error) { return append(request, '!'), nil })
		if err != nil || c.State != central.StateIssued || c.Version != 3 || len(c.FromCA) != 1 {
			t.Errorf("%v %+v", err, c)
		}
		<-before
		if n := leftOver(t, dir); n != 0 {
			t.Errorf("%d files are left over", n)
		}
	})
}

// A request that the disk has spoilt gets no certificate.
func TestDamagedRequest(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o, dir := openIn(t, database)
		id := approved(t, o, "request")
		if database != "" {
			datatest.Do(t, database, "update rekey.parts set bytes = 'rEquest'")
		} else if sum := officetest.Sum([]byte("request")); os.WriteFile(filepath.Join(dir, "documents", sum[:2], sum[2:]), []byte("rEquest"), 0o600) != nil {
			t.Fatal("cannot write")
		}
		_, err := o.Issue(t.Context(), officer, id, AnyVersion, func(central.Case, []byte) ([]byte, error) { t.Error("the issuer was asked"); return nil, nil })
		if KindOf(err) != KindStorage || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("got %v", err)
		}
	})
}

func TestFolder(t *testing.T) {
	t.Run("half-written files go at the start", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "documents", "incoming"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "documents", "incoming", "doc-1"), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		o, err := Open(t.Context(), Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		if n := leftOver(t, dir); n != 0 {
			t.Errorf("%d files are left over", n)
		}
	})
	t.Run("an empty folder is closed to others", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		o, err := Open(t.Context(), Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%v %v", info.Mode(), err)
		}
	})
	t.Run("somebody else's folder is not taken over", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if o, err := Open(t.Context(), Config{Dir: dir}); err == nil {
			o.Close()
			t.Error("it was")
		}
	})
	t.Run("one process at a time", func(t *testing.T) {
		_, dir := openIn(t, "")
		if _, err := Open(t.Context(), Config{Dir: dir}); KindOf(err) != KindBusy {
			t.Errorf("got %v", err)
		}
	})
}

func TestOfficerKey(t *testing.T) {
	dir := t.TempDir()
	first, err := OfficerKey(dir)
	if err != nil || len(first) != 64 {
		t.Fatalf("%q %v", first, err)
	}
	if again, err := OfficerKey(dir); err != nil || again != first {
		t.Errorf("%q %v", again, err)
	}
	path := filepath.Join(dir, OfficerKeyFile)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OfficerKey(dir); err == nil {
		t.Error("a damaged key was taken or replaced")
	}
}

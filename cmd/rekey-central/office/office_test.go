package office

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"
	"rekey/app/central"
)

const client = "c0ffee"

func open(t *testing.T) *Office {
	t.Helper()
	o, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

func sumOf(data []byte) string {
	hash := sha256.Sum256(data)
	return hex.EncodeToString(hash[:])
}

// leftOver lists the half-written files.
func leftOver(t *testing.T, o *Office) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(o.dir, documents, incoming))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestBrokenUploadLeavesNothing(t *testing.T) {
	o := open(t)
	data := []byte("the whole document")
	table := map[Kind]io.Reader{
		KindBody:     io.MultiReader(bytes.NewReader(data[:5]), iotest.ErrReader(errors.New("line cut"))),
		KindHash:     bytes.NewReader(data[:5]),
		KindInvalid:  bytes.NewReader(nil),
		KindTooLarge: io.LimitReader(zeros{}, central.MaxDocument+1),
	}
	for kind, body := range table {
		if _, err := o.PutDocument(client, sumOf(data), body); KindOf(err) != kind {
			t.Errorf("got %v, want %s", err, kind)
		}
	}
	if n := leftOver(t, o); n != 0 {
		t.Errorf("%d files are left over", n)
	}
	if _, err := o.OpenDocument(Caller{Officer: true}, sumOf(data)); KindOf(err) != KindNotFound {
		t.Errorf("got %v", err)
	}
	if created, err := o.PutDocument(client, sumOf(data), bytes.NewReader(data)); err != nil || !created {
		t.Errorf("%v %v", created, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// approved makes a case that waits for its certificate.
func approved(t *testing.T, o *Office, request []byte) string {
	t.Helper()
	if _, err := o.PutDocument(client, sumOf(request), bytes.NewReader(request)); err != nil {
		t.Fatal(err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	s := central.Submission{ID: id.String(), Procedure: "generic", Reason: "renewal", Route: "paper", Holder: "Ayşe Örnek", CreatedAt: time.Now(),
		Documents: []central.Document{{Kind: central.DocRequest, Name: "request.p10", SHA256: sumOf(request), Size: int64(len(request))}}}
	if _, err := o.Submit(client, "k-"+s.ID, s); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Approve(s.ID, AnyVersion); err != nil {
		t.Fatal(err)
	}
	return s.ID
}

// An issuer that fails changes nothing, and the next try works.
func TestFailedIssueLosesNothing(t *testing.T) {
	o := open(t)
	id := approved(t, o, []byte("request"))
	before := o.News()
	for _, issuer := range []Issuer{
		func(central.Case, []byte) ([]byte, error) { return nil, errors.New("no ink") },
		func(central.Case, []byte) ([]byte, error) { return nil, nil },
	} {
		if _, err := o.Issue(id, AnyVersion, issuer); err == nil {
			t.Error("issued without a certificate")
		}
	}
	select {
	case <-before:
		t.Error("a failure was announced as news")
	default:
	}
	c, err := o.Issue(id, AnyVersion, func(_ central.Case, request []byte) ([]byte, error) { return append(request, '!'), nil })
	if err != nil || c.State != central.StateIssued || c.Version != 3 || len(c.FromCA) != 1 {
		t.Errorf("%v %+v", err, c)
	}
	<-before
	if n := leftOver(t, o); n != 0 {
		t.Errorf("%d files are left over", n)
	}
}

// A request that the disk has spoilt gets no certificate.
func TestDamagedRequest(t *testing.T) {
	o := open(t)
	id := approved(t, o, []byte("request"))
	if err := os.WriteFile(o.documentPath(sumOf([]byte("request"))), []byte("rEquest"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := o.Issue(id, AnyVersion, func(central.Case, []byte) ([]byte, error) { t.Error("the issuer was asked"); return nil, nil })
	if KindOf(err) != KindStorage || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
}

func TestFolder(t *testing.T) {
	t.Run("half-written files go at the start", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, documents, incoming), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, documents, incoming, "doc-1"), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		o, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		if n := leftOver(t, o); n != 0 {
			t.Errorf("%d files are left over", n)
		}
	})
	t.Run("an empty folder is closed to others", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		o, err := Open(dir)
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
		if o, err := Open(dir); err == nil {
			o.Close()
			t.Error("it was")
		}
	})
	t.Run("one process at a time", func(t *testing.T) {
		o := open(t)
		if _, err := Open(o.dir); KindOf(err) != KindBusy {
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

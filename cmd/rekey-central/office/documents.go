package office

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"go.etcd.io/bbolt"
	"rekey/app/central"
)

const (
	documents = "documents"
	incoming  = "incoming" // half-written files; emptied at each start
)

// Caller is who asks: the officer, or a client by the SHA-256 (hex) of its key.
type Caller struct {
	Officer bool
	Client  string
}

// PutDocument keeps the bytes of body, whose SHA-256 has to be sum (lower-case hex). It
// tells whether they are new here. The client may name the document in a case afterwards:
// having sent the bytes proves that it has them, knowing their hash does not.
func (o *Office) PutDocument(client, sum string, body io.Reader) (bool, error) {
	const op = "keep document"
	path, err := o.receive(sum, body)
	if err != nil {
		return false, wrap(op, err)
	}
	defer os.Remove(path) // gone already when it was moved
	created := false
	err = o.db.Update(func(tx *bbolt.Tx) error {
		if created, err = o.place(path, sum); err != nil {
			return err
		}
		return tx.Bucket(bucketReaders).Put(readerKey(sum, client), []byte{1})
	})
	return created, wrap(op, err)
}

// receive writes the bytes to a file of its own and checks them.
func (o *Office) receive(sum string, body io.Reader) (path string, err error) {
	f, err := os.CreateTemp(filepath.Join(o.dir, documents, incoming), "doc-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	hash := sha256.New()
	in := &source{r: body}
	n, err := io.Copy(io.MultiWriter(f, hash), io.LimitReader(in, central.MaxDocument+1))
	if in.err != nil {
		err = &Error{"receive", KindBody, in.err}
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	switch got := hex.EncodeToString(hash.Sum(nil)); {
	case n > central.MaxDocument:
		return "", &Error{"receive", KindTooLarge, fmt.Errorf("a document has at most %d bytes", central.MaxDocument)}
	case n == 0:
		return "", &Error{"receive", KindInvalid, errors.New("the document is empty")}
	case got != sum:
		return "", &Error{"receive", KindHash, fmt.Errorf("the bytes have the SHA-256 %s, not %s", got, sum)}
	}
	return f.Name(), nil
}

// source remembers that reading, not writing, went wrong.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// place moves a checked file to its place. It runs inside a write transaction, so one at a time.
func (o *Office) place(path, sum string) (created bool, err error) {
	target := o.documentPath(sum)
	if _, err := os.Stat(target); err == nil {
		return false, nil
	}
	folder := filepath.Dir(target)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return false, err
	}
	if err := os.Rename(path, target); err != nil {
		return false, err
	}
	return true, errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)))
}

// OpenDocument opens a document for a caller that may read it: the officer, a client that
// sent it, and a client with a case that names it. Everybody else gets KindNotFound.
func (o *Office) OpenDocument(who Caller, sum string) (*os.File, error) {
	const op = "read document"
	allowed := who.Officer
	err := o.db.View(func(tx *bbolt.Tx) error {
		allowed = allowed || tx.Bucket(bucketReaders).Get(readerKey(sum, who.Client)) != nil
		return nil
	})
	if err != nil {
		return nil, wrap(op, err)
	}
	if !allowed {
		return nil, &Error{op, KindNotFound, errors.New("no such document")}
	}
	f, err := os.Open(o.documentPath(sum))
	if errors.Is(err, os.ErrNotExist) {
		return nil, &Error{op, KindNotFound, errors.New("no such document")}
	}
	return f, wrap(op, err)
}

// size gives the size of a document that is here; false when it is not.
func (o *Office) size(sum string) (int64, bool) {
	info, err := os.Stat(o.documentPath(sum))
	if err != nil {
		return 0, false
	}
	return info.Size(), true
}

// content reads a document and proves that the disk gave back what was put there.
func (o *Office) content(sum string) ([]byte, error) {
	data, err := os.ReadFile(o.documentPath(sum))
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(data); hex.EncodeToString(got[:]) != sum {
		return nil, &Error{"read document", KindStorage, errors.New("the document on the disk is damaged")}
	}
	return data, nil
}

func (o *Office) documentPath(sum string) string {
	return filepath.Join(o.dir, documents, sum[:2], sum[2:])
}

func readerKey(sum, client string) []byte { return []byte(sum + "/" + client) }

// syncFolder makes a rename last. Windows cannot sync a folder and needs not.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

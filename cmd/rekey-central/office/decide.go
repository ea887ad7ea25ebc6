package office

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"go.etcd.io/bbolt"
	"rekey/app/central"
)

const certificateName = "certificate.pem"

// AnyVersion decides a case whatever its version is. Any other number is the version that
// the officer saw: when the case has another one by now, nothing is done (KindStale).
const AnyVersion int64 = 0

// Issuer makes a certificate (PEM) for a case from its PKCS#10 request (PEM).
type Issuer func(c central.Case, request []byte) ([]byte, error)

// move changes a case within a transaction and names the documents that come with the
// decision. changed is false when the case has been moved this way before.
type move func(tx *bbolt.Tx, r *record) (changed bool, from []central.Document, err error)

// Approve moves a case from received to approved.
func (o *Office) Approve(id string, seen int64) (central.Case, error) {
	return o.decide("approve case", id, seen, func(_ *bbolt.Tx, r *record) (bool, []central.Document, error) {
		return step(r, central.StateReceived, central.StateApproved)
	})
}

// Return sends a case back to its holder, who is told why and may correct it.
func (o *Office) Return(id string, seen int64, why string) (central.Case, error) {
	const op = "return case"
	why = strings.TrimSpace(why)
	if why == "" || utf8.RuneCountInString(why) > maxWhy {
		return central.Case{}, wrap(op, invalid("why: want 1 to %d characters", maxWhy))
	}
	return o.decide(op, id, seen, func(_ *bbolt.Tx, r *record) (bool, []central.Document, error) {
		if r.Case.State == central.StateReturned && r.Case.Why != why {
			return false, nil, conflict("the case has been returned already, for another reason")
		}
		changed, _, err := step(r, central.StateReceived, central.StateReturned)
		if changed {
			r.Case.Why = why
		}
		return changed, nil, err
	})
}

// Issue lets issuer make the certificate of an approved case and files it with the case.
// The newest document of kind request is the one that counts.
func (o *Office) Issue(id string, seen int64, issuer Issuer) (central.Case, error) {
	return o.decide("issue certificate", id, seen, func(tx *bbolt.Tx, r *record) (bool, []central.Document, error) {
		changed, _, err := step(r, central.StateApproved, central.StateIssued)
		if err != nil || !changed {
			return false, nil, err
		}
		request, err := o.request(r.Case)
		if err != nil {
			return false, nil, err
		}
		certificate, err := issuer(r.Case, request)
		if err != nil {
			return false, nil, err
		}
		d, err := o.file(tx, r.Client, certificate)
		if err != nil {
			return false, nil, err
		}
		r.Case.FromCA = append(r.Case.FromCA, d)
		return true, []central.Document{d}, nil
	})
}

// step is a legal move, a repetition (not changed), or a conflict.
func step(r *record, from, to string) (bool, []central.Document, error) {
	switch r.Case.State {
	case to:
		return false, nil, nil
	case from:
		r.Case.State = to
		return true, nil, nil
	}
	return false, nil, conflict("the case is %s; only a case that is %s can become %s", r.Case.State, from, to)
}

// decide runs one move and writes the case and the change that tells its owner, in one transaction.
func (o *Office) decide(op, id string, seen int64, m move) (central.Case, error) {
	var r record
	told := false
	err := o.db.Update(func(tx *bbolt.Tx) (err error) {
		if r, err = find(tx, id); err != nil {
			return err
		}
		if seen != AnyVersion && seen != r.Case.Version {
			return &Error{"decide", KindStale, fmt.Errorf("the case has changed: it is version %d, not %d", r.Case.Version, seen)}
		}
		changed, from, err := m(tx, &r)
		if err != nil || !changed {
			return err
		}
		told = true
		r.Case.Version++
		r.Case.UpdatedAt = now()
		if err := put(tx.Bucket(bucketCases), []byte(id), r); err != nil {
			return err
		}
		return tell(tx, r, from)
	})
	if err != nil {
		return central.Case{}, wrap(op, err)
	}
	if told {
		o.announce()
	}
	return r.Case, nil
}

// request gives the bytes of the newest request of a case: documents lie in order of arrival.
func (o *Office) request(c central.Case) ([]byte, error) {
	for _, d := range slices.Backward(c.Documents) {
		if d.Kind == central.DocRequest {
			return o.content(d.SHA256)
		}
	}
	return nil, invalid("the case has no document of kind %q", central.DocRequest)
}

// file keeps a certificate as a document that the owner of the case may read.
func (o *Office) file(tx *bbolt.Tx, client string, data []byte) (central.Document, error) {
	if len(data) == 0 {
		return central.Document{}, errors.New("the issuer made nothing")
	}
	hash := sha256.Sum256(data)
	sum := hex.EncodeToString(hash[:])
	tmp := filepath.Join(o.dir, documents, incoming, "issued-"+sum)
	if err := WriteWhole(tmp, data); err != nil {
		return central.Document{}, err
	}
	defer os.Remove(tmp)
	if _, err := o.place(tmp, sum); err != nil {
		return central.Document{}, err
	}
	if err := tx.Bucket(bucketReaders).Put(readerKey(sum, client), []byte{1}); err != nil {
		return central.Document{}, err
	}
	return central.Document{Kind: central.DocCertificate, Name: certificateName, SHA256: sum, Size: int64(len(data))}, nil
}

// tell appends the decision to the changes of the owner of the case.
func tell(tx *bbolt.Tx, r record, from []central.Document) error {
	b := tx.Bucket(bucketChanges)
	n, err := b.NextSequence()
	if err != nil {
		return fmt.Errorf("change: %w", err)
	}
	return put(b, changeKey(r.Client, n), central.Change{
		Cursor: int64(n), Case: r.Case.ID, State: r.Case.State, Why: r.Case.Why, Documents: from, At: r.Case.UpdatedAt,
	})
}

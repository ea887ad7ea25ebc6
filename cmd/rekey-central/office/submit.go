package office

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
)

// Receipt is the answer to a submission. The same idempotency key gets the same receipt again.
type Receipt struct {
	Created bool         `json:"created"`
	Case    central.Case `json:"case"`
}

// Submit takes in a submission. key is the caller's idempotency key; seen is the version that the caller saw (If-Match), or
// AnyVersion. An answer given before to this key is given again, whatever version the case has by now.
//
// Errors: KindInvalid; KindMissing when documents have to be sent first; KindConflict when the ID is another owner's or the case is
// past correcting; KindKeyReused; KindStale. A refused submission leaves no trace: the same key may be used again when the cause
// is gone.
func (o *Office) Submit(ctx context.Context, who Caller, key string, seen int64, s central.Submission) (Receipt, error) {
	const op = "submit case"
	s = normal(s)
	if err := check(s); err != nil {
		return Receipt{}, wrap(op, err)
	}
	content, err := fingerprint(s)
	if err != nil {
		return Receipt{}, wrap(op, err)
	}
	handIn := handIn{who.Owner, key, s.ID, content, s.Documents}
	receipt, err := o.once(ctx, handIn, func(tx data.Tx, sizes sizes) (Receipt, error) {
		return o.take(tx, sizes, who.Owner, seen, s, content)
	})
	return receipt, wrap(op, err)
}

// take decides what a submission is: a new case, a repetition, a correction, or an addition.
func (o *Office) take(tx data.Tx, sizes sizes, owner string, seen int64, s central.Submission, content [sha256.Size]byte) (Receipt, error) {
	var old record
	found, err := data.GetJSON(tx, data.Cases, []byte(s.ID), &old)
	if err != nil {
		return Receipt{}, err
	}
	if found && old.Client != owner {
		return Receipt{}, conflict("this case ID is taken; make a new one")
	}
	if err := current(old.Case, seen); err != nil {
		return Receipt{}, err
	}
	c := central.Case{Submission: s, State: central.StateReceived, Version: old.Case.Version + 1, UpdatedAt: o.now()}
	if !found {
		if err := checkDocuments(tx, sizes, owner, s.Documents); err != nil {
			return Receipt{}, err
		}
		if err := queue(tx, owner, s.ID); err != nil {
			return Receipt{}, err
		}
		return Receipt{true, c}, save(tx, record{Client: owner, Case: c})
	}
	stored, err := fingerprint(old.Case.Submission)
	if err != nil {
		return Receipt{}, err
	}
	if stored == content {
		return Receipt{false, old.Case}, nil
	}
	if old.Case.State != central.StateReceived && old.Case.State != central.StateReturned {
		return o.add(tx, sizes, old, s)
	}
	if err := checkDocuments(tx, sizes, owner, s.Documents); err != nil {
		return Receipt{}, err
	}
	return Receipt{false, c}, save(tx, record{Client: owner, Case: c})
}

// current refuses when the caller saw another version.
func current(c central.Case, seen int64) error {
	if seen == AnyVersion || seen == c.Version {
		return nil
	}
	return &Error{"decide", KindStale, &VersionError{c.Version, seen}}
}

// queue gives a new case its place in the order of arrival, in the office's list and in its owner's.
func queue(tx data.Tx, owner, id string) error {
	n, err := tx.Next(data.Order)
	if err != nil {
		return err
	}
	if err := tx.Put(data.Order, data.Number(n), []byte(id)); err != nil {
		return err
	}
	return tx.Put(data.Arrived, data.Key(owner, data.Number(n)), []byte(id))
}

// sizes are the documents that are here, in bytes by SHA-256.
type sizes map[string]int64

// checkDocuments wants every document to be here, sent by this owner, with the right size.
func checkDocuments(tx data.Tx, sizes sizes, owner string, list []central.Document) error {
	var missing []string
	for _, d := range list {
		sent, err := tx.Get(data.Readers, ReaderKey(d.SHA256, owner))
		if err != nil {
			return err
		}
		size, here := sizes[d.SHA256]
		if !here || sent == nil {
			missing = append(missing, d.SHA256)
			continue
		}
		if size != d.Size {
			return invalid("document %s has %d bytes, the submission says %d", d.SHA256, size, d.Size)
		}
	}
	if len(missing) > 0 {
		return &Error{"check", KindMissing, &MissingError{missing}}
	}
	return nil
}

func fingerprint(content any) ([sha256.Size]byte, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("fingerprint: %w", err)
	}
	return sha256.Sum256(text), nil
}

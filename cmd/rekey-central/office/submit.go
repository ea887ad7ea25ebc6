package office

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
	"rekey/app/central"
)

// record is a case as it lies in the database.
type record struct {
	Client string       `json:"client"` // whose it is
	Case   central.Case `json:"case"`
}

// Receipt is the answer to a submission. The same idempotency key gets the same receipt again.
type Receipt struct {
	Created bool         `json:"created"`
	Case    central.Case `json:"case"`
}

// answer is what was said to a submission, and to which content.
type answer struct {
	Content [sha256.Size]byte `json:"content"`
	Receipt Receipt           `json:"receipt"`
}

// Submit takes in a submission of a client. key is the client's idempotency key.
//
// Errors: KindInvalid; KindMissing when documents have to be sent first; KindConflict
// when the ID is another client's or the case is past correcting; KindKeyReused. A
// refused submission leaves no trace: the same key may be used again when the cause is gone.
func (o *Office) Submit(client, key string, s central.Submission) (Receipt, error) {
	const op = "submit case"
	s = normal(s)
	if err := check(s); err != nil {
		return Receipt{}, wrap(op, err)
	}
	content, err := fingerprint(s)
	if err != nil {
		return Receipt{}, wrap(op, err)
	}
	var receipt Receipt
	err = o.db.Update(func(tx *bbolt.Tx) error {
		answers, id := tx.Bucket(bucketAnswers), []byte(client+"/"+key)
		var before answer
		found, err := get(answers, id, &before)
		if err != nil {
			return err
		}
		if found && before.Content != content {
			return &Error{op, KindKeyReused, errors.New("this Idempotency-Key was used for another submission")}
		}
		if found {
			receipt = before.Receipt
			return nil
		}
		if receipt, err = o.take(tx, client, s, content); err != nil {
			return err
		}
		return put(answers, id, answer{content, receipt})
	})
	if err != nil {
		return Receipt{}, wrap(op, err)
	}
	return receipt, nil
}

// take decides what a submission is: a new case, a repetition, a correction, or an addition.
func (o *Office) take(tx *bbolt.Tx, client string, s central.Submission, content [sha256.Size]byte) (Receipt, error) {
	var old record
	found, err := get(tx.Bucket(bucketCases), []byte(s.ID), &old)
	if err != nil {
		return Receipt{}, err
	}
	if !found {
		c := central.Case{Submission: s, State: central.StateReceived, Version: 1, UpdatedAt: now()}
		if err := o.checkDocuments(tx, client, s.Documents); err != nil {
			return Receipt{}, err
		}
		return Receipt{true, c}, errors.Join(queue(tx, s.ID), put(tx.Bucket(bucketCases), []byte(s.ID), record{client, c}))
	}
	if old.Client != client {
		return Receipt{}, conflict("this case ID is taken; make a new one")
	}
	stored, err := fingerprint(old.Case.Submission)
	if err != nil {
		return Receipt{}, err
	}
	if stored == content {
		return Receipt{false, old.Case}, nil
	}
	if old.Case.State != central.StateReceived && old.Case.State != central.StateReturned {
		return o.add(tx, old, s)
	}
	if err := o.checkDocuments(tx, client, s.Documents); err != nil {
		return Receipt{}, err
	}
	c := central.Case{Submission: s, State: central.StateReceived, Version: old.Case.Version + 1, UpdatedAt: now()}
	return Receipt{false, c}, put(tx.Bucket(bucketCases), []byte(s.ID), record{client, c})
}

// queue gives a new case its place in the order of arrival.
func queue(tx *bbolt.Tx, id string) error {
	order := tx.Bucket(bucketOrder)
	n, err := order.NextSequence()
	if err != nil {
		return err
	}
	return order.Put(number(n), []byte(id))
}

// checkDocuments wants every document to be here, sent by this client, with the right size.
func (o *Office) checkDocuments(tx *bbolt.Tx, client string, list []central.Document) error {
	var missing []string
	for _, d := range list {
		size, here := o.size(d.SHA256)
		if !here || tx.Bucket(bucketReaders).Get(readerKey(d.SHA256, client)) == nil {
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

func fingerprint(s central.Submission) ([sha256.Size]byte, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("submission: %w", err)
	}
	return sha256.Sum256(data), nil
}

package app

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/store"
)

// Kinds of what waits in the outbox. Append only: they are kept on disk.
const (
	sendCase        = "case"        // body: central.Submission
	sendAddition    = "addition"    // body: central.Addition
	sendHolder      = "holder"      // body: central.Holder
	sendCertificate = "certificate" // body: central.Certificate
	sendCard        = "card"        // body: central.Card
	sendPhoto       = "photo"       // body: central.Photo
	sendReceipt     = "receipt"     // body: central.Receipt
	sendRevocation  = "revocation"  // body: central.Revocation
)

// item is one thing that has to reach the central API. It is put into the outbox in the transaction of the change itself.
type item struct {
	Kind      string          `json:"kind"`
	Case      string          `json:"case,omitempty"` // that it belongs to; "" for what is the holder's, not a case's
	HolderKey string          `json:"holder_key,omitempty"`
	About     string          `json:"about,omitempty"` // which of its kind: the resource's ID, or a document's hash
	Key       string          `json:"key"`             // idempotency key: the same however often it is sent
	Since     time.Time       `json:"since"`
	IfMatch   int64           `json:"if_match,omitempty"` // version that a correction is made on
	Attempts  int             `json:"attempts,omitempty"`
	Tried     time.Time       `json:"tried,omitzero"` // the last time
	NotBefore time.Time       `json:"not_before,omitzero"`
	LastKind  Kind            `json:"last_kind,omitempty"` // of the last failure
	Refused   string          `json:"refused,omitempty"`   // the office's words: it waits for the person, not for time
	Body      json.RawMessage `json:"body"`

	seq string // its place in the outbox
}

// waiting reads the outbox in order.
func waiting(tx *store.Tx) (all []item, err error) {
	err = store.Each(tx, store.Outbox, "", func(seq string, it item) error {
		it.seq = seq
		all = append(all, it)
		return nil
	})
	return all, err
}

// queue puts something into the outbox. What waits there about the same thing gives its place to it: the office has to know how
// things are, not how they came to be.
func (a *App) queue(tx *store.Tx, it item, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	key, err := uuid.NewV7()
	if err != nil {
		return err
	}
	it.Body, it.Key, it.Since = data, key.String(), a.now().UTC()
	all, err := waiting(tx)
	if err != nil {
		return err
	}
	for _, old := range all {
		if old.Kind == it.Kind && old.Case == it.Case && old.HolderKey == it.HolderKey && old.About == it.About {
			if bytes.Equal(old.Body, it.Body) && old.Refused == "" {
				return nil
			}
			it.seq, it.Since = old.seq, old.Since
		}
	}
	if it.seq == "" {
		n, err := tx.Next(store.Outbox)
		if err != nil {
			return err
		}
		it.seq = store.Sequence(n)
	}
	tx.OnCommit(a.wake)
	return store.Put(tx, store.Outbox, it.seq, it)
}

// enqueue puts what an event has brought for the office into the outbox: one further document, or the case as it is now, with the
// receipts that came since it was last handed over.
func (a *App) enqueue(tx *store.Tx, c cases.Case, e cases.Event) error {
	if d := e.Document; d != nil {
		it := item{Kind: sendAddition, Case: c.ID, HolderKey: c.HolderKey, About: d.SHA256}
		if err := a.queue(tx, it, central.Addition{Documents: []central.Document{wireDocument(*d)}}); err != nil {
			return err
		}
		return a.queueReceipt(tx, c, *d)
	}
	if err := a.queue(tx, item{Kind: sendCase, Case: c.ID, HolderKey: c.HolderKey, IfMatch: c.Version}, a.submission(c)); err != nil {
		return err
	}
	fresh, err := filedSince(tx, c.ID, e.Seq)
	if err != nil {
		return err
	}
	for _, d := range newest(c.Documents) {
		if fresh[d.SHA256] {
			if err := a.queueReceipt(tx, c, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// filedSince gives the hashes of the documents that were filed between this hand-over to the outbox and the one before it. The order of
// the events says so, not the clock, which may have been set back.
func filedSince(tx *store.Tx, caseID string, seq int) (fresh map[string]bool, err error) {
	fresh = map[string]bool{}
	err = store.Each(tx, store.Events, caseID+"/", func(_ string, e cases.Event) error {
		switch {
		case e.Kind == cases.Queued && e.Seq < seq:
			clear(fresh)
		case e.Kind == cases.Filed && e.Document != nil:
			fresh[e.Document.SHA256] = true
		}
		return nil
	})
	return fresh, err
}

func wireDocument(d cases.Document) central.Document {
	return central.Document{Kind: d.Kind, Name: d.Name, SHA256: d.SHA256, Size: d.Size}
}

// isWaiting says whether the case itself is still to be sent.
func isWaiting(tx *store.Tx, caseID string) (bool, error) {
	all, err := waiting(tx)
	for _, it := range all {
		if it.Kind == sendCase && it.Case == caseID {
			return true, err
		}
	}
	return false, err
}

// dropWaiting takes what a case has of one kind, "" for everything, out of the outbox.
func dropWaiting(tx *store.Tx, caseID, kind string) error {
	all, err := waiting(tx)
	for _, it := range all {
		if err == nil && it.Case == caseID && (kind == "" || it.Kind == kind) {
			err = tx.Delete(store.Outbox, it.seq)
		}
	}
	return err
}

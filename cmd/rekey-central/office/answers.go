package office

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
)

const (
	keepAnswers = 30 * 24 * time.Hour
	sweepEvery  = 64  // answers written between two looks for old ones
	sweepOver   = 256 // answers looked at; more than are written between, so that the look comes round
)

// handIn is what somebody hands in with an idempotency key.
type handIn struct {
	owner, key, id string
	content        [sha256.Size]byte
	documents      []central.Document
}

// answer is what was said to what was handed in, and to which content.
type answer struct {
	Content [sha256.Size]byte `json:"content"`
	Receipt Receipt           `json:"receipt"`
	At      time.Time         `json:"at"` // zero in answers of schema 1
}

// once answers what is handed in: the first time by do, within a transaction that has the case, then always the same.
// Documents never go away, so their sizes may be read before it.
func (o *Office) once(ctx context.Context, h handIn, do func(data.Tx, sizes) (Receipt, error)) (Receipt, error) {
	if h.owner == "" {
		return Receipt{}, invalid("cases are handed in by holders and organisations")
	}
	var sums []string
	var readers [][]byte
	for _, d := range h.documents {
		sums, readers = append(sums, d.SHA256), append(readers, ReaderKey(d.SHA256, h.owner))
	}
	sizes, err := o.blobs.Sizes(ctx, sums...)
	if err != nil {
		return Receipt{}, err
	}
	var receipt Receipt
	wrote := false
	err = o.db.Update(ctx, func(tx data.Tx) error {
		receipt, wrote = Receipt{}, false
		id := data.Key(h.owner, []byte(h.key))
		if err := errors.Join(lockCase(tx, h.id), tx.Lock("answer/"+string(id))); err != nil {
			return err
		}
		tx.Ahead(data.Cases, []byte(h.id))
		tx.Ahead(data.Readers, readers...)
		var before answer
		found, err := data.GetJSON(tx, data.Answers, id, &before)
		if err != nil {
			return err
		}
		if found && before.Content != h.content {
			return &Error{"answer", KindKeyReused, errors.New("this Idempotency-Key was used for something else")}
		}
		if found {
			receipt = before.Receipt
			return nil
		}
		if receipt, err = do(tx, sizes); err != nil {
			return err
		}
		wrote = true
		return data.PutJSON(tx, data.Answers, id, answer{h.content, receipt, o.now()})
	})
	if err != nil {
		return Receipt{}, err
	}
	if wrote {
		o.sweep(ctx)
	}
	return receipt, nil
}

// sweeper walks round the answers while new ones are written, each server for itself.
type sweeper struct {
	mu      sync.Mutex
	written int
	from    []byte // key to go on from
}

// sweep now and then takes some old answers away. What is handed in is safe already, so a failure is left to the next time.
func (o *Office) sweep(ctx context.Context) {
	s := &o.answers
	if !s.mu.TryLock() {
		return
	}
	defer s.mu.Unlock()
	if s.written++; s.written < sweepEvery {
		return
	}
	s.written = 0
	if next, err := o.dropAnswers(ctx, s.from, sweepOver); err == nil {
		s.from = next
	}
}

// dropAnswers looks at the answers from a key on, at most limit, and takes the old ones away. It gives the key to go on from: nil
// after the last one.
func (o *Office) dropAnswers(ctx context.Context, from []byte, limit int) (next []byte, err error) {
	oldest := o.now().Add(-keepAnswers)
	err = o.db.Update(ctx, func(tx data.Tx) error {
		var old [][]byte
		next = nil
		seen := 0
		err := tx.Scan(data.Answers, nil, from, func(key, value []byte) (bool, error) {
			if seen++; seen > limit {
				next = key
				return true, nil
			}
			var a answer
			if err := json.Unmarshal(value, &a); err != nil {
				return true, err
			}
			if a.At.IsZero() {
				a.At = a.Receipt.Case.UpdatedAt
			}
			if a.At.Before(oldest) {
				old = append(old, key)
			}
			return false, nil
		})
		for _, key := range old {
			if err == nil {
				err = tx.Delete(data.Answers, key)
			}
		}
		return err
	})
	return next, err
}

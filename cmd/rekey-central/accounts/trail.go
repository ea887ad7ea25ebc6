package accounts

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// Trail is the audit list: who did what, in order. Nothing in it is ever changed; what is older than two years goes.
type Trail struct {
	DB  data.DB
	Now func() time.Time // nil: time.Now
}

const (
	keepYears  = 2   // of the audit list; the contract says the same
	pruneEvery = 64  // entries written between two looks for old ones
	pruneMost  = 256 // old entries that go at once
	maxAbout   = 64  // characters of an ID
)

// Record appends one entry. did is an operation of the contract, about the ID that it was about, outcome the HTTP status. An about
// that has not the shape of an ID (somebody wrote a name into an address) is left out.
func (t Trail) Record(ctx context.Context, who office.Caller, did, about string, outcome int) error {
	if !isID(about) {
		about = ""
	}
	now := time.Now
	if t.Now != nil {
		now = t.Now
	}
	e := central.AuditEntry{At: now().UTC().Truncate(time.Millisecond), Account: who.Account, Role: who.Role, Did: did, About: about, Outcome: outcome}
	return t.DB.Update(ctx, func(tx data.Tx) error {
		n, err := tx.Next(data.Audit)
		if err != nil {
			return err
		}
		if n%pruneEvery == 0 {
			if err := prune(tx, e.At.AddDate(-keepYears, 0, 0)); err != nil {
				return err
			}
		}
		e.Number = int64(n)
		return data.PutJSON(tx, data.Audit, data.Number(n), e)
	})
}

// isID: a UUID or a SHA-256, no text of somebody's invention.
func isID(s string) bool {
	return len(s) <= maxAbout && !strings.ContainsFunc(s, func(c rune) bool { return !strings.ContainsRune("0123456789abcdef-", c) })
}

// prune takes the entries from before a time away: they are the first ones.
func prune(tx data.Tx, before time.Time) error {
	var old [][]byte
	err := tx.Scan(data.Audit, nil, nil, func(key, value []byte) (bool, error) {
		var e central.AuditEntry
		if err := json.Unmarshal(value, &e); err != nil {
			return true, err
		}
		if !e.At.Before(before) || len(old) == pruneMost {
			return true, nil
		}
		old = append(old, key)
		return false, nil
	})
	for _, key := range old {
		if err == nil {
			err = tx.Delete(data.Audit, key)
		}
	}
	return err
}

// List gives at most limit entries, oldest first, after the number after (empty: from the first on). 400: not a number.
func (t Trail) List(ctx context.Context, after string, limit int) (page central.Page[central.AuditEntry], err error) {
	start := uint64(0)
	if after != "" {
		if start, err = strconv.ParseUint(after, 10, 63); err != nil {
			return page, &Error{Status: http.StatusBadRequest, Detail: "after: not a cursor of this list"}
		}
	}
	err = t.DB.View(ctx, func(tx data.Tx) error {
		page = central.Page[central.AuditEntry]{Items: []central.AuditEntry{}}
		return scan(tx, data.Audit, data.Number(start+1), limit, &page, func(e central.AuditEntry) string { return strconv.FormatInt(e.Number, 10) })
	})
	return page, err
}

// Last gives the number of the newest entry, 0 when there is none.
func (t Trail) Last(ctx context.Context) (n int64, err error) {
	err = t.DB.View(ctx, func(tx data.Tx) error {
		last, err := tx.Last(data.Audit)
		n = int64(last)
		return err
	})
	return n, err
}

// scan fills a page with the values of a bucket from a key on.
func scan[T any](tx data.Tx, b data.Bucket, from []byte, limit int, page *central.Page[T], cursor func(T) string) error {
	return tx.Scan(b, nil, from, func(_, value []byte) (bool, error) {
		if len(page.Items) == limit {
			page.Next = cursor(page.Items[limit-1])
			return true, nil
		}
		var one T
		if err := json.Unmarshal(value, &one); err != nil {
			return false, err
		}
		page.Items = append(page.Items, one)
		return false, nil
	})
}

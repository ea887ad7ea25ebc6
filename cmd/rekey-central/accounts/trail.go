package accounts

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// Trail is the audit list: who did what, in order. Nothing in it is ever changed.
type Trail struct{ DB data.DB }

// Record appends one entry. did is an operation of the contract, about the ID that it was about (never a name), outcome
// the HTTP status.
func (t Trail) Record(ctx context.Context, who office.Caller, did, about string, outcome int) error {
	e := central.AuditEntry{At: time.Now().UTC().Truncate(time.Millisecond), Account: who.Account, Role: who.Role, Did: did, About: about, Outcome: outcome}
	return t.DB.Update(ctx, func(tx data.Tx) error {
		n, err := tx.Next(data.Audit)
		if err != nil {
			return err
		}
		e.Number = int64(n)
		return data.PutJSON(tx, data.Audit, data.Number(n), e)
	})
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

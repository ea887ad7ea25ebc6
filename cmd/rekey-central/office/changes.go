package office

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
)

// pageOfChanges is the most that one answer carries.
const pageOfChanges = 100

// Changes gives the decisions about what belongs to the caller after the cursor, oldest first. A cursor that this store never
// gave out (its data were set back) gives KindCursor.
func (o *Office) Changes(ctx context.Context, who Caller, after int64) (central.Changes, error) {
	const op = "read changes"
	var page central.Changes
	err := o.db.View(ctx, func(tx data.Tx) error {
		page = central.Changes{Changes: []central.Change{}, Next: after}
		newest, err := tx.Last(data.Changes)
		if err != nil {
			return err
		}
		if after < 0 || uint64(after) > newest {
			return &Error{op, KindCursor, fmt.Errorf("the cursor %d is not from this store; ask again with after=0", after)}
		}
		return numbered(tx, data.Changes, data.Key(who.Owner, nil), uint64(after)+1, func(_ uint64, value []byte) (bool, error) {
			if len(page.Changes) == pageOfChanges {
				page.More = true
				return true, nil
			}
			var c central.Change
			if err := json.Unmarshal(value, &c); err != nil {
				return true, err
			}
			page.Changes, page.Next = append(page.Changes, c), c.Cursor
			return false, nil
		})
	})
	return page, wrap(op, err)
}

// Tell puts a change into an owner's feed, within the transaction of the decision itself. It sets the cursor, and At when that is
// zero. Tell last: until the end of the transaction other decisions wait for their cursor.
func Tell(tx data.Tx, owner string, c central.Change) error {
	n, err := tx.Next(data.Changes)
	if err != nil {
		return fmt.Errorf("change: %w", err)
	}
	c.Cursor = int64(n)
	if c.At.IsZero() {
		c.At = time.Now().UTC().Truncate(time.Millisecond)
	}
	tx.Tell()
	return data.PutJSON(tx, data.Changes, data.Key(owner, data.Number(n)), c)
}

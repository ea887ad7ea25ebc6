package office

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
	"rekey/app/central"
)

// pageOfChanges is the most that one answer carries.
const pageOfChanges = 100

// Changes gives the decisions about one client's cases after the cursor, oldest first.
// A cursor that this store never gave out (its data were set back) gives KindCursor.
func (o *Office) Changes(client string, after int64) (central.Changes, error) {
	const op = "read changes"
	page := central.Changes{Changes: []central.Change{}, Next: after}
	err := o.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketChanges)
		if after < 0 || uint64(after) > b.Sequence() {
			return &Error{op, KindCursor, fmt.Errorf("the cursor %d is not from this store; ask again with after=0", after)}
		}
		prefix, cursor := []byte(client+"/"), b.Cursor()
		for key, data := cursor.Seek(changeKey(client, uint64(after)+1)); bytes.HasPrefix(key, prefix); key, data = cursor.Next() {
			if len(page.Changes) == pageOfChanges {
				page.More = true
				return nil
			}
			var c central.Change
			if err := json.Unmarshal(data, &c); err != nil {
				return err
			}
			page.Changes = append(page.Changes, c)
			page.Next = c.Cursor
		}
		return nil
	})
	return page, wrap(op, err)
}

func changeKey(client string, cursor uint64) []byte {
	return append([]byte(client+"/"), number(cursor)...)
}

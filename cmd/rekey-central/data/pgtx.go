package data

import (
	"bytes"
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Rows of a page that Scan asks for: the first one, and the next ones.
const (
	firstPage = 64
	nextPage  = 256
)

// pgTx is one try of a transaction. What needs no answer waits and goes with the next question, so that a transaction takes as
// many round trips as it has questions that depend on each other, and one for the end.
type pgTx struct {
	ctx    context.Context
	conn   *pgx.Conn
	batch  *pgx.Batch        // what waits
	known  map[string][]byte // values read and written, by bucket and key; nil when there is none
	coming map[string]bool   // values that what waits will read
	number string            // of the transaction, to ask for its end

	writes, sent, read, tell, committing bool
	err                                  error // of the connection or the database
}

func newTx(ctx context.Context, conn *pgx.Conn, begin string) *pgTx {
	t := &pgTx{ctx: ctx, conn: conn, batch: &pgx.Batch{}, known: map[string][]byte{}, coming: map[string]bool{}}
	t.do(begin)
	return t
}

// do queues what needs no answer.
func (t *pgTx) do(sql string, args ...any) { t.batch.Queue(sql, args...) }

// ask queues a question; the answer is there after send.
func (t *pgTx) ask(sql string, args []any, each func(pgx.CollectableRow) error) {
	t.batch.Queue(sql, args...).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		for rows.Next() {
			if err := each(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// send sends what waits and reads all answers.
func (t *pgTx) send() error {
	if t.err != nil {
		return t.err
	}
	batch := t.batch
	t.batch, t.sent = &pgx.Batch{}, true
	t.err = t.conn.SendBatch(t.ctx, batch).Close()
	t.read = t.read || t.err == nil
	clear(t.coming)
	return t.err
}

func (t *pgTx) commit() error {
	if t.tell {
		t.do("select pg_notify($1, '')", channel)
	}
	t.do("commit")
	ctx, cancel := context.WithoutCancel(t.ctx), func() {} // a commit that has begun is not broken off by a caller that goes
	if end, has := t.ctx.Deadline(); has {
		ctx, cancel = context.WithDeadline(ctx, end)
	}
	defer cancel()
	t.ctx, t.committing = ctx, true
	return t.send()
}

// rollback gives the connection back clean, or closed.
func (t *pgTx) rollback() {
	if !t.sent || t.conn.IsClosed() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), time.Second) // else the connection goes, and the transaction with it
	defer cancel()
	if _, err := t.conn.Exec(ctx, "rollback"); err != nil {
		_ = t.conn.Close(ctx)
	}
}

// Lock: see Tx. What was read before may have changed while waiting.
func (t *pgTx) Lock(name string) error {
	if len(t.coming) > 0 {
		if err := t.send(); err != nil {
			return err
		}
	}
	clear(t.known)
	t.do("select pg_advisory_xact_lock(hashtextextended($1, 0))", name)
	return nil
}

// Ahead: see Tx.
func (t *pgTx) Ahead(b Bucket, keys ...[]byte) {
	var unknown [][]byte
	for _, key := range keys {
		id := place(b, key)
		if _, is := t.known[id]; !is && !t.coming[id] {
			t.coming[id] = true
			unknown = append(unknown, key)
		}
	}
	if len(unknown) == 0 {
		return
	}
	found := map[string][]byte{}
	t.batch.Queue("select key, value from rekey.records where bucket = $1 and key = any($2)", string(b), unknown).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		for rows.Next() {
			var key, value []byte
			if err := rows.Scan(&key, &value); err != nil {
				return err
			}
			found[string(key)] = value
		}
		for _, key := range unknown {
			t.known[place(b, key)] = found[string(key)]
		}
		return rows.Err()
	})
}

func place(b Bucket, key []byte) string { return string(b) + "\x00" + string(key) }

// Get: see Tx.
func (t *pgTx) Get(b Bucket, key []byte) ([]byte, error) {
	t.Ahead(b, key)
	if t.coming[place(b, key)] {
		if err := t.send(); err != nil {
			return nil, err
		}
	}
	return bytes.Clone(t.known[place(b, key)]), t.err
}

// Put: see Tx.
func (t *pgTx) Put(b Bucket, key, value []byte) error {
	value = append([]byte{}, value...)
	t.do("insert into rekey.records (bucket, key, value) values ($1, $2, $3) on conflict (bucket, key) do update set value = excluded.value",
		string(b), bytes.Clone(key), value)
	return t.wrote(b, key, value)
}

// Delete: see Tx.
func (t *pgTx) Delete(b Bucket, key []byte) error {
	t.do("delete from rekey.records where bucket = $1 and key = $2", string(b), bytes.Clone(key))
	return t.wrote(b, key, nil)
}

// wrote remembers what Get has to give from now on.
func (t *pgTx) wrote(b Bucket, key, value []byte) error {
	if t.coming[place(b, key)] { // the older value is still to come
		if err := t.send(); err != nil {
			return err
		}
	}
	t.known[place(b, key)] = value
	return t.err
}

// Scan: see Tx. It reads in pages, so that f may ask for more in between.
func (t *pgTx) Scan(b Bucket, prefix, from []byte, f func(key, value []byte) (bool, error)) error {
	if bytes.Compare(from, prefix) < 0 {
		from = prefix
	}
	sql, args := "select key, value from rekey.records where bucket = $1 and key >= $2 order by key limit $3", []any{string(b), nil, nil}
	if end := after(prefix); end != nil {
		sql, args = "select key, value from rekey.records where bucket = $1 and key >= $2 and key < $4 order by key limit $3", append(args, end)
	}
	for limit := firstPage; ; limit = nextPage {
		var keys, values [][]byte
		args[1], args[2] = append([]byte{}, from...), limit
		t.ask(sql, args, func(row pgx.CollectableRow) error {
			var key, value []byte
			err := row.Scan(&key, &value)
			keys, values = append(keys, key), append(values, value)
			return err
		})
		if err := t.send(); err != nil {
			return err
		}
		for i, key := range keys {
			if stop, err := f(key, values[i]); err != nil || stop {
				return err
			}
		}
		if len(keys) < limit {
			return nil
		}
		from = append(bytes.Clone(keys[len(keys)-1]), 0)
	}
}

// after is the first key behind all that begin with prefix; nil when there is none.
func after(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] < 0xff {
			end := bytes.Clone(prefix[:i+1])
			end[i]++
			return end
		}
	}
	return nil
}

// Next: see Tx. The row of the counter stays locked until the end: who comes later gets a later number and is seen later.
func (t *pgTx) Next(b Bucket) (uint64, error) {
	return t.count("insert into rekey.counters as c (bucket, n) values ($1, 1) on conflict (bucket) do update set n = c.n + 1 returning n", b)
}

// Last: see Tx.
func (t *pgTx) Last(b Bucket) (uint64, error) {
	return t.count("select n from rekey.counters where bucket = $1", b)
}

func (t *pgTx) count(sql string, b Bucket) (uint64, error) {
	var n int64
	t.ask(sql, []any{string(b)}, func(row pgx.CollectableRow) error { return row.Scan(&n) })
	err := t.send()
	return uint64(n), err
}

// Tell: see Tx.
func (t *pgTx) Tell() { t.tell = true }

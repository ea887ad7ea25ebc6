package data

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
)

// rows keeps documents as rows of a PostgreSQL.
type rows struct{ pool *pool }

var _ Blobs = (*rows)(nil)

// Close: the DB closes the connections.
func (r *rows) Close() error { return nil }

// Put: see Blobs. A document of one part is one statement; a longer one goes up like an upload of nobody's, so that no
// transaction waits for a slow line.
func (r *rows) Put(ctx context.Context, sum string, body io.Reader, most int64) (created bool, err error) {
	var first []byte
	nobody, size, hash := " "+rand.Text(), int64(0), sha256.New()
	err = parts(ctx, body, most+1, func(part []byte) error {
		hash.Write(part)
		start := size
		if size += int64(len(part)); size > most {
			return ErrTooMany
		}
		if start == 0 {
			first = bytes.Clone(part)
			return nil
		}
		if start == int64(len(first)) {
			if err := r.keep(ctx, nobody, sum, 0, first); err != nil {
				return err
			}
		}
		return r.keep(ctx, nobody, sum, start, part)
	})
	if err == nil {
		err = fits(size, most, sumOf(hash), sum)
	}
	switch {
	case err == nil && size == int64(len(first)):
		return r.small(ctx, sum, first)
	case err == nil:
		created, err = r.adopt(ctx, nobody, sum, size)
	}
	if err != nil && size > int64(len(first)) {
		err = errors.Join(err, r.drop(context.WithoutCancel(ctx), nobody, sum))
	}
	return created, err
}

// small keeps a document of one part.
func (r *rows) small(ctx context.Context, sum string, content []byte) (bool, error) {
	done, err := r.pool.do(ctx, `with placed as (insert into rekey.blobs (sum, size) values ($1, $2) on conflict do nothing returning blob)
		insert into rekey.parts (blob, start, bytes) select blob, 0, $3::bytea from placed`, sum, len(content), content)
	return done.RowsAffected() == 1, err
}

// Append: see Blobs.
func (r *rows) Append(ctx context.Context, owner, sum string, offset, total int64, body io.Reader) (int64, error) {
	if here, err := r.Received(ctx, owner, sum); err != nil || here != offset {
		return here, errors.Join(err, offsetError(here, offset))
	}
	here := offset
	kept := context.WithoutCancel(ctx) // what has arrived is kept although the caller went away
	err := parts(ctx, body, total-offset, func(part []byte) error {
		err := r.keep(kept, owner, sum, here, part)
		var other *OffsetError
		if errors.As(err, &other) {
			here = other.Offset
		}
		if err == nil {
			here += int64(len(part))
		}
		return err
	})
	return here, err
}

// keep adds one part to an upload that ends at start. The lock makes one owner's parts come one after another, so that neither the
// end nor the limit is passed by two at once.
func (r *rows) keep(ctx context.Context, owner, sum string, start int64, part []byte) error {
	ctx, cancel := r.pool.limit(ctx)
	defer cancel()
	batch, added := &pgx.Batch{}, false
	batch.Queue("select pg_advisory_xact_lock(hashtextextended($1, 0))", "upload/"+owner)
	batch.Queue(`with room as (select coalesce(sum(size), 0) + $4::bigint <= $6::bigint as is_there, coalesce(bool_or(sum = $2), false) as begun
			from rekey.uploads where owner = $1),
		grown as (insert into rekey.uploads as u (owner, sum, size, touched) select $1, $2, $4::bigint, now() from room where is_there and (begun or $3::bigint = 0)
			on conflict (owner, sum) do update set size = u.size + $4::bigint, touched = now() where u.size = $3::bigint returning blob)
		insert into rekey.parts (blob, start, bytes) select blob, $3::bigint, $5::bytea from grown returning true`,
		owner, sum, start, int64(len(part)), part, int64(MaxUnfinished)).Query(func(rows pgx.Rows) error {
		defer rows.Close()
		added = rows.Next()
		return rows.Err()
	})
	if err := r.pool.SendBatch(ctx, batch).Close(); err != nil || added {
		return err
	}
	here, err := r.Received(ctx, owner, sum)
	if err == nil && here == start {
		return ErrUnfinished
	}
	return errors.Join(err, offsetError(here, start))
}

// Received: see Blobs.
func (r *rows) Received(ctx context.Context, owner, sum string) (int64, error) {
	var size int64
	err := r.pool.row(ctx, []any{&size}, "select size from rekey.uploads where owner = $1 and sum = $2", owner, sum)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return size, err
}

// Finish: see Blobs.
func (r *rows) Finish(ctx context.Context, owner, sum string) (bool, error) {
	in := &rowsReader{ctx: ctx, pool: r.pool}
	err := r.pool.row(ctx, []any{&in.blob, &in.size}, "select blob, size from rekey.uploads where owner = $1 and sum = $2", owner, sum)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, fs.ErrNotExist
	}
	if err != nil {
		return false, err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, in); err != nil {
		return false, err
	}
	if sumOf(hash) != sum {
		return false, errors.Join(ErrSum, r.drop(ctx, owner, sum))
	}
	return r.adopt(ctx, owner, sum, in.size)
}

// adopt makes an upload of size bytes, which have been checked, a document.
func (r *rows) adopt(ctx context.Context, owner, sum string, size int64) (created bool, err error) {
	var was bool
	err = r.pool.row(ctx, []any{&was, &created}, `with done as (delete from rekey.uploads where owner = $1 and sum = $2 and size = $3 returning blob),
		placed as (insert into rekey.blobs (sum, blob, size) select $2, blob, $3 from done on conflict do nothing returning blob),
		gone as (delete from rekey.parts where blob in (select blob from done) and not exists (select 1 from placed))
		select exists (select 1 from done), exists (select 1 from placed)`, owner, sum, size)
	if err == nil && !was { // another line has finished it, or gone on with it
		sizes, err := r.Sizes(ctx, sum)
		if err == nil && sizes[sum] == 0 {
			err = fs.ErrNotExist
		}
		return false, err
	}
	return created, err
}

// drop throws an upload away.
func (r *rows) drop(ctx context.Context, owner, sum string) error {
	_, err := r.pool.do(ctx, `with old as (delete from rekey.uploads where owner = $1 and sum = $2 returning blob)
		delete from rekey.parts where blob in (select blob from old)`, owner, sum)
	return err
}

// Prune: see Blobs.
func (r *rows) Prune(ctx context.Context, before time.Time) error {
	_, err := r.pool.do(ctx, `with old as (delete from rekey.uploads where touched < $1 returning blob)
		delete from rekey.parts where blob in (select blob from old)`, before)
	return err
}

// Sizes: see Blobs.
func (r *rows) Sizes(ctx context.Context, sums ...string) (map[string]int64, error) {
	sizes := map[string]int64{}
	if len(sums) == 0 {
		return sizes, nil
	}
	var sum string
	var size int64
	err := r.pool.each(ctx, []any{&sum, &size}, func() error {
		sizes[sum] = size
		return nil
	}, "select sum, size from rekey.blobs where sum = any($1)", sums)
	return sizes, err
}

// Open: see Blobs. The first part comes along, so that a small document costs one answer and is there whole or not at all.
func (r *rows) Open(ctx context.Context, sum string) (io.ReadSeekCloser, error) {
	in := &rowsReader{ctx: ctx, pool: r.pool}
	err := r.pool.row(ctx, []any{&in.blob, &in.size, &in.part}, `select b.blob, b.size, coalesce(p.bytes, '') from rekey.blobs b
		left join rekey.parts p on p.blob = b.blob and p.start = 0 where b.sum = $1`, sum)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	return in, nil
}

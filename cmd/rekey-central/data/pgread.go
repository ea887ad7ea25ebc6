package data

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

// errPartGone: it was thrown away meanwhile, or is damaged.
var errPartGone = errors.New("a part of the document is not in the database")

// rowsReader reads a blob part by part; between two parts it holds no connection.
type rowsReader struct {
	ctx        context.Context
	pool       *pool
	blob, size int64
	at         int64 // where reading goes on

	start int64 // of part
	part  []byte
}

func (r *rowsReader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if r.at < r.start || r.at >= r.start+int64(len(r.part)) {
		if err := r.fetch(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.part[r.at-r.start:])
	r.at += int64(n)
	return n, nil
}

// fetch gets the part with the next byte.
func (r *rowsReader) fetch() error {
	err := r.pool.row(r.ctx, []any{&r.start, &r.part}, "select start, bytes from rekey.parts where blob = $1 and start <= $2 order by start desc limit 1", r.blob, r.at)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && r.at >= r.start+int64(len(r.part)) {
		r.part = nil
		return errPartGone
	}
	return err
}

func (r *rowsReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, fs.ErrInvalid
	}
	r.at = offset
	return offset, nil
}

func (r *rowsReader) Close() error { return nil }

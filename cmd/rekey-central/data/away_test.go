package data_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/officetest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestIsAway(t *testing.T) {
	for _, err := range []error{context.DeadlineExceeded, &pgconn.PgError{Code: "57P01"}, &pgconn.PgError{Code: "08006"}, &pgconn.PgError{Code: "53300"},
		&net.OpError{Op: "read", Err: syscall.ECONNRESET}, io.ErrUnexpectedEOF, data.ErrUnknown} {
		if !data.IsAway(fmt.Errorf("work: %w", err)) {
			t.Errorf("%v", err)
		}
	}
	for _, err := range []error{nil, context.Canceled, errors.New("x"), &pgconn.PgError{Code: "53100"}, &pgconn.PgError{Code: "23505"}, data.ErrSum, fs.ErrNotExist,
		&fs.PathError{Op: "write", Err: syscall.ENOSPC}, &fs.PathError{Op: "read", Err: syscall.EIO}, &data.BodyError{Err: io.ErrUnexpectedEOF}, &data.BodyError{Err: context.DeadlineExceeded}} {
		if data.IsAway(err) {
			t.Errorf("%v", err)
		}
	}
}

// Whatever is asked of a database that does not answer comes back with an error, after the patience.
func TestPatience(t *testing.T) {
	address := datatest.Database(t)
	db, blobs, err := data.OpenPostgres(t.Context(), address, 200*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sum := officetest.Sum([]byte("x"))
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, sql := range []string{"begin", "lock table rekey.records, rekey.counters, rekey.blobs, rekey.uploads, rekey.parts in access exclusive mode"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for name, f := range map[string]func(context.Context) error{
		"view": func(ctx context.Context) error {
			return db.View(ctx, func(tx data.Tx) error { _, err := tx.Get(data.Meta, []byte("x")); return err })
		},
		"write at the end": func(ctx context.Context) error {
			return db.Update(ctx, func(tx data.Tx) error { return tx.Put(data.Meta, []byte("x"), nil) })
		},
		"next": func(ctx context.Context) error {
			return db.Update(ctx, func(tx data.Tx) error { _, err := tx.Next(data.Audit); return err })
		},
		"put": func(ctx context.Context) error { _, err := blobs.Put(ctx, sum, strings.NewReader("x"), 10); return err },
		"append": func(ctx context.Context) error {
			_, err := blobs.Append(ctx, "o", sum, 0, 2, strings.NewReader("x"))
			return err
		},
		"received": func(ctx context.Context) error { _, err := blobs.Received(ctx, "o", sum); return err },
		"finish":   func(ctx context.Context) error { _, err := blobs.Finish(ctx, "o", sum); return err },
		"sizes":    func(ctx context.Context) error { _, err := blobs.Sizes(ctx, sum); return err },
		"open":     func(ctx context.Context) error { _, err := blobs.Open(ctx, sum); return err },
		"prune":    func(ctx context.Context) error { return blobs.Prune(ctx, time.Now()) },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if err := f(ctx); !data.IsAway(err) || ctx.Err() != nil {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

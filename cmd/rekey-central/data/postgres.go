package data

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	connections = 16               // at most, unless the address says pool_max_conns
	tries       = 12               // of a transaction that others came in the way of, or whose connection broke
	usual       = 20 * time.Second // patience, unless the caller has another
	diskFull    = "53100"
	failedOrder = "40001" // serialization_failure
	deadlock    = "40P01"
)

// ErrUnknown: the connection broke while the transaction was being kept, and the database cannot say whether it was.
var ErrUnknown = errors.New("the connection to the database broke; whether the change was kept is not known")

// ErrAddress: the address itself is not told, because it may hold a password.
var ErrAddress = errors.New(`the database's address cannot be read; want postgres://USER@HOST/NAME or "host=… user=… dbname=…"`)

// Postgres is a database that several servers may share. The connections need sessions of their own: a proxy that changes
// sessions between transactions does not do.
type Postgres struct {
	pool *pool
	news news
	stop context.CancelFunc
	done chan struct{} // closed when listening has ended
}

var _ DB = (*Postgres)(nil)

// OpenPostgres connects and makes the tables (schema "rekey") when they are not there. Both share the connections, which the DB closes.
// patience is how long a transaction, or a statement about documents, may take; after it comes an error of which IsAway is true.
// 0 is 20 seconds.
func OpenPostgres(ctx context.Context, address string, patience time.Duration) (DB, Blobs, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, nil, ErrAddress
	}
	if !strings.Contains(address, "pool_max_conns") {
		config.MaxConns = connections
	}
	config.ConnConfig.RuntimeParams["default_transaction_isolation"] = "read committed"
	config.ConnConfig.RuntimeParams["application_name"] = "rekey-central"
	connected, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, err
	}
	pool := &pool{connected, cmp.Or(patience, usual)}
	if err := layOut(ctx, pool); err != nil {
		pool.Close()
		return nil, nil, err
	}
	listening, stop := context.WithCancel(context.Background())
	p := &Postgres{pool: pool, stop: stop, done: make(chan struct{})}
	go p.listen(listening, config.ConnConfig)
	return p, &rows{pool}, nil
}

// Close ends the work; transactions that run are finished first.
func (p *Postgres) Close() error {
	p.stop()
	<-p.done
	p.pool.Close()
	return nil
}

// News: see DB.
func (p *Postgres) News() <-chan struct{} { return p.news.wait() }

// View: see DB. It is run again only when the connection was found broken before anything was read.
func (p *Postgres) View(ctx context.Context, f func(Tx) error) error {
	_, err := p.run(ctx, f, func(ctx context.Context, c *pgx.Conn) *pgTx {
		return newTx(ctx, c, "begin isolation level repeatable read read only")
	})
	return err
}

// Update: see DB.
func (p *Postgres) Update(ctx context.Context, f func(Tx) error) error {
	tell, err := p.run(ctx, f, func(ctx context.Context, c *pgx.Conn) *pgTx {
		t := newTx(ctx, c, "begin isolation level read committed")
		t.writes = true
		t.ask("select pg_current_xact_id()::text", nil, func(row pgx.CollectableRow) error { return row.Scan(&t.number) })
		return t
	})
	if err == nil && tell { // this server need not wait for the database to tell it
		p.news.tell()
	}
	return err
}

// run tries a transaction until it is kept, or refused for a reason that another try does not change, or patience ends.
func (p *Postgres) run(ctx context.Context, f func(Tx) error, begin func(context.Context, *pgx.Conn) *pgTx) (tell bool, err error) {
	ctx, cancel := p.pool.limit(ctx)
	defer cancel()
	for try := 1; ; try++ {
		var again bool
		if tell, again, err = p.once(ctx, f, begin); !again || try == tries || ctx.Err() != nil {
			return tell, err
		}
		wait := time.Duration(rand.Int64N(int64(time.Millisecond) << min(try, 9)))
		select {
		case <-ctx.Done():
			return false, err
		case <-time.After(wait):
		}
	}
}

// once tries a transaction; again tells whether another try is right: nothing of this one was kept.
func (p *Postgres) once(ctx context.Context, f func(Tx) error, begin func(context.Context, *pgx.Conn) *pgTx) (tell, again bool, err error) {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return false, true, err
	}
	defer conn.Release() // closes the connection when it is in the middle of something
	t := begin(ctx, conn.Conn())
	if err = f(t); err == nil && t.err == nil {
		if err = t.commit(); err == nil {
			return t.tell, false, nil
		}
	}
	if t.err == nil { // f refused
		t.rollback()
		return false, false, err
	}
	if err == nil {
		err = t.err
	}
	switch {
	case !conn.Conn().IsClosed():
		t.rollback()
		return false, code(t.err) == failedOrder || code(t.err) == deadlock, err
	case !t.read: // and so a second run writes just the same
		return false, true, err
	case !t.writes || !t.committing:
		return false, t.writes, err
	}
	kept, known := p.outcome(ctx, t.number)
	if kept {
		return t.tell, false, nil
	}
	if !known {
		err = errors.Join(ErrUnknown, err)
	}
	return false, known, err
}

// outcome asks, over another connection, how a transaction ended whose connection broke.
func (p *Postgres) outcome(ctx context.Context, number string) (kept, known bool) {
	ctx, cancel := p.pool.limit(context.WithoutCancel(ctx))
	defer cancel()
	for {
		var status *string
		err := p.pool.QueryRow(ctx, "select pg_xact_status($1::text::xid8)", number).Scan(&status)
		switch {
		case err == nil && status == nil: // long ago
			return false, false
		case err == nil && *status != "in progress":
			return *status == "committed", true
		}
		select {
		case <-ctx.Done():
			return false, false
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// code is the SQLSTATE of an error of the database, or "".
func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

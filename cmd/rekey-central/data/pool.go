package data

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pool are the connections, and how long anybody waits for one and its answer.
type pool struct {
	*pgxpool.Pool
	patience time.Duration
}

func (p *pool) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, p.patience)
}

// do runs a statement.
func (p *pool) do(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	ctx, cancel := p.limit(ctx)
	defer cancel()
	return p.Exec(ctx, sql, args...)
}

// row reads one row into the places given; pgx.ErrNoRows when there is none.
func (p *pool) row(ctx context.Context, into []any, sql string, args ...any) error {
	ctx, cancel := p.limit(ctx)
	defer cancel()
	return p.QueryRow(ctx, sql, args...).Scan(into...)
}

// each reads row after row into the places given and calls f.
func (p *pool) each(ctx context.Context, into []any, f func() error, sql string, args ...any) error {
	ctx, cancel := p.limit(ctx)
	defer cancel()
	found, err := p.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(found, into, f)
	return err
}

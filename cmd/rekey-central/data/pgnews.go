package data

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	channel   = "rekey_news"
	heartbeat = 30 * time.Second // how often a silent connection is tried
	longest   = 5 * time.Second  // between two tries to connect
)

// listen wakes this server's waiters when any server tells news, until ctx ends. After each new connection it wakes once, since
// something may have been told meanwhile.
func (p *Postgres) listen(ctx context.Context, config *pgx.ConnConfig) {
	defer close(p.done)
	for wait := longest / 64; ctx.Err() == nil; wait = min(2*wait, longest) {
		if heard := p.hear(ctx, config.Copy()); heard {
			wait = longest / 64
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// hear listens on one connection until it breaks, and tells whether it ever worked.
func (p *Postgres) hear(ctx context.Context, config *pgx.ConnConfig) (heard bool) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return false
	}
	p.news.tell()
	for {
		if err := p.next(ctx, conn); err != nil {
			return true
		}
	}
}

// next waits for one piece of news, or tries the connection when there is none for long.
func (p *Postgres) next(ctx context.Context, conn *pgx.Conn) error {
	limited, cancel := context.WithTimeout(ctx, heartbeat)
	defer cancel()
	_, err := conn.WaitForNotification(limited)
	if err == nil {
		p.news.tell()
		return nil
	}
	if ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	trying, stop := context.WithTimeout(ctx, heartbeat/3)
	defer stop()
	return conn.Ping(trying)
}

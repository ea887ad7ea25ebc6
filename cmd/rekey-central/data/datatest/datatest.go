// Package datatest gives tests a database of each sort: a file, and a real PostgreSQL.
//
// The PostgreSQL is a cluster of this test binary alone, made from the system's programs in a temporary folder at the first use,
// with fsync, a socket in that folder and no network. Main stops it; the kernel does when the binary dies.
package datatest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const start = 60 * time.Second // to make and start a cluster on a busy machine

// Main runs the tests of a package that uses PostgreSQL, and stops it: func TestMain(m *testing.M) { datatest.Main(m) }
func Main(m *testing.M) {
	status := m.Run()
	Stop()
	os.Exit(status)
}

// Stop stops the PostgreSQL of this test binary, for a TestMain that has more to do than Main.
func Stop() { shared.stop() }

// Each runs a test once with bbolt (database is "") and once with an empty PostgreSQL (database is its address).
func Each(t *testing.T, f func(t *testing.T, database string)) {
	t.Run("bbolt", func(t *testing.T) { f(t, "") })
	t.Run("postgres", func(t *testing.T) { f(t, Database(t)) })
}

var (
	shared cluster
	made   atomic.Int64
)

// Database makes an empty database and gives its address; it goes with the cluster, since dropping one costs a checkpoint.
func Database(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() { shared.err = shared.start() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	name := fmt.Sprintf("test%d", made.Add(1))
	Do(t, shared.address("postgres"), "create database "+name)
	return shared.address(name)
}

// Do runs a statement over a connection of its own.
func Do(t testing.TB, database, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// cluster is a running PostgreSQL.
type cluster struct {
	once   sync.Once
	err    error
	dir    string
	server *exec.Cmd
	ended  chan struct{}
}

func (c *cluster) address(database string) string {
	return "host=" + c.dir + " user=rekey dbname=" + database
}

func (c *cluster) start() (err error) {
	initdb, err := program("initdb")
	if err != nil {
		return err
	}
	postgres, err := program("postgres")
	if err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", "rekey-pg-"); err != nil {
		return err
	}
	if err := giveAway(c.dir); err != nil {
		return err
	}
	files, log := filepath.Join(c.dir, "data"), filepath.Join(c.dir, "log")
	if out, err := command(initdb, "-D", files, "-U", "rekey", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	c.server = command(postgres, "-D", files, "-k", c.dir, "-c", "listen_addresses=", "-c", "fsync=on", "-c", "shared_buffers=16MB", "-c", "max_connections=200")
	out, err := os.Create(log)
	if err != nil {
		return err
	}
	defer out.Close()
	c.server.Stdout, c.server.Stderr = out, out
	c.ended = make(chan struct{})
	started := make(chan error)
	go watch(c.server, started, c.ended)
	if err := <-started; err != nil {
		return err
	}
	return c.ready(log)
}

// ready waits for the first answer.
func (c *cluster) ready(log string) error {
	ctx, cancel := context.WithTimeout(context.Background(), start)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.address("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.ended:
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
			continue
		}
		said, _ := os.ReadFile(log)
		return fmt.Errorf("postgres does not answer: %w\n%s", err, said)
	}
}

func (c *cluster) stop() {
	if c.server != nil && c.server.Process != nil {
		_ = c.server.Process.Signal(quit)
		<-c.ended
	}
	if c.dir != "" {
		_ = os.RemoveAll(c.dir)
	}
}

// program finds a program of the newest PostgreSQL here.
func program(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%s is not here: install postgresql", name)
	}
	return found[len(found)-1], nil // versions of two digits sort as words
}

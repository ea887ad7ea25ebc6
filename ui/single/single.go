// Package single lets one window work with a store: a second start asks the first one to come to the front and ends.
//
// It promises: no port is open to other machines (a Unix socket beside the store, on Windows the loopback address with a word that
// only this user can read), a window that has crashed is not in the way, and a call that comes before the window is
// ready is not lost. It is not the store's lock: two starts in the same moment are told apart by the store itself.
package single

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

// ErrRunning says that another window works with this store. It has been asked to come to the front.
var ErrRunning = errors.New("rekey is already open")

// patience is how long the other side may take to answer.
const patience = 2 * time.Second

// maxCall is how many bytes of a call are read.
const maxCall = 256

// Lock is the right to the one window. Release gives it back.
type Lock struct {
	listener net.Listener
	word     string // what a caller must say
	clean    func() error

	mu      sync.Mutex
	call    func()
	waiting bool // somebody called before OnCall
}

// Claim takes the right to the window for the store in a folder, or gives ErrRunning.
func Claim(ctx context.Context, dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("claim the window: %w", err)
	}
	return claim(ctx, dir, system)
}

// way is how two starts on one machine reach each other.
type way struct {
	dial   func(ctx context.Context, dir string) (conn net.Conn, word string, err error)
	listen func(dir string) (listener net.Listener, word string, clean func() error, err error)
}

func claim(ctx context.Context, dir string, by way) (*Lock, error) {
	if conn, word, err := by.dial(ctx, dir); err == nil {
		defer conn.Close()
		if called(conn, word) {
			return nil, ErrRunning
		}
	}
	listener, word, clean, err := by.listen(dir)
	if err != nil {
		return nil, fmt.Errorf("claim the window: %w", err)
	}
	l := &Lock{listener: listener, word: word, clean: clean}
	go l.serve()
	return l, nil
}

// called asks the other window to come, and says whether it heard.
func called(conn net.Conn, word string) bool {
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprintln(conn, word); err != nil {
		return false
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && answer == "coming\n"
}

func (l *Lock) serve() {
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			return
		}
		go l.answer(conn)
	}
}

func (l *Lock) answer(conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	line, err := bufio.NewReader(io.LimitReader(conn, maxCall)).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != l.word {
		return
	}
	_, _ = fmt.Fprintln(conn, "coming")
	l.mu.Lock()
	call := l.call
	l.waiting = call == nil
	l.mu.Unlock()
	if call != nil {
		call()
	}
}

// OnCall says what to do when another start asks for the window. It is called on a goroutine of its own.
func (l *Lock) OnCall(f func()) {
	l.mu.Lock()
	l.call = f
	waiting := l.waiting
	l.waiting = false
	l.mu.Unlock()
	if waiting {
		go f()
	}
}

// Release gives the right back.
func (l *Lock) Release() error {
	return errors.Join(l.listener.Close(), l.clean())
}

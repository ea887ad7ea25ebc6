package token

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// child is one running helper process and the connection to it.
type child struct {
	cmd    *exec.Cmd
	stderr *tail
	stdin  io.WriteCloser
	out    *os.File
	ended  chan struct{} // closed when the process is gone
	state  string        // how it ended; valid after ended is closed

	speak    *speaker
	listener *gob.Decoder
	heard    chan *wireReply // what listen takes in, closed when no more can come; nil when hear reads
	broken   error           // why; valid after heard is closed
}

// lateError says that the child gave no answer in time.
type lateError struct {
	limit time.Duration
	cause error // the context's error, if it was that
}

func (e *lateError) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("given up while the module worked: %v", e.cause)
	}
	return fmt.Sprintf("no answer within %v", e.limit)
}

func (e *lateError) Unwrap() error { return e.cause }

func startChild(command []string, path string) (*child, error) {
	if len(command) == 0 {
		return nil, errors.New("no command given")
	}
	out, childOut, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(command[0], append(append([]string(nil), command[1:]...), path)...)
	c := &child{cmd: cmd, stderr: &tail{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = childOut, c.stderr
	cmd.WaitDelay = time.Second // a process that the vendor's library started may keep stderr open
	hideWindow(cmd)
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	childOut.Close()
	if err != nil {
		out.Close()
		return nil, err
	}
	c.stdin = in
	c.out, c.speak, c.listener = out, newSpeaker(in), newListener(out)
	if err := out.SetReadDeadline(time.Time{}); err != nil {
		c.heard = make(chan *wireReply, 1)
		go c.listen()
	}
	go func() {
		_ = cmd.Wait()
		c.state = cmd.ProcessState.String()
		close(c.ended)
	}()
	return c, nil
}

// ask makes one call. An error means that the child is of no use any more.
func (c *child) ask(ctx context.Context, method string, limit time.Duration, args *wireCall) (*wireReply, error) {
	if err := ctx.Err(); err != nil {
		return &wireReply{Fault: &fault{Op: method, Kind: KindNotAllowed, Text: err.Error()}}, nil
	}
	if in, ok := c.stdin.(interface{ SetWriteDeadline(time.Time) error }); ok {
		_ = in.SetWriteDeadline(time.Now().Add(limit)) // where the system can: a child that does not read
	}
	switch err := c.speak.say(&request{Method: method, Args: *args}); {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &lateError{limit: limit}
	case err != nil:
		return nil, c.crashed(err)
	}
	if c.heard == nil {
		return c.hear(ctx, limit)
	}
	return c.await(ctx, limit)
}

// hear reads the answer where the system's pipes have deadlines: nobody has to hand it on.
func (c *child) hear(ctx context.Context, limit time.Duration) (*wireReply, error) {
	_ = c.out.SetReadDeadline(time.Now().Add(limit)) // it went well at the start
	given := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(given)
		_ = c.out.SetReadDeadline(time.Now().Add(grace))
	})
	reply := new(wireReply)
	err := c.listener.Decode(reply)
	if !stop() {
		<-given
	}
	switch {
	case err == nil:
		return reply, nil
	case !errors.Is(err, os.ErrDeadlineExceeded):
		return nil, c.crashed(err)
	case ctx.Err() != nil:
		return nil, &lateError{cause: ctx.Err()}
	}
	return nil, &lateError{limit: limit}
}

// await takes the answer from listen.
func (c *child) await(ctx context.Context, limit time.Duration) (*wireReply, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var reply *wireReply
	select {
	case reply = <-c.heard:
	case <-timer.C:
		return nil, &lateError{limit: limit}
	case <-ctx.Done():
		select {
		case reply = <-c.heard:
		case <-time.After(grace):
			return nil, &lateError{cause: ctx.Err()}
		}
	}
	if reply == nil {
		return nil, c.crashed(c.broken)
	}
	return reply, nil
}

// listen takes the answers in until the child is gone, where a read cannot be broken off (Windows).
func (c *child) listen() {
	defer close(c.heard)
	for {
		reply := new(wireReply)
		if c.broken = c.listener.Decode(reply); c.broken != nil {
			return
		}
		c.heard <- reply
	}
}

// crashed tells how the child ended, with what it said last.
func (c *child) crashed(cause error) error {
	select {
	case <-c.ended:
	case <-time.After(2 * time.Second):
		return fmt.Errorf("the helper process broke off: %w", cause)
	}
	if said := c.stderr.String(); said != "" {
		return fmt.Errorf("the helper process ended (%s): %s", c.state, said)
	}
	return fmt.Errorf("the helper process ended (%s)", c.state)
}

func (c *child) over() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

func (c *child) kill() {
	_ = c.cmd.Process.Kill() // an error means that it has ended already
	c.stdin.Close()
	c.out.Close()
}

// end closes the child's stdin, upon which it closes the module and ends; when that takes too long it is killed.
func (c *child) end() {
	c.stdin.Close()
	select {
	case <-c.ended:
	case <-time.After(2 * time.Second):
	}
	c.kill()
	<-c.ended
}

// tail keeps the last 2 kB of what is written to it, up to the list of goroutines with which a Go process ends:
// what counts of a crash stands before that.
type tail struct {
	mu   sync.Mutex
	kept []byte
	full bool
}

const tailSize = 2048

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.full {
		return len(b), nil
	}
	t.kept = append(t.kept, b...)
	if i := bytes.Index(t.kept, []byte("\ngoroutine ")); i >= 0 {
		t.kept, t.full = t.kept[:i], true
	}
	if over := len(t.kept) - tailSize; over > 0 {
		t.kept = append([]byte(nil), t.kept[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ToValidUTF8(string(bytes.TrimSpace(t.kept)), "?")
}

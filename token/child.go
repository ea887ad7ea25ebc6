package token

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/rpc"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// child is one running helper process and the connection to it.
type child struct {
	cmd    *exec.Cmd
	client *rpc.Client
	stderr *tail
	stdin  io.Closer
	ended  chan struct{} // closed when the process is gone
	state  string        // how it ended; valid after ended is closed
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
	c.client = rpc.NewClient(&pipes{r: out, w: in})
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
	reply := new(wireReply)
	timer := time.NewTimer(limit)
	defer timer.Stop()
	call := c.client.Go(serviceName+"."+method, args, reply, make(chan *rpc.Call, 1))
	select {
	case <-call.Done:
	case <-timer.C:
		return nil, &lateError{limit: limit}
	case <-ctx.Done():
		select {
		case <-call.Done:
		case <-time.After(grace):
			return nil, &lateError{cause: ctx.Err()}
		}
	}
	if call.Error != nil {
		return nil, c.crashed(call.Error)
	}
	return reply, nil
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
	c.client.Close()
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

// pipes makes one connection of two pipes.
type pipes struct {
	r io.ReadCloser
	w io.WriteCloser
}

func (p *pipes) Read(b []byte) (int, error)  { return p.r.Read(b) }
func (p *pipes) Write(b []byte) (int, error) { return p.w.Write(b) }
func (p *pipes) Close() error                { return errors.Join(p.w.Close(), p.r.Close()) }

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

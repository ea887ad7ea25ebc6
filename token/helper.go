package token

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Limits are the longest times that calls to a child may take.
type Limits struct {
	Call  time.Duration // reading, signing, a PIN given with the call
	Write time.Duration // making keys, writing to the card, initialising it
	Pad   time.Duration // a PIN typed on the reader
}

// DefaultLimits are what Helper uses.
func DefaultLimits() Limits {
	return Limits{Call: 10 * time.Second, Write: 60 * time.Second, Pad: 180 * time.Second}
}

const (
	grace      = 250 * time.Millisecond // what a cancelled call still gets before the child is killed
	busyWait   = time.Second            // how long Readers and Flags wait behind another call before they give the last answer
	firstPause = 100 * time.Millisecond // between the end of a child and the next start, doubled up to maxPause
	maxPause   = time.Second
)

// helper is a module behind a child process. Calls go to it one after the other; the time that one
// waits for its turn does not count against its limit.
type helper struct {
	path    string
	command []string
	limits  Limits
	turn    chan struct{} // holds one value while a call is made

	// Used by the holder of the turn only.
	starts    int // counts children; a session knows by it that its child is gone
	failures  int // children that ended badly, in a row
	notBefore time.Time

	mu     sync.Mutex // guards what follows
	child  *child
	closed bool
	last   []Reader
	known  bool // last is an answer
	flags  string
}

var _ Module = (*helper)(nil)

// Helper gives the module at path, living in a child process that is started on the first call with
// command and path as its arguments (the child runs Serve). A child that hangs is killed (KindModuleHang), one
// that dies is told (KindModuleCrash); the next call starts another. A cancelled context also kills
// the child: nothing else stops a vendor's call. Sessions outlive a child, but not their login.
//
// While a longer call has the module, Readers and Flags give their last answers.
func Helper(path string, command []string) Module {
	return HelperWithin(path, command, DefaultLimits())
}

// HelperWithin is Helper with other time limits.
func HelperWithin(path string, command []string, limits Limits) Module {
	return &helper{path: path, command: command, limits: limits, turn: make(chan struct{}, 1)}
}

// call makes one call. A session's call opens the session again first when its child is gone.
func (h *helper) call(ctx context.Context, op, method string, limit time.Duration, s *remote, args *wireCall) (*wireReply, error) {
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, &Error{Op: op, Kind: KindModuleHang, Err: fmt.Errorf("the module is busy: %w", ctx.Err())}
	}
	defer func() { <-h.turn }()
	c, err := h.running(ctx, op)
	if err != nil {
		return nil, err
	}
	if s != nil {
		if err := h.reopen(ctx, c, op, s); err != nil {
			return nil, err
		}
		args.Session = s.id
	}
	return h.ask(ctx, c, op, method, limit, args)
}

// ask sends one message and keeps the books on children that end badly.
func (h *helper) ask(ctx context.Context, c *child, op, method string, limit time.Duration, args *wireCall) (*wireReply, error) {
	reply, err := c.ask(ctx, method, limit, args)
	if err != nil {
		h.drop(c)
		kind := KindModuleCrash
		var late *lateError
		if errors.As(err, &late) {
			kind = KindModuleHang
		}
		return nil, &Error{Op: op, Kind: kind, Err: err}
	}
	h.failures = 0
	reply.start = h.starts
	if reply.Fault != nil {
		return nil, reply.Fault.err()
	}
	return reply, nil
}

// running gives the child, and starts one when there is none.
func (h *helper) running(ctx context.Context, op string) (*child, error) {
	h.mu.Lock()
	c, closed := h.child, h.closed
	h.mu.Unlock()
	if closed {
		return nil, &Error{Op: op, Kind: KindModuleLoad, Err: errors.New("the module is closed")}
	}
	if c != nil && !c.over() {
		return c, nil
	}
	if c != nil {
		h.drop(c)
	}
	if wait := time.Until(h.notBefore); wait > 0 {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, &Error{Op: op, Kind: KindModuleHang, Err: ctx.Err()}
		}
	}
	c, err := startChild(h.command, h.path)
	if err != nil {
		return nil, &Error{Op: op, Kind: KindModuleLoad, Err: fmt.Errorf("the helper process does not start: %w", err)}
	}
	h.starts++
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		c.kill()
		return nil, &Error{Op: op, Kind: KindModuleLoad, Err: errors.New("the module is closed")}
	}
	h.child = c
	return c, nil
}

func (h *helper) drop(c *child) {
	c.kill()
	h.mu.Lock()
	if h.child == c {
		h.child = nil
	}
	h.mu.Unlock()
	h.notBefore = time.Now().Add(min(firstPause<<min(h.failures, 10), maxPause))
	h.failures++
}

// reopen brings a session into the present child.
func (h *helper) reopen(ctx context.Context, c *child, op string, s *remote) error {
	if s.closed.Load() {
		return &Error{Op: op, Kind: KindNotAllowed, Err: errors.New("the session is closed")}
	}
	if s.start == h.starts {
		return nil
	}
	reply, err := h.ask(ctx, c, op, "Open", h.limits.Call, &wireCall{Serial: s.card.Serial})
	if KindOf(err) == KindNoCard {
		return &Error{Op: op, Kind: KindCardRemoved, Err: err}
	}
	if err != nil {
		return err
	}
	s.id, s.start = reply.Session, h.starts
	return nil
}

func (h *helper) Open(ctx context.Context, serial string) (Session, error) {
	reply, err := h.call(ctx, "open card", "Open", h.limits.Call, nil, &wireCall{Serial: serial})
	if err != nil {
		return nil, err
	}
	return &remote{h: h, card: reply.Card, id: reply.Session, start: reply.start}, nil
}

func (h *helper) InitBlank(ctx context.Context, label string, soPIN, pin []byte) (string, error) {
	args := &wireCall{Label: label, SOPIN: clone(soPIN), PIN: clone(pin)}
	defer wipe(args)
	reply, err := h.call(ctx, "initialise card", "InitBlank", h.limits.Write, nil, args)
	if err != nil {
		return "", err
	}
	return reply.Serial, nil
}

// Close ends the child: it gets a moment to close the module, then it is killed.
func (h *helper) Close() error {
	h.mu.Lock()
	c := h.child
	h.child, h.closed = nil, true
	h.mu.Unlock()
	if c != nil {
		c.end()
	}
	return nil
}

func clone(b []byte) []byte { return append([]byte(nil), b...) }

// wipe overwrites the PINs of a message.
func wipe(args *wireCall) {
	clear(args.PIN)
	clear(args.SOPIN)
	clear(args.NewPIN)
}

// forget closes a session in its child, if that one still runs.
func (h *helper) forget(s *remote) error {
	h.turn <- struct{}{}
	defer func() { <-h.turn }()
	h.mu.Lock()
	c := h.child
	h.mu.Unlock()
	if c == nil || c.over() || s.start != h.starts {
		return nil
	}
	_, err := h.ask(context.Background(), c, "close card", "CloseSession", h.limits.Call, &wireCall{Session: s.id})
	return err
}

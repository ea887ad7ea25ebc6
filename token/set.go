package token

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Snapshot is what all modules together show at one moment.
type Snapshot struct {
	Modules  []ModuleState // in the order of the list
	Readers  []Reader      // a card or reader that two modules show is there once, from the first of them
	Problems []Problem     // what is broken or missing, the first failing layer first
	Service  bool          // the system's smart card service runs (on Linux; elsewhere always true)
	Changes  []Change      // what differs from the snapshot before; only in those of Watch
}

// ModuleState is how one module answered.
type ModuleState struct {
	Path    string
	Kind    Kind   // "" when it answered
	Err     string // "" when it answered
	Readers int    // readers that it shows, merged ones too
}

const (
	// patience is how long a snapshot waits for a slow module before it goes on without it.
	patience = 4 * time.Second
	// pollLimit bounds a question to a module that has no deadline of its own.
	pollLimit = 30 * time.Second
	// pcscSocket is where pcscd listens on Linux (pcsc-lite, PCSCLITE_CSOCK_NAME).
	pcscSocket = "/run/pcscd/pcscd.comm"
)

// Set is many modules together. One that is broken or slow never hides the others.
type Set struct {
	members  []*member
	patience time.Duration
	socket   string
	ctx      context.Context // ends with Close
	cancel   context.CancelFunc
}

// member is one module of a set, and the question to it that is under way.
type member struct {
	path   string
	module Module

	mu      sync.Mutex
	running *question
	last    *question // the last one that was answered
}

// question is one call of Readers. Its fields are valid once done is closed.
type question struct {
	asked   time.Time
	done    chan struct{}
	readers []Reader
	err     error
}

// NewSet puts modules together, in the order of their paths; a path that is there twice counts once.
func NewSet(paths []string, open func(path string) Module) *Set {
	s := &Set{patience: patience, socket: pcscSocket}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	seen := map[string]bool{}
	for _, p := range paths {
		if !seen[p] {
			seen[p] = true
			s.members = append(s.members, &member{path: p, module: open(p)})
		}
	}
	return s
}

// Module gives the module at a path; false when the set does not have it.
func (s *Set) Module(path string) (Module, bool) {
	for _, m := range s.members {
		if m.path == path {
			return m.module, true
		}
	}
	return nil, false
}

// Close closes all modules, at once. The set must not be used afterwards.
func (s *Set) Close() error {
	s.cancel()
	errs := make([]error, len(s.members))
	var all sync.WaitGroup
	for i, m := range s.members {
		all.Go(func() { errs[i] = m.module.Close() })
	}
	all.Wait()
	return errors.Join(errs...)
}

// ask puts the question, or joins the one under way: a module that hangs is asked once, not at every poll.
// The question runs in the set's context, because to give it up would kill a child at work.
func (m *member) ask(ctx context.Context) *question {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running != nil {
		return m.running
	}
	q := &question{asked: time.Now(), done: make(chan struct{})}
	m.running = q
	go func() {
		limited, cancel := context.WithTimeout(ctx, pollLimit)
		defer cancel()
		q.readers, q.err = m.module.Readers(limited)
		m.mu.Lock()
		m.running, m.last = nil, q
		m.mu.Unlock()
		close(q.done)
	}()
	return q
}

// Snapshot asks all modules at once. It takes at most a few seconds: a module that needs longer is named in
// Problems (KindModuleHang) and may answer in the next snapshot.
func (s *Set) Snapshot(ctx context.Context) Snapshot {
	snap, _ := s.snapshot(ctx, s.patience)
	return snap
}

// snapshot waits as long as said for a module that has answered before; after that its last answer stands for it until
// the patience is at an end. The questions that are still open are given too.
func (s *Set) snapshot(ctx context.Context, wait time.Duration) (Snapshot, []*question) {
	questions := make([]*question, len(s.members))
	for i, m := range s.members {
		questions[i] = m.ask(s.ctx)
	}
	var snap Snapshot
	var open []*question
	var answers [][]Reader
	begun := time.Now()
	for i, q := range questions {
		readers, err := s.members[i].answer(ctx, q, begun.Add(wait), q.asked.Add(s.patience))
		if !q.answered() {
			open = append(open, q)
		}
		state := ModuleState{Path: s.members[i].path, Readers: len(readers)}
		if err != nil {
			state.Err = err.Error()
			if state.Kind = KindOf(err); state.Kind == "" {
				state.Kind = KindBadAnswer
			}
		}
		snap.Modules = append(snap.Modules, state)
		answers = append(answers, readers)
	}
	snap.Readers = mergeReaders(answers)
	snap.Service = s.service()
	snap.Problems = problems(snap)
	return snap, open
}

func (q *question) answered() bool {
	select {
	case <-q.done:
		return true
	default:
		return false
	}
}

func (m *member) answer(ctx context.Context, q *question, soon, late time.Time) ([]Reader, error) {
	m.mu.Lock()
	last := m.last
	m.mu.Unlock()
	until := late
	if last != nil && soon.Before(late) {
		until = soon
	}
	if q.answered() {
		return q.readers, q.err
	}
	wait := time.NewTimer(max(time.Until(until), 0))
	defer wait.Stop()
	select {
	case <-q.done:
		return q.readers, q.err
	case <-wait.C:
	case <-ctx.Done():
	}
	if last != nil && last.err == nil && time.Now().Before(late) {
		return last.readers, nil
	}
	return nil, &Error{Op: "list readers", Kind: KindModuleHang, Err: errors.New("no answer yet")}
}

// OpenIn starts a session with the card that a snapshot showed in a reader, without asking the other modules again.
func (s *Set) OpenIn(ctx context.Context, r Reader) (Session, error) {
	m, ok := s.Module(r.Module)
	if !ok || r.Card == nil {
		return nil, &Error{Op: "open card", Kind: KindNoCard, Err: fmt.Errorf("no card in the reader %q", r.Name)}
	}
	return m.Open(ctx, r.Card.Serial)
}

// Open finds the card of this serial number in any reader and starts a session with it.
func (s *Set) Open(ctx context.Context, serial string) (Session, error) {
	snap := s.Snapshot(ctx)
	for _, r := range snap.Readers {
		if r.Card == nil || r.Card.Blank || r.Card.Serial != serial {
			continue
		}
		if m, ok := s.Module(r.Module); ok {
			return m.Open(ctx, serial)
		}
	}
	err := fmt.Errorf("no reader holds the card %q", serial)
	for _, p := range snap.Problems {
		if p.Layer == LayerLoad || p.Layer == LayerModule {
			err = fmt.Errorf("%w (%s: %s)", err, filepath.Base(p.Module), p.Err)
			break
		}
	}
	return nil, &Error{Op: "open card", Kind: KindNoCard, Err: err}
}

// isSoftHSM: its module needs no reader and no service.
func isSoftHSM(path string) bool {
	return strings.Contains(strings.ToLower(filepath.Base(path)), "softhsm")
}

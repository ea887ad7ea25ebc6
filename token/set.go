package token

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"time"
)

// Snapshot is what all modules together show at one moment.
type Snapshot struct {
	Modules  []ModuleState // in the order of the list
	Readers  []Reader      // a card or reader that two modules show is there once, from the first of them
	Problems []Problem     // what is broken or missing, the first failing layer first
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
}

// question is one call of Readers. Its fields are valid once done is closed.
type question struct {
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
	q := &question{done: make(chan struct{})}
	m.running = q
	go func() {
		limited, cancel := context.WithTimeout(ctx, pollLimit)
		defer cancel()
		q.readers, q.err = m.module.Readers(limited)
		m.mu.Lock()
		m.running = nil
		m.mu.Unlock()
		close(q.done)
	}()
	return q
}

// Snapshot asks all modules at once. It takes at most a few seconds: a module that needs longer is named in
// Problems (KindModuleHang) and may answer in the next snapshot.
func (s *Set) Snapshot(ctx context.Context) Snapshot {
	wait, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	questions := make([]*question, len(s.members))
	for i, m := range s.members {
		questions[i] = m.ask(s.ctx)
	}
	var snap Snapshot
	var answers [][]Reader
	for i, q := range questions {
		readers, err := q.answer(wait)
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
	snap.Problems = problems(snap.Modules, snap.Readers, s.socket)
	return snap
}

func (q *question) answer(ctx context.Context) ([]Reader, error) {
	select {
	case <-q.done:
		return q.readers, q.err
	default:
	}
	select {
	case <-q.done:
		return q.readers, q.err
	case <-ctx.Done():
		return nil, &Error{Op: "list readers", Kind: KindModuleHang, Err: errors.New("no answer yet")}
	}
}

// mergeReaders leaves out what another module shows as well or better: a card by its serial number (the first
// module in the list keeps it), anything else by the reader's name.
func mergeReaders(answers [][]Reader) []Reader {
	best, rank := map[string]int{}, map[string]int{}
	for i, readers := range answers {
		for _, r := range readers {
			if _, there := best[r.Name]; !there || r.tells() > rank[r.Name] {
				best[r.Name], rank[r.Name] = i, r.tells()
			}
		}
	}
	var merged []Reader
	cards := map[string]bool{}
	for i, readers := range answers {
		for _, r := range readers {
			if r.tells() == usable && r.Card.Serial != "" {
				if cards[r.Card.Serial] {
					continue
				}
				cards[r.Card.Serial] = true
			} else if best[r.Name] != i {
				continue
			}
			merged = append(merged, r)
		}
	}
	return merged
}

const usable = 3

// tells ranks how much a module knows of what is in a reader.
func (r Reader) tells() int {
	switch {
	case r.Card != nil && !r.Card.Blank:
		return usable
	case r.Card != nil:
		return 2
	case r.Fault != "":
		return 1
	}
	return 0
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

// Watch polls until the context ends. It calls changed with the first snapshot at once, and afterwards only when
// something differs. The texts of errors do not count: they may hold numbers that differ each time.
func (s *Set) Watch(ctx context.Context, every time.Duration, changed func(Snapshot)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var last Snapshot
	for first := true; ; first = false {
		now := s.Snapshot(ctx)
		if ctx.Err() != nil {
			return
		}
		if first || !reflect.DeepEqual(now.withoutTexts(), last.withoutTexts()) {
			changed(now)
			last = now
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s Snapshot) withoutTexts() Snapshot {
	c := Snapshot{
		Modules:  append([]ModuleState(nil), s.Modules...),
		Readers:  append([]Reader(nil), s.Readers...),
		Problems: append([]Problem(nil), s.Problems...),
	}
	for i := range c.Modules {
		c.Modules[i].Err = ""
	}
	for i := range c.Problems {
		c.Problems[i].Err = ""
	}
	return c
}

// isSoftHSM: its module needs no reader and no service.
func isSoftHSM(path string) bool {
	return strings.Contains(strings.ToLower(filepath.Base(path)), "softhsm")
}

package token

import (
	"context"
	"reflect"
	"runtime"
	"time"
)

const (
	// lookEvery is how often Watch looks at least. A look costs OpenSC and pcscd's library 2 ms of processor time for
	// each reader; on the other side pcscd may need 0.4 s to see a card, and the module some tenths to read it.
	lookEvery = time.Second
	// watchWait is how long Watch waits for a slow module when another has news.
	watchWait = 300 * time.Millisecond
	// maxRetry is the longest time between two looks at a card that could not be read.
	maxRetry = 30 * time.Second
	// calm is how long modules are asked more often (stir) after the service has told something, and then as usual: OpenSC
	// answers for a second from what it knew before, and some cards are read only at the second try.
	calm = 3 * time.Second
	stir = 250 * time.Millisecond
	// restEvery is how often a module is asked whose readers the service watches over.
	restEvery = 15 * time.Second
)

// Watch looks until the context ends. It calls changed with the first snapshot at once, and afterwards only when
// something differs, with what differs in Changes. The texts of errors do not count: they may hold
// numbers that differ each time.
//
// Between the changes it asks each module for the flags of its slots only (Module.Flags), every second or more often; one that is slow or
// broken does not hold up the others. Where pcscd can be heard, a module whose readers are all pcscd's is asked when that tells
// something, and else every 15 s. A change is told within that time and a few tenths of a second. A card that was exchanged for
// another between two looks is found by the next call that uses it.
func (s *Set) Watch(ctx context.Context, every time.Duration, changed func(Snapshot)) {
	every = min(every, lookEvery)
	look := time.NewTicker(every)
	defer look.Stop()
	told := make(chan struct{}, 1)
	tell := func() {
		select {
		case told <- struct{}{}:
		default:
		}
	}
	pcsc := newService(s.socket)
	go pcsc.listen(ctx)
	wait := s.patience
	var last Snapshot
	for first := true; ; first = false {
		now, open := s.snapshot(ctx, wait)
		if ctx.Err() != nil {
			return
		}
		for _, q := range open {
			go func() {
				<-q.done // at the latest when the set is closed
				tell()
			}()
		}
		if first || !reflect.DeepEqual(now.withoutTexts(), last.withoutTexts()) {
			if !first {
				now.Changes = Changes(last, now)
			}
			changed(now)
			last = now
		}
		if first {
			wait = min(watchWait, s.patience)
			for _, m := range s.members {
				go m.watch(ctx, s.ctx, pcsc, every, tell)
			}
		}
		if !s.news(ctx, told, pcsc, look.C, now.Service) {
			return
		}
	}
}

// watch tells when a module's flags or its state differ, and while the module shows a card that cannot be read: at longer and
// longer intervals, because that may wake the card. The calls run in the set's context, because to give one up would
// kill the child.
func (m *member) watch(ctx, set context.Context, pcsc *service, every time.Duration, tell func()) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var last string
	var lastKind Kind
	retry, next := every, time.Now()
	for first := true; ; first = false {
		asked, change := time.Now(), pcsc.change()
		flags, err := m.flags(set)
		kind := KindOf(err)
		switch {
		case first || flags != last || kind != lastKind:
			retry, next = every, time.Now().Add(every)
			tell()
		case m.unread() && !time.Now().Before(next):
			retry = min(2*retry, maxRetry)
			next = time.Now().Add(retry)
			tell()
		}
		last, lastKind = flags, kind
		var soon <-chan time.Time
		if pcsc.stirred(calm) {
			soon = time.After(stir)
		}
		for resting := true; resting; {
			select {
			case <-soon:
				resting = false
			case <-ticker.C:
				due := m.unread() && !time.Now().Before(next)
				resting = !due && time.Since(asked) < restEvery && kind == "" && pcsc.quiet(m.shown(), calm)
			case <-change:
				resting = false
			case <-ctx.Done():
				return
			}
		}
	}
}

func (m *member) flags(ctx context.Context) (string, error) {
	limited, cancel := context.WithTimeout(ctx, pollLimit)
	defer cancel()
	return m.module.Flags(limited)
}

// shown gives the readers of the last answer, none when that was an error.
func (m *member) shown() []Reader {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last == nil || m.last.err != nil {
		return nil
	}
	return m.last.readers
}

// unread says that the last answer shows a card that could not be read, or that there was none.
func (m *member) unread() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last == nil || m.last.err != nil {
		return true
	}
	for _, r := range m.last.readers {
		if r.Fault != "" {
			return true
		}
	}
	return false
}

// news waits until a member tells something or the smart card service comes or goes; false when the context ended.
func (s *Set) news(ctx context.Context, told <-chan struct{}, pcsc *service, look <-chan time.Time, service bool) bool {
	for {
		change := pcsc.change()
		select {
		case <-told:
			return true
		case <-look:
		case <-change:
		case <-ctx.Done():
			return false
		}
		if s.service() != service {
			return true
		}
	}
}

// service says whether the smart card service runs, as far as that can be seen.
func (s *Set) service() bool { return runtime.GOOS != "linux" || exists(s.socket) }

func (s Snapshot) withoutTexts() Snapshot {
	c := Snapshot{
		Service:  s.Service,
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

package app

import (
	"context"
	"sync"
)

// bell wakes the loops that sleep until something is due. Its zero value is ready.
type bell struct {
	mu   sync.Mutex
	ears map[chan struct{}]bool
}

func (b *bell) listen() chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ears == nil {
		b.ears = map[chan struct{}]bool{}
	}
	ear := make(chan struct{}, 1)
	b.ears[ear] = true
	return ear
}

func (b *bell) leave(ear chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.ears, ear)
}

// ring never waits: who is awake hears it before falling asleep.
func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ear := range b.ears {
		select {
		case ear <- struct{}{}:
		default:
		}
	}
}

// watches are the loops and exchanges that run; closing the program ends them first. Its zero value is ready.
type watches struct {
	mu     sync.Mutex
	closed bool
	last   int
	stops  map[int]context.CancelFunc
	all    sync.WaitGroup
}

// begin gives a context that also ends with close. stop has to be called when the loop has ended.
func (w *watches) begin(ctx context.Context) (_ context.Context, stop func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	if w.closed {
		cancel()
		return ctx, cancel
	}
	if w.stops == nil {
		w.stops = map[int]context.CancelFunc{}
	}
	w.last++
	n := w.last
	w.stops[n] = cancel
	w.all.Add(1)
	return ctx, func() {
		cancel()
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.stops, n)
		w.all.Done()
	}
}

// close ends all of them and waits.
func (w *watches) close() {
	w.mu.Lock()
	w.closed = true
	for _, stop := range w.stops {
		stop()
	}
	w.mu.Unlock()
	w.all.Wait()
}

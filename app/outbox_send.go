package app

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/store"
)

// atOnce is how many lines are sent at the same time.
const atOnce = 4

// push sends what is due; everything, when the person wants it now. Each line keeps its order and ends with its first failure;
// no line holds up another. The error is the one that the person has most to do with.
func (a *App) push(ctx context.Context, client *central.Client, now bool) (sent int, err error) {
	// What meets a conflict goes again at once, on top of the office's version; and what follows a case goes when the case is there.
	for range 3 {
		r := &round{app: a, client: client}
		n, err := r.walk(ctx, now)
		if sent += n; err != nil || !r.again {
			return sent, err
		}
	}
	return sent, nil
}

// walk goes through all lines that are due.
func (r *round) walk(ctx context.Context, now bool) (sent int, err error) {
	lines, err := r.app.due(now)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	var all sync.WaitGroup
	next := make(chan []item)
	for range min(atOnce, len(lines)) {
		all.Go(func() {
			for line := range next {
				r.send(ctx, line)
			}
		})
	}
	for _, line := range lines {
		if r.over() || ctx.Err() != nil {
			break
		}
		next <- line
	}
	close(next)
	all.Wait()
	return r.end(ctx)
}

// round is one walk through the outbox.
type round struct {
	app    *App
	client *central.Client
	sent   atomic.Int32

	mu     sync.Mutex
	heard  bool      // somebody has answered in this round
	streak int       // how many things in a row nobody has answered
	again  bool      // something may have come into the outbox
	silent []silence // all of them
	errs   []error
}

type silence struct {
	it  item
	err error
}

// send sends one line.
func (r *round) send(ctx context.Context, line []item) {
	for _, it := range line {
		if r.over() || ctx.Err() != nil {
			return
		}
		it, err := r.app.asItIsNow(it)
		if store.KindOf(err) == store.NotFound {
			continue // taken out meanwhile
		}
		if err == nil {
			err = r.one(ctx, it)
		}
		if err == nil {
			r.sent.Add(1)
			continue
		}
		if ctx.Err() == nil {
			r.failed(it, err)
		}
		return
	}
}

// one sends one thing and keeps the outcome.
func (r *round) one(ctx context.Context, it item) error {
	a := r.app
	version, err := a.deliver(ctx, r.client, it, func(int64, int64) { r.hear() })
	kind := central.KindOf(err)
	if err == nil || kind != "" && !nobody(kind) {
		r.hear()
	}
	switch {
	case err == nil:
		if it.Kind == sendCase {
			r.goAgain() // for what comes behind it
		}
		return a.settle(it, cases.Event{Kind: cases.Sent, Version: version})
	case kind == central.Conflict && it.Kind == sendCase:
		r.goAgain()
		return a.resolve(ctx, r.client, it)
	case kind == central.Refused:
		return cmp.Or(a.refused(it, reason(err)), err)
	}
	return err
}

// goAgain: the outcome puts something into the outbox.
func (r *round) goAgain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.again = true
}

// hear: somebody has answered.
func (r *round) hear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard, r.streak = true, 0
}

// nobody says that there was no answer at all.
func nobody(k central.Kind) bool { return k == central.Offline || k == central.Proxy }

// failed counts a failure: against the thing itself, or, when it is about the whole exchange, against nothing that waits.
func (r *round) failed(it item, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch kind := central.KindOf(err); {
	case nobody(kind):
		r.silent = append(r.silent, silence{it, err})
		r.streak++
		return
	case kind != central.Refused && (!away(err) || asksToWait(err) > 0):
		err = cmp.Or(r.app.postpone(it, err), err)
	}
	r.errs = append(r.errs, err)
}

// over says that nothing more is to be tried in this round.
func (r *round) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.alone() || slices.ContainsFunc(r.errs, away)
}

// alone: nobody is there, or not any more.
func (r *round) alone() bool { return r.streak >= atOnce || r.streak > 0 && !r.heard }

// end sums the round up. Where others were answered, silence was about the one thing; where nobody is there, about nothing.
func (r *round) end(ctx context.Context) (int, error) {
	for _, s := range r.silent {
		err := s.err
		if !r.alone() {
			err = cmp.Or[error](r.app.postpone(s.it, err), &Error{"send", ServerAnswer, s.err})
		}
		r.errs = append(r.errs, err)
	}
	slices.SortStableFunc(r.errs, func(x, y error) int { return cmp.Compare(weight(x), weight(y)) })
	if len(r.errs) == 0 {
		return int(r.sent.Load()), ctx.Err()
	}
	return int(r.sent.Load()), r.errs[0]
}

// weight puts first what the person has most to do with.
func weight(err error) int {
	switch {
	case away(err):
		return 0
	case KindOf(err) == Refused:
		return 1
	case KindOf(err) == StoreDamaged:
		return 2
	}
	return 3
}

// deliver sends one thing after the documents that it speaks of. version is the office's, for a case.
func (a *App) deliver(ctx context.Context, client *central.Client, it item, arrives central.Progress) (version int64, err error) {
	switch it.Kind {
	case sendCase:
		return withBody(it, func(s central.Submission) (int64, error) {
			if err := a.sendDocuments(ctx, client, arrives, s.Documents...); err != nil {
				return 0, err
			}
			c, err := client.Submit(ctx, s, it.Key, it.IfMatch)
			return c.Version, err
		})
	case sendAddition:
		return withBody(it, func(x central.Addition) (int64, error) {
			if err := a.sendDocuments(ctx, client, arrives, x.Documents...); err != nil {
				return 0, err
			}
			c, err := client.AddDocuments(ctx, it.Case, x.Documents, it.Key)
			return c.Version, err
		})
	case sendReceipt:
		return withBody(it, func(x central.Receipt) (int64, error) {
			if err := a.sendDocuments(ctx, client, arrives, central.Document{Name: x.ID, SHA256: x.SHA256}); err != nil {
				return 0, err
			}
			_, err := client.PostReceipt(ctx, x)
			return 0, err
		})
	}
	return 0, a.deliverResource(ctx, client, it, arrives)
}

// withBody reads the body of an item; one that cannot be read is the store's damage.
func withBody[T any](it item, send func(T) (int64, error)) (int64, error) {
	var v T
	if err := json.Unmarshal(it.Body, &v); err != nil {
		return 0, &Error{"read outbox", StoreDamaged, err}
	}
	return send(v)
}

func (a *App) sendDocuments(ctx context.Context, client *central.Client, arrives central.Progress, docs ...central.Document) error {
	for _, d := range docs {
		if d.SHA256 == "" {
			continue
		}
		data, err := a.document(cases.Document{Name: d.Name, SHA256: d.SHA256})
		if err != nil {
			return err
		}
		if err := client.PutDocument(ctx, d.SHA256, data, arrives); err != nil {
			return err
		}
	}
	return nil
}

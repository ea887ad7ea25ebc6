package app

import (
	"context"
	"sync"
	"time"

	"rekey/app/central"
	"rekey/token"
)

const (
	pollFor    = 25 * time.Second // how long the office may keep its answer back until there is news
	leastPoll  = 3 * time.Second  // between two questions, for an office that answers at once
	leastPause = time.Second      // between two rounds of sending
	firstLook  = 3 * time.Second  // until the register is brought up to date with the cards
)

// Watch calls changed after each change of readers, cards or cases, until ctx ends or the program closes. While it runs, what waits is
// sent as soon as it is due, and what is new comes in at once: the office keeps a question for news open.
func (a *App) Watch(ctx context.Context, changed func()) {
	ctx, stop := a.watches.begin(ctx)
	defer stop()
	go a.cards.Watch(ctx, time.Second, func(token.Snapshot) { changed() })
	var loops sync.WaitGroup
	loops.Go(func() {
		pause(ctx, nil, firstLook) // the person's own look at the cards goes before
		a.registerCards(ctx)
	})
	loops.Go(func() { a.keepSending(ctx, changed) })
	loops.Go(func() { a.keepListening(ctx, changed) })
	loops.Wait()
}

// keepSending sends what is due, and sleeps until the next is, or until something new waits.
func (a *App) keepSending(ctx context.Context, changed func()) {
	wake := a.bell.listen()
	defer a.bell.leave(wake)
	for ctx.Err() == nil {
		sent, told := a.sendDue(ctx)
		if sent > 0 || told {
			changed()
		}
		pause(ctx, wake, a.untilNext())
	}
}

// sendDue is one round. told: the person has something new to know.
func (a *App) sendDue(ctx context.Context) (sent int, told bool) {
	a.syncing.Lock()
	defer a.syncing.Unlock()
	before := a.rest()
	if a.now().Before(before.until(a.now())) {
		return 0, false
	}
	client, err := a.client()
	if client == nil && err == nil {
		return 0, false
	}
	if err == nil {
		lines, dueErr := a.due(false)
		if len(lines) == 0 && dueErr == nil {
			return 0, false
		}
		sent, err = a.push(ctx, client, false)
	}
	if ctx.Err() != nil {
		return sent, false
	}
	_ = a.note(err) // a disk that cannot keep it will be told of where the person works
	return sent, a.rest().Kind != before.Kind || err != nil
}

// keepListening holds a question for news open.
func (a *App) keepListening(ctx context.Context, changed func()) {
	wake := a.bell.listen()
	defer a.bell.leave(wake)
	failures := 0
	for ctx.Err() == nil {
		client, err := a.client()
		if rest := a.rest().until(a.now()).Sub(a.now()); rest > 0 || client == nil || err != nil {
			if client == nil || err != nil {
				rest = longestWait
			}
			pause(ctx, wake, min(rest, longestWait))
			continue
		}
		asked := time.Now()
		pulled, err := a.listen(ctx, client)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failures++
			changed()
			pause(ctx, wake, max(leastPause, a.backOff(failures)))
			continue
		case pulled > 0:
			changed()
		case time.Since(asked) < leastPoll:
			pause(ctx, nil, leastPoll)
		}
		failures = 0
	}
}

// listen asks for news, for up to pollFor, and keeps them. Sending goes on meanwhile.
func (a *App) listen(ctx context.Context, client *central.Client) (pulled int, err error) {
	page, err := a.page(ctx, client, pollFor)
	a.syncing.Lock()
	defer a.syncing.Unlock()
	if err == nil {
		pulled, err = a.takePage(ctx, client, page)
	}
	if err == nil {
		a.freshFacts(ctx, client)
		_ = a.heard() // a disk that cannot keep it will be told of where the person works
	}
	err = feedError(err)
	switch kind := a.rest().Kind; {
	case ctx.Err() != nil:
	case err != nil:
		_ = a.note(err)
	case kind != "" && kind != Refused && kind != StoreDamaged: // these are about what was sent; an answer does not make them good
		_ = a.note(nil)
	}
	return pulled, err
}

// pause sleeps for so long, or until ctx ends or wake rings.
func pause(ctx context.Context, wake <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}

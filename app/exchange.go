package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"rekey/app/central"
)

// Sync sends what waits, because the person wants it now, and fetches what is new. It waits only where the office has asked for it.
// The error of the exchange is also kept for the view; nothing is lost by it.
func (a *App) Sync(ctx context.Context) (SyncResult, error) {
	ctx, stop := a.watches.begin(ctx)
	defer stop()
	a.syncing.Lock()
	defer a.syncing.Unlock()
	result, err := a.exchange(ctx)
	if !errors.Is(err, errAskedToWait) && ctx.Err() == nil {
		err = cmp.Or(err, a.note(err))
	}
	if box, boxErr := a.outbox(); boxErr == nil {
		result.Waiting = box.Waiting
	}
	return result, failed("sync", err)
}

var errAskedToWait = errors.New("the office has asked to wait")

func (a *App) exchange(ctx context.Context) (SyncResult, error) {
	var result SyncResult
	client, err := a.client()
	if err != nil || client == nil {
		return result, err
	}
	if asked := a.rest().asked(a.now()); a.now().Before(asked) {
		return result, &Error{"central API", ServerAnswer, fmt.Errorf("%w until %s", errAskedToWait, asked.Local().Format(time.TimeOnly))}
	}
	result.Sent, err = a.push(ctx, client, true)
	if away(err) || ctx.Err() != nil {
		return result, err
	}
	pulled, pullErr := a.pull(ctx, client)
	result.Pulled = pulled
	if pullErr == nil {
		a.freshFacts(ctx, client)
	}
	if away(pullErr) {
		return result, pullErr
	}
	return result, cmp.Or(err, pullErr)
}

// freshFacts fetches the facts when those that are here are old. An office without them, or with broken ones, changes nothing.
func (a *App) freshFacts(ctx context.Context, client *central.Client) {
	if a.now().Sub(a.factsAt) > factsEvery && a.pullFacts(ctx, client) == nil {
		a.factsAt = a.now()
	}
}

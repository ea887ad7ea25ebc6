package app

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/store"
)

// settle takes a thing out of the outbox and writes the outcome into its case, together. What has taken its place meanwhile stays; what
// was taken out meanwhile, for a correction, has no outcome any more.
func (a *App) settle(it item, e cases.Event, files ...newDocument) error {
	return a.store.Update(func(tx *store.Tx) error {
		now, err := store.Get[item](tx, store.Outbox, it.seq)
		switch {
		case store.KindOf(err) == store.NotFound:
			return nil
		case err != nil:
			return err
		case now.Key == it.Key:
			if err := tx.Delete(store.Outbox, it.seq); err != nil {
				return err
			}
		}
		if it.Kind != sendCase && it.Kind != sendAddition {
			return nil
		}
		c, err := store.Get[cases.Case](tx, store.Cases, it.Case)
		if err != nil {
			return err
		}
		if _, err := a.fileFromOffice(tx, &c, files); err != nil {
			return err
		}
		after, err := a.apply(tx, c, e)
		if err != nil || e.Kind != cases.Sent {
			return err
		}
		if err := rebase(tx, it, c, after); err != nil || it.Kind != sendCase {
			return err
		}
		return a.queueBehind(tx, after)
	})
}

// rebase puts a correction that waits on top of the version that our own sending has just made: that is nobody's conflict. A correction
// waits in the place of the case that was sent, or anywhere behind an addition.
func rebase(tx *store.Tx, it item, before, after cases.Case) error {
	if after.Version != before.Version+1 {
		return nil
	}
	var behind []item
	if it.Kind == sendCase {
		if now, err := store.Get[item](tx, store.Outbox, it.seq); err == nil {
			now.seq = it.seq
			behind = append(behind, now)
		}
	} else {
		var err error
		if behind, err = waiting(tx); err != nil {
			return err
		}
	}
	for _, next := range behind {
		if next.Kind == sendCase && next.Case == after.ID && next.IfMatch > 0 && next.IfMatch == before.Version {
			next.IfMatch = after.Version
			if err := store.Put(tx, store.Outbox, next.seq, next); err != nil {
				return err
			}
		}
	}
	return nil
}

// refused: a case that the office refuses for good is taken out and says why; it is sent again when the person has mended it. Anything
// else stays, marked, until the person wants it sent again.
func (a *App) refused(it item, why string) error {
	if it.Kind == sendCase || it.Kind == sendAddition {
		return a.settle(it, cases.Event{Kind: cases.Refused, Why: why})
	}
	return a.mark(it, func(now *item) { now.Refused, now.LastKind = why, Refused })
}

// postpone counts a failed try. The error is one of the disk.
func (a *App) postpone(it item, err error) error {
	return a.mark(it, func(now *item) {
		now.Attempts++
		now.LastKind, now.Refused = KindOf(err), ""
		at := a.now()
		now.Tried, now.NotBefore = at.UTC(), at.Add(max(a.backOff(now.Attempts), asksToWait(err))).UTC()
	})
}

// mark changes a thing that is still in its place.
func (a *App) mark(it item, change func(*item)) error {
	return a.store.Update(func(tx *store.Tx) error {
		now, err := store.Get[item](tx, store.Outbox, it.seq)
		if err != nil || now.Key != it.Key {
			return nil // another has taken its place
		}
		change(&now)
		return store.Put(tx, store.Outbox, it.seq, now)
	})
}

// resolve is what follows when the office's copy has gone on since the correction was made: both versions are kept as an event, and
// package cases says which holds. A copy that is already what we send is the answer that was lost.
func (a *App) resolve(ctx context.Context, client *central.Client, it item) error {
	theirs, err := client.Case(ctx, it.Case)
	if err != nil {
		return err
	}
	_, err = withBody(it, func(ours central.Submission) (int64, error) {
		if sameContent(ours, theirs.Submission) {
			return 0, a.settle(it, cases.Event{Kind: cases.Sent, Version: theirs.Version})
		}
		files, err := a.fetch(ctx, client, theirs.FromCA)
		if err != nil {
			return 0, err
		}
		copied, err := json.Marshal(theirs)
		if err != nil {
			return 0, err
		}
		return 0, a.settle(it, cases.Event{Kind: cases.Conflicted, Office: theirs.State, Why: theirs.Why, Version: theirs.Version, Said: theirs.UpdatedAt.UTC(), Theirs: copied, Ours: it.Body}, files...)
	})
	return err
}

// sameContent compares what two submissions say, however it was written down.
func sameContent(x, y central.Submission) bool {
	rows, _ := json.Marshal(x.Rows)
	otherRows, _ := json.Marshal(y.Rows)
	hashes := func(s central.Submission) []string {
		var all []string
		for _, d := range s.Documents {
			all = append(all, d.Kind+d.SHA256)
		}
		slices.Sort(all)
		return all
	}
	return maps.Equal(x.Details, y.Details) && bytes.Equal(rows, otherRows) && slices.Equal(hashes(x), hashes(y))
}

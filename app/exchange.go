package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/store"
)

// waiting is one thing in the outbox.
type waiting struct {
	Case       string             `json:"case"`
	Key        string             `json:"key"` // idempotency key: the same however often it is sent
	Since      time.Time          `json:"since"`
	Submission central.Submission `json:"submission"`
}

// Sync sends what waits and fetches what is new. The error of the exchange is also kept for the view; nothing is lost by it.
func (a *App) Sync(ctx context.Context) (SyncResult, error) {
	a.syncing.Lock()
	defer a.syncing.Unlock()
	result, err := a.exchange(ctx)
	kind := ""
	if err != nil {
		kind = string(KindOf(err))
	}
	if a.Setting(settingLastError) != kind {
		if keepErr := a.SetSetting(settingLastError, kind); err == nil {
			err = keepErr
		}
	}
	if box, boxErr := a.outbox(); boxErr == nil {
		result.Waiting = box.Waiting
	}
	return result, failed("sync", err)
}

func (a *App) exchange(ctx context.Context) (SyncResult, error) {
	var result SyncResult
	client, err := a.client()
	if err != nil || client == nil {
		return result, err
	}
	defer client.Close()
	if now := a.now(); now.Before(a.notBefore) {
		return result, &Error{"central API", ServerAnswer, fmt.Errorf("the office has asked to wait until %s", a.notBefore.Local().Format(time.TimeOnly))}
	}
	result.Sent, err = a.push(ctx, client)
	if err == nil || KindOf(err) == Refused || KindOf(err) == StoreDamaged { // these are about one case: the others go on
		pulled, pullErr := a.pull(ctx, client)
		result.Pulled, err = pulled, cmp.Or(err, pullErr)
	}
	if err == nil && a.now().Sub(a.factsAt) > factsEvery {
		if a.pullFacts(ctx, client) == nil { // an office without them, or with broken ones, changes nothing
			a.factsAt = a.now()
		}
	}
	if answer := (*central.Error)(nil); errors.As(err, &answer) && answer.Wait > 0 {
		a.notBefore = a.now().Add(answer.Wait)
	}
	return result, err
}

// push sends the outbox in order. One that is refused for good is taken out and said to the person, one whose documents
// cannot be read stays; the rest goes on.
func (a *App) push(ctx context.Context, client *central.Client) (sent int, err error) {
	type item struct {
		seq string
		waiting
	}
	var items []item
	if err := a.store.View(func(tx *store.Tx) error {
		return store.Each(tx, store.Outbox, "", func(seq string, w waiting) error {
			items = append(items, item{seq, w})
			return nil
		})
	}); err != nil {
		return 0, err
	}
	var about error // one case
	for _, it := range items {
		err := a.deliver(ctx, client, it.waiting)
		switch kind := central.KindOf(err); {
		case err == nil:
			if err = a.settle(it.seq, it.Case, cases.Event{Kind: cases.Sent}); err == nil {
				sent++
			}
		case kind == central.Refused:
			about = err
			err = a.settle(it.seq, it.Case, cases.Event{Kind: cases.Refused, Why: reason(err)})
		case KindOf(err) == StoreDamaged:
			about, err = err, nil
		}
		if err != nil {
			return sent, err
		}
	}
	return sent, about
}

// reason is the office's own sentence, or the whole error when it said nothing.
func reason(err error) string {
	if answer := (*central.Error)(nil); errors.As(err, &answer) && answer.Detail != "" {
		return answer.Detail
	}
	return err.Error()
}

func (a *App) deliver(ctx context.Context, client *central.Client, w waiting) error {
	for _, d := range w.Submission.Documents {
		data, err := a.document(cases.Document{Name: d.Name, SHA256: d.SHA256})
		if err != nil {
			return err
		}
		if err := client.PutDocument(ctx, d.SHA256, data); err != nil {
			return err
		}
	}
	_, err := client.Submit(ctx, w.Submission, w.Key)
	return err
}

// settle takes an item out of the outbox and writes the outcome into its case, together.
func (a *App) settle(seq, caseID string, e cases.Event) error {
	return a.store.Update(func(tx *store.Tx) error {
		c, err := store.Get[cases.Case](tx, store.Cases, caseID)
		if err != nil {
			return err
		}
		if _, err := a.apply(tx, c, e); err != nil {
			return err
		}
		return tx.Delete(store.Outbox, seq)
	})
}

// pull reads the change feed from where it was left and keeps each change with its documents in one transaction.
func (a *App) pull(ctx context.Context, client *central.Client) (pulled int, err error) {
	cursor, _ := strconv.ParseInt(a.Setting(settingCursor), 10, 64)
	for {
		page, err := client.Changes(ctx, cursor)
		if central.KindOf(err) == central.Gone && cursor > 0 {
			// The office's data were set back. What was seen before is known by its date and not taken twice.
			if cursor, err = 0, a.SetSetting(settingCursor, "0"); err == nil {
				continue
			}
		}
		if err != nil {
			return pulled, feedError(err)
		}
		for _, change := range page.Changes {
			if change.Cursor <= cursor {
				continue // seen before: an answer may be repeated
			}
			if err := a.take(ctx, client, change); err != nil {
				return pulled, feedError(err)
			}
			cursor = change.Cursor
			pulled++
		}
		if !page.More || len(page.Changes) == 0 {
			return pulled, nil
		}
	}
}

// feedError: a refusal of the feed is about no case, so nobody's application is refused by it.
func feedError(err error) error {
	if KindOf(err) == Refused {
		return &Error{"fetch changes", ServerAnswer, err}
	}
	return err
}

func (a *App) take(ctx context.Context, client *central.Client, change central.Change) error {
	known, err := a.known(change)
	if err != nil {
		return err
	}
	var files []newDocument
	if known {
		change.Documents = nil
	}
	for _, d := range change.Documents {
		data, err := client.Document(ctx, d.SHA256)
		if err != nil {
			return err
		}
		files = append(files, newDocument{d.Kind, d.Name, data})
	}
	return a.store.Update(func(tx *store.Tx) error {
		if err := store.Put(tx, store.Settings, settingCursor, strconv.FormatInt(change.Cursor, 10)); err != nil {
			return err
		}
		if known {
			return nil
		}
		c, err := store.Get[cases.Case](tx, store.Cases, change.Case)
		if err != nil {
			return err
		}
		_, ownKey := c.Step(procedure.MakeKey)
		for _, f := range files {
			if f.kind == central.DocCertificate && ownKey {
				if _, err := newCertificate(f.data, c.SPKI); err != nil {
					// Said to the person; the feed goes on, for a wrong certificate must not stop the other cases.
					_, err = a.apply(tx, c, cases.Event{Kind: cases.Refused, Why: err.Error()})
					return err
				}
			}
			if err := a.file(tx, &c, f.kind, safeName(f.name), f.data, ""); err != nil {
				return err
			}
		}
		_, err = a.apply(tx, c, cases.Event{Kind: cases.Decided, Office: change.State, Why: change.Why, Said: change.At.UTC()})
		return err
	})
}

// known says that nothing is to be done about a change: it was taken before, or its case is not of this store.
func (a *App) known(change central.Change) (known bool, err error) {
	err = a.store.View(func(tx *store.Tx) error {
		if _, err := store.Get[cases.Case](tx, store.Cases, change.Case); store.KindOf(err) == store.NotFound {
			known = true
			return nil
		} else if err != nil {
			return err
		}
		return store.Each(tx, store.Events, change.Case+"/", func(_ string, e cases.Event) error {
			known = known || e.Kind == cases.Decided && e.Office == change.State && !e.Said.IsZero() && e.Said.Equal(change.At)
			return nil
		})
	})
	return known, err
}

// outbox counts what waits.
func (a *App) outbox() (Outbox, error) {
	box := Outbox{LastError: a.Setting(settingLastError), Configured: a.central != "" || a.Setting(SettingCentral) != ""}
	err := a.store.View(func(tx *store.Tx) error {
		return store.Each(tx, store.Outbox, "", func(_ string, w waiting) error {
			box.Waiting++
			if box.Oldest.IsZero() || w.Since.Before(box.Oldest) {
				box.Oldest = w.Since
			}
			return nil
		})
	})
	return box, failed("read outbox", err)
}

func isWaiting(tx *store.Tx, caseID string) (found bool, err error) {
	err = store.Each(tx, store.Outbox, "", func(_ string, w waiting) error {
		found = found || w.Case == caseID
		return nil
	})
	return found, err
}

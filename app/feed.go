package app

import (
	"context"
	"slices"
	"strconv"
	"time"

	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/store"
)

func (a *App) cursor() int64 {
	n, _ := strconv.ParseInt(a.Setting(settingCursor), 10, 64)
	return n
}

// pull reads the change feed from where it was left to its end.
func (a *App) pull(ctx context.Context, client *central.Client) (pulled int, err error) {
	for {
		page, err := a.page(ctx, client, 0)
		if err != nil {
			return pulled, feedError(err)
		}
		n, err := a.takePage(ctx, client, page)
		pulled += n
		if err != nil || !page.More {
			return pulled, feedError(err)
		}
	}
}

// page asks for one page of the feed; the office may keep its answer back for so long.
func (a *App) page(ctx context.Context, client *central.Client, wait time.Duration) (central.Changes, error) {
	cursor := a.cursor()
	page, err := client.Changes(ctx, cursor, wait)
	if central.KindOf(err) == central.Gone && cursor > 0 {
		// The office's data were set back. What was seen before is known by its date and not taken twice.
		if err = a.SetSetting(settingCursor, "0"); err == nil {
			page, err = client.Changes(ctx, 0, 0)
		}
	}
	return page, err
}

// takePage keeps what is new in a page, each change with its documents in one transaction.
func (a *App) takePage(ctx context.Context, client *central.Client, page central.Changes) (pulled int, err error) {
	for _, change := range page.Changes {
		if change.Cursor <= a.cursor() {
			continue // seen before: an answer may be repeated
		}
		if err := a.take(ctx, client, change); err != nil {
			return pulled, err
		}
		pulled++
	}
	return pulled, nil
}

// feedError: a refusal of the feed is about no case, so nobody's application is refused by it.
func feedError(err error) error {
	if KindOf(err) == Refused {
		return &Error{"fetch changes", ServerAnswer, err}
	}
	return err
}

// take keeps one change.
func (a *App) take(ctx context.Context, client *central.Client, change central.Change) error {
	if change.Kind != "" {
		return a.takeResource(ctx, client, change)
	}
	known, err := a.known(change)
	if err != nil {
		return err
	}
	if known {
		return a.store.Update(func(tx *store.Tx) error { return seen(tx, change) })
	}
	files, err := a.fetch(ctx, client, change.Documents)
	if err != nil {
		return err
	}
	version := change.Version
	if version == 0 {
		if version, err = versionAt(ctx, client, change); err != nil {
			return err
		}
	}
	return a.store.Update(func(tx *store.Tx) error {
		if err := seen(tx, change); err != nil {
			return err
		}
		c, err := store.Get[cases.Case](tx, store.Cases, change.Case)
		if err != nil {
			return err
		}
		if c.Cancelled { // the answer that said so was lost, and then the case was given up
			if c, err = a.apply(tx, c, cases.Event{Kind: cases.Reopened}); err != nil {
				return err
			}
		}
		if stop, err := a.fileFromOffice(tx, &c, files); stop || err != nil {
			return err
		}
		_, err = a.apply(tx, c, cases.Event{Kind: cases.Decided, Office: change.State, Why: change.Why, Said: change.At.UTC(), Version: version})
		return err
	})
}

// seen moves the cursor behind a change.
func seen(tx *store.Tx, change central.Change) error {
	return store.Put(tx, store.Settings, settingCursor, strconv.FormatInt(change.Cursor, 10))
}

// versionAt asks for the version that a returned case has, of an office whose feed does not tell it: a correction is made on it. 0 where
// the office has gone on since, or nothing can be corrected: then what is known stays, and a correction meets a conflict.
func versionAt(ctx context.Context, client *central.Client, change central.Change) (int64, error) {
	if change.State != central.StateReturned {
		return 0, nil
	}
	c, err := client.Case(ctx, change.Case)
	if err != nil || c.State != change.State || c.Why != change.Why {
		return 0, err
	}
	return c.Version, nil
}

// fetch brings documents from the office.
func (a *App) fetch(ctx context.Context, client *central.Client, docs []central.Document) (files []newDocument, err error) {
	for _, d := range docs {
		data, err := client.Document(ctx, d.SHA256, nil)
		if err != nil {
			return nil, err
		}
		files = append(files, newDocument{d.Kind, d.Name, data})
	}
	return files, nil
}

// fileFromOffice files what the case does not have yet. stop: a certificate is not for this case's key; the case says so, and the feed
// goes on, for a wrong certificate must not stop the other cases.
func (a *App) fileFromOffice(tx *store.Tx, c *cases.Case, files []newDocument) (stop bool, err error) {
	_, ownKey := c.Step(procedure.MakeKey)
	for _, f := range files {
		if f.kind == central.DocCertificate && ownKey {
			if _, err := newCertificate(f.data, c.SPKI); err != nil {
				*c, err = a.apply(tx, *c, cases.Event{Kind: cases.Refused, Why: err.Error()})
				return true, err
			}
		}
		sum := fingerprint(f.data)
		if slices.ContainsFunc(c.Documents, func(d cases.Document) bool { return d.Kind == f.kind && d.SHA256 == sum }) {
			continue
		}
		if err := a.file(tx, c, f.kind, safeName(f.name), f.data, ""); err != nil {
			return false, err
		}
	}
	return false, nil
}

// known says that nothing is to be done about a change: it was taken before, or its case is not of this store.
func (a *App) known(change central.Change) (known bool, err error) {
	err = a.store.View(func(tx *store.Tx) error {
		if !tx.Has(store.Cases, change.Case) {
			known = true
			return nil
		}
		return store.Each(tx, store.Events, change.Case+"/", func(_ string, e cases.Event) error {
			told := e.Kind == cases.Decided || e.Kind == cases.Conflicted
			known = known || told && e.Office == change.State && !e.Said.IsZero() && e.Said.Equal(change.At)
			return nil
		})
	})
	return known, err
}

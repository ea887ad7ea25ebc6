package app

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"time"

	"rekey/app/calendar"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/store"
)

// factsEvery is how often the central API is asked for newer facts.
const factsEvery = 10 * time.Minute

// facts are the procedures and calendars as they hold now: the files, and what the central API has said since.
type facts struct {
	procedures []*procedure.Procedure
	calendars  map[string]calendar.Calendar
}

// ready reads the procedures and the calendars once. The first picture of a window does not need them.
func (a *App) ready() error {
	a.reading.Do(func() {
		if a.procedures, a.unread = procedure.Load(a.assets, "procedures"); a.unread != nil {
			return
		}
		if a.calendars, a.unread = calendar.Load(a.assets, "calendars"); a.unread == nil {
			a.useFacts(a.Setting(settingOverrides))
		}
	})
	return a.unread
}

func (a *App) latest() *facts {
	if a.ready() != nil {
		return &facts{}
	}
	return a.facts.Load()
}

// knownProcedures gives the procedures as they hold now.
func (a *App) knownProcedures() []*procedure.Procedure { return a.latest().procedures }

// calendar gives the working days of a country as they hold now.
func (a *App) calendar(country string) calendar.Calendar { return a.latest().calendars[country] }

// useFacts puts the overrides (a JSON list, "" for none) over the files. What does not fit is left out: the files are always
// there to fall back on.
func (a *App) useFacts(text string) {
	var raw []json.RawMessage
	_ = json.Unmarshal([]byte(text), &raw)
	var overrides []procedure.Override
	for _, one := range raw {
		if o, err := procedure.ParseOverride("central API", one); err == nil {
			overrides = append(overrides, o)
		}
	}
	f := &facts{}
	for _, p := range a.procedures {
		applied, _ := procedure.Apply(p, overrides)
		f.procedures = append(f.procedures, applied)
	}
	f.calendars, _ = procedure.ApplyCalendars(maps.Clone(a.calendars), overrides)
	a.facts.Store(f)
}

// pullFacts fetches what the office says about fees, accounts, windows and copies. A server that does not know the resource
// changes nothing.
func (a *App) pullFacts(ctx context.Context, client *central.Client) error {
	if err := a.ready(); err != nil {
		return err
	}
	text, etag, err := client.Overrides(ctx, a.Setting(settingOverridesTag))
	if err != nil || text == "" {
		return err
	}
	if err := a.store.Update(func(tx *store.Tx) error {
		return errors.Join(store.Put(tx, store.Settings, settingOverrides, text), store.Put(tx, store.Settings, settingOverridesTag, etag))
	}); err != nil {
		return err
	}
	a.useFacts(text)
	return nil
}

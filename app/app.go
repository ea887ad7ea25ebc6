// Package app is what Rekey does for its holder: it looks at the cards, opens a case, walks through its
// steps and keeps the central API in step.
//
// It promises: everything local works with no network; what is decided is on disk before a card is written to;
// a PIN is asked for once for each login and handed on once; no software key is ever used. It imports no window
// and no PKCS#11.
package app

import (
	"context"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"rekey/app/calendar"
	"rekey/app/central"
	"rekey/app/form"
	"rekey/app/procedure"
	"rekey/store"
	"rekey/token"
)

// Cards is what the use cases need of the card layer; *token.Set is the real one.
type Cards interface {
	Snapshot(ctx context.Context) token.Snapshot
	Open(ctx context.Context, cardSerial string) (token.Session, error)
	Watch(ctx context.Context, every time.Duration, changed func(token.Snapshot))
	Close() error
}

var _ Cards = (*token.Set)(nil)

// Options are what a run of Rekey is given.
type Options struct {
	StoreDir  string // folder of the store
	Documents string // folder for exported documents
	Central   string // address of the central API; "": the one of the settings
	Cards     Cards
	Assets    fs.FS            // see package assets
	Now       func() time.Time // nil: time.Now
	Keyring   bool             // keep the store's key in the system's keyring where there is one
	Timeout   time.Duration    // of one exchange with the central API; 0: central.Timeout
	Warm      bool             // for a window: the register's search is made ready in the background, the procedures are read when they are asked for

	// Jitter gives a random time below limit, for the waiting after failures; nil: an even one.
	Jitter func(limit time.Duration) time.Duration
}

// App is safe for concurrent use.
type App struct {
	store      *store.Store
	cards      Cards
	assets     fs.FS
	documents  string
	reading    sync.Once              // of procedures and calendars
	unread     error                  // why they could not be read
	procedures []*procedure.Procedure // as the files say
	facts      atomic.Pointer[facts]
	calendars  map[string]calendar.Calendar
	fonts      func() (*form.Fonts, error)
	central    string
	now        func() time.Time
	timeout    time.Duration
	running    sync.Mutex // one case at a time works with a card
	syncing    sync.Mutex // one exchange with the office at a time
	factsAt    time.Time  // when the facts were fetched; guarded by syncing
	link       connection
	bell       bell    // rings when there is something to send or the way to the office has changed
	watches    watches // the loops that run
	jitter     func(limit time.Duration) time.Duration
}

// Names of settings.
const (
	SettingLang      = "language"  // en, tr, ru, vi, fa
	SettingLook      = "look"      // system, light, dark
	settingCursor    = "cursor"    // how far the change feed was read
	settingOverrides = "overrides" // what the central API says about the procedures

	settingOverridesTag = "overrides-etag" // of the answer that is kept
)

// Open opens the store and reads the data files.
func Open(opts Options) (*App, error) {
	const op = "open"
	a := &App{cards: opts.Cards, assets: opts.Assets, documents: opts.Documents, central: opts.Central, now: opts.Now, timeout: opts.Timeout, jitter: opts.Jitter}
	if a.jitter == nil {
		a.jitter = jitter
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.timeout == 0 {
		a.timeout = central.Timeout
	}
	var err error
	a.fonts = sync.OnceValues(func() (*form.Fonts, error) { // read with the first form, not before the window's first frame
		fonts, err := fs.Sub(opts.Assets, "fonts")
		if err != nil {
			return nil, err
		}
		return form.LoadFonts(fonts)
	})
	if a.store, err = store.OpenWith(opts.StoreDir, store.Options{Keyring: opts.Keyring, Warm: opts.Warm}); err != nil {
		return nil, failed(op, err)
	}
	if !opts.Warm {
		if err := a.ready(); err != nil {
			_ = a.store.Close()
			return nil, failed(op, err)
		}
	}
	return a, nil
}

// Close ends what runs in the background, and the use of the store and the modules.
func (a *App) Close() error {
	a.watches.close()
	a.link.close()
	err := a.cards.Close()
	if storeErr := a.store.Close(); err == nil {
		err = storeErr
	}
	return failed("close", err)
}

// Procedures lists what Rekey knows how to do.
func (a *App) Procedures() []*procedure.Procedure { return a.knownProcedures() }

// procedure finds one by ID.
func (a *App) procedure(id string) (*procedure.Procedure, error) {
	for _, p := range a.knownProcedures() {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, &Error{"procedure " + id, NotFound, nil}
}

// Setting reads a setting, "" when it was never set.
func (a *App) Setting(key string) string {
	var value string
	_ = a.store.View(func(tx *store.Tx) error {
		value, _ = store.Get[string](tx, store.Settings, key)
		return nil
	})
	return value
}

// SetSetting keeps a setting.
func (a *App) SetSetting(key, value string) error {
	return failed("keep setting", a.store.Update(func(tx *store.Tx) error {
		if connects(key) {
			if err := a.reconnect(tx, key, value); err != nil {
				return err
			}
		}
		return store.Put(tx, store.Settings, key, value)
	}))
}

// wake has the loops look again at what is due.
func (a *App) wake() { a.bell.ring() }

package app

import (
	"errors"
	"math/rand/v2"
	"time"

	"rekey/app/central"
	"rekey/store"
)

// Waiting after a failure: a random part ("full jitter") of 2 s, 4 s, 8 s … 15 min, so that many machines whose office was away do
// not come back at once.
const (
	firstWait   = 2 * time.Second
	longestWait = 15 * time.Minute
)

// backOff is how long to wait after so many failures, 1 for the first.
func (a *App) backOff(failures int) time.Duration {
	limit := longestWait
	if shift := max(0, failures-1); shift < 10 {
		limit = min(longestWait, firstWait<<shift)
	}
	return a.jitter(limit)
}

// jitter is a random time below limit.
func jitter(limit time.Duration) time.Duration { return rand.N(limit) }

// rest is how long the whole exchange stays away, and why; it is kept on disk.
type rest struct {
	Attempts  int       `json:"attempts,omitempty"`
	Tried     time.Time `json:"tried,omitzero"`      // when it failed
	NotBefore time.Time `json:"not_before,omitzero"` // our own waiting, which the person may cut short
	Asked     time.Time `json:"asked,omitzero"`      // the office has asked for it (Retry-After): nobody cuts that short
	Kind      Kind      `json:"kind,omitempty"`      // of the last failure; "": the last try went through
	Detail    string    `json:"detail,omitempty"`    // in words, for the person
	Reached   time.Time `json:"reached,omitzero"`    // when an exchange last went through
}

// unless gives at, or no time when the clock was set back (by a year, perhaps) since the failure that it was kept with: how much of
// such a waiting is left, nobody can say, so it is over.
func unless(now, tried, at time.Time) time.Time {
	if now.Before(tried) {
		return time.Time{}
	}
	return at
}

// asked is until when the office wants to be left alone.
func (r rest) asked(now time.Time) time.Time { return unless(now, r.Tried, r.Asked) }

// until is when the exchange may be tried again by itself.
func (r rest) until(now time.Time) time.Time {
	return unless(now, r.Tried, later(r.NotBefore, r.Asked))
}

// until is the same for one thing of the outbox.
func (it item) until(now time.Time) time.Time { return unless(now, it.Tried, it.NotBefore) }

func later(x, y time.Time) time.Time {
	if y.After(x) {
		return y
	}
	return x
}

const settingRest = "exchange" // rest

func (a *App) rest() (r rest) {
	_ = a.store.View(func(tx *store.Tx) error {
		r, _ = store.Get[rest](tx, store.Settings, settingRest)
		return nil
	})
	return r
}

// away says of an error that it is about the whole exchange, not about what was just sent: nobody answers, or the office does not
// know us, or it is perhaps not the office, or it asks us to stay away.
func away(err error) bool {
	switch central.KindOf(err) {
	case central.Offline, central.NotAdmitted, central.Untrusted, central.Proxy, central.CardFailed:
		return true
	}
	return asksToWait(err) > 0
}

func asksToWait(err error) time.Duration {
	if answer := (*central.Error)(nil); errors.As(err, &answer) {
		return answer.Wait
	}
	return 0
}

// note keeps how an exchange went.
func (a *App) note(err error) error {
	before := a.rest()
	now, after := a.now(), rest{Reached: before.Reached}
	if asked := before.asked(now); asked.After(now) {
		after.Tried, after.Asked = before.Tried, asked
	}
	if err == nil {
		after.Reached = now.UTC()
	} else {
		after.Tried, after.Kind, after.Detail = now.UTC(), KindOf(err), reason(err)
		if away(err) {
			after.Attempts = before.Attempts + 1
			after.NotBefore = now.Add(a.backOff(after.Attempts)).UTC()
		}
		if wait := asksToWait(err); wait > 0 {
			after.Asked = later(after.Asked, now.Add(wait)).UTC()
		}
	}
	if after == before {
		return nil
	}
	return a.keepRest(after)
}

func (a *App) keepRest(r rest) error {
	return a.store.Update(func(tx *store.Tx) error { return store.Put(tx, store.Settings, settingRest, r) })
}

// reachedEvery is how exactly the time of the last answer is kept while the office answers all the time: the disk is spared.
const reachedEvery = 5 * time.Minute

// heard keeps that the office has answered a question for news. What is known of our own sending stays as it is.
func (a *App) heard() error {
	r, now := a.rest(), a.now().UTC()
	if since := now.Sub(r.Reached); since >= 0 && since < reachedEvery {
		return nil
	}
	r.Reached = now
	return a.keepRest(r)
}

// reason is the office's own sentence, or the whole error when it said nothing.
func reason(err error) string {
	if answer := (*central.Error)(nil); errors.As(err, &answer) && answer.Detail != "" {
		return answer.Detail
	}
	return err.Error()
}

// forgetWords takes out what the office said with the last failure: it may have been about anybody.
func forgetWords(tx *store.Tx) error {
	r, err := store.Get[rest](tx, store.Settings, settingRest)
	if err != nil || r.Detail == "" {
		return nil // none, or one that nobody can read
	}
	r.Detail = ""
	return store.Put(tx, store.Settings, settingRest, r)
}

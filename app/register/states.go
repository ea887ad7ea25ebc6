package register

import "time"

// Entry is a certificate and the card that holds it. The words of KeyOnCard are "yes", "no",
// "unknown": many cards show their private keys only after the PIN.
type Entry struct {
	Certificate
	CardSerial string
	CardLabel  string
	Reader     string
	Module     string
	KeyOnCard  string
	State      string // filled by States
}

// Values of Entry.KeyOnCard.
const (
	KeyYes     = "yes"
	KeyNo      = "no"
	KeyUnknown = "unknown"
)

// Values of Entry.State. Append only.
const (
	StateCurrent = "current" // the one in use: chosen, or the one that was there first
	StateNew     = "new"     // same holder, ends later than the current one, key on its card
	StateExpired = "expired"
	StateOther   = "other"
)

// States gives a copy of the entries with State filled. chosen maps a HolderKey to the fingerprint
// that this holder chose as current.
//
// Without a choice the current one is the signing certificate that was there first (earliest
// NotBefore) among those that have not ended, else the one that ended last. When the chosen certificate
// is on none of these cards, no other one takes its place. Certificates that could not be read or that
// do not sign are never current or new.
func States(entries []Entry, chosen map[string]string, now time.Time) []Entry {
	out := make([]Entry, len(entries))
	copy(out, entries)
	current := map[string]*Entry{}
	for i := range out {
		e := &out[i]
		key := HolderKey(e.Certificate)
		if want, ok := chosen[key]; ok {
			if e.Fingerprint == want {
				current[key] = e
			}
		} else if signs(e) && (current[key] == nil || before(e, current[key], now)) {
			current[key] = e
		}
	}
	for i := range out {
		out[i].State = state(&out[i], current[HolderKey(out[i].Certificate)], now)
	}
	return out
}

func state(e, current *Entry, now time.Time) string {
	switch {
	case current != nil && e.Fingerprint == current.Fingerprint:
		return StateCurrent
	case !e.NotAfter.IsZero() && now.After(e.NotAfter):
		return StateExpired
	case current != nil && signs(e) && e.KeyOnCard != KeyNo && e.NotAfter.After(current.NotAfter):
		return StateNew
	}
	return StateOther
}

func signs(e *Entry) bool { return e.Problem == "" && e.Purpose == PurposeSigning }

// before: a comes before b as the default choice.
func before(a, b *Entry, now time.Time) bool {
	aOver, bOver := now.After(a.NotAfter), now.After(b.NotAfter)
	switch {
	case aOver != bOver:
		return bOver
	case aOver:
		return a.NotAfter.After(b.NotAfter)
	case !a.NotBefore.Equal(b.NotBefore):
		return a.NotBefore.Before(b.NotBefore)
	}
	return a.Fingerprint < b.Fingerprint
}

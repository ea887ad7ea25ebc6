package app

import (
	"maps"
	"slices"
	"time"

	"rekey/app/register"
	"rekey/store"
)

// End says when the newest signature of a holder ends whose card was in a reader of this computer: the holder is reminded of it while
// the card is in a pocket, too.
type End struct {
	HolderKey   string    `json:"holder_key"`
	Holder      string    `json:"holder"` // name to show
	Fingerprint string    `json:"fingerprint"`
	NotAfter    time.Time `json:"not_after"`
	Open        bool      `json:"-"` // a case of the holder is open
}

// settingEnds holds all of them, by holder: the name of a setting can be read in the file, and must not tell whose it is.
const settingEnds = "ends"

// mostEnds is how many are remembered; the one that ends first goes first.
const mostEnds = 500

type ends map[string]End

func readEnds(tx *store.Tx) (ends, error) {
	all, err := store.Get[ends](tx, store.Settings, settingEnds)
	if store.KindOf(err) == store.NotFound {
		return ends{}, nil
	}
	return all, err
}

// endOf is the end of a holder's newest certificate. ok is false where it says nothing.
func endOf(h Holder) (end End, ok bool) {
	newest := h.Current
	if h.New != nil && h.New.NotAfter.After(newest.NotAfter) {
		newest = *h.New
	}
	end = End{HolderKey: h.Key, Holder: h.Name, Fingerprint: newest.Fingerprint, NotAfter: newest.NotAfter.UTC()}
	return end, newest.Problem == "" && newest.Purpose == register.PurposeSigning && h.Key != ""
}

// keepEnds remembers the ends of what is in the readers now. Nothing is written where nothing has changed.
func (a *App) keepEnds(holders []Holder) error {
	var known ends
	if err := a.store.View(func(tx *store.Tx) (err error) { known, err = readEnds(tx); return err }); err != nil {
		return err
	}
	fresh := maps.Clone(known)
	for _, h := range holders {
		if end, ok := endOf(h); ok {
			fresh[h.Key] = end
		}
	}
	if maps.Equal(fresh, known) {
		return nil
	}
	for len(fresh) > mostEnds {
		delete(fresh, firstToEnd(fresh).HolderKey)
	}
	return a.store.Update(func(tx *store.Tx) error { return store.Put(tx, store.Settings, settingEnds, fresh) })
}

func firstToEnd(all ends) End {
	return slices.MinFunc(slices.Collect(maps.Values(all)), func(a, b End) int { return a.NotAfter.Compare(b.NotAfter) })
}

// forgetEnd forgets one holder.
func forgetEnd(tx *store.Tx, holderKey string) error {
	all, err := readEnds(tx)
	if _, known := all[holderKey]; err != nil || !known {
		return err
	}
	delete(all, holderKey)
	return store.Put(tx, store.Settings, settingEnds, all)
}

// Ends lists the ends of all holders whose cards were here, the first to end first.
func (a *App) Ends() (all []End, err error) {
	open, err := a.Cases()
	if err != nil {
		return nil, err
	}
	var known ends
	if err := a.store.View(func(tx *store.Tx) (err error) { known, err = readEnds(tx); return err }); err != nil {
		return nil, failed("read ends", err)
	}
	for _, c := range open {
		if end, ok := known[c.HolderKey]; ok && !c.Closed() {
			end.Open = true
			known[c.HolderKey] = end
		}
	}
	return slices.SortedFunc(maps.Values(known), func(a, b End) int { return a.NotAfter.Compare(b.NotAfter) }), nil
}

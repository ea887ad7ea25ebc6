package app

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"rekey/app/cases"
	"rekey/store"
	"rekey/store/fold"
)

// Person is somebody whom the store knows.
type Person struct {
	Key   string `json:"key"` // register.HolderKey, or "draft/" and the ID of a draft that belongs to no holder yet
	Name  string `json:"name"`
	Cases int    `json:"cases"`
}

// Erased tells what Erase has removed, and what it could not reach.
type Erased struct {
	Key     string               `json:"key"`
	Name    string               `json:"name"`
	Removed map[store.Bucket]int `json:"removed"` // how many values of each kind
	Waiting []Unsent             `json:"waiting"` // was in the outbox and has not reached the office
	Shared  int                  `json:"shared"`  // documents that stay, for another person's case needs them
	Backups []string             `json:"backups"` // old backups, removed; a new one is there instead
	Kept    []string             `json:"kept"`    // files that may still hold the person: set aside, or exported
	Before  int64                `json:"size_before"`
	After   int64                `json:"size_after"` // bytes of the file after compaction
}

// draftPerson marks the key of a draft without a holder.
const draftPerson = "draft/"

// People finds persons by key, its beginning (8 signs or more), or a part of the name, whatever its case and accents.
func (a *App) People(part string) ([]Person, error) {
	found := map[string]Person{}
	err := a.store.View(func(tx *store.Tx) error {
		return eachPerson(tx, func(key, name string, aCase bool) {
			p := found[key]
			p.Key, p.Name = key, cmp.Or(p.Name, name)
			if aCase {
				p.Cases++
			}
			found[key] = p
		})
	})
	if err != nil {
		return nil, failed("find person", err)
	}
	var list []Person
	for _, p := range found {
		byKey := len(part) >= 8 && strings.HasPrefix(p.Key, strings.ToLower(part))
		if byKey || part != "" && strings.Contains(fold.Fold(p.Name), fold.Fold(part)) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(x, y Person) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Key, y.Key)) })
	return list, nil
}

// eachPerson walks over everything that names a holder.
func eachPerson(tx *store.Tx, f func(key, name string, aCase bool)) error {
	owners := map[string]string{} // fingerprint → holder
	err := store.Each(tx, store.Cases, "", func(_ string, c cases.Case) error {
		owners[c.Current] = c.HolderKey
		f(c.HolderKey, c.Holder, true)
		return nil
	})
	if err == nil {
		err = store.HolderValues.Each(tx, "", func(key string, h store.Holder) error { f(key, h.Name, false); return nil })
	}
	if err == nil {
		err = store.Each(tx, store.Certificates, "", func(_ string, c store.Certificate) error {
			owners[c.Fingerprint] = c.HolderKey
			f(c.HolderKey, c.Holder, false)
			return nil
		})
	}
	if err == nil {
		err = store.Each(tx, store.Choices, "", func(key, fp string) error { owners[fp] = key; f(key, "", false); return nil })
	}
	if err == nil {
		var known ends
		known, err = readEnds(tx)
		for key, end := range known {
			f(key, end.Holder, false)
		}
	}
	if err == nil {
		err = store.Each(tx, store.Drafts, "", func(id string, d Draft) error {
			if d.Mends { // belongs to its case
				return nil
			}
			name := strings.TrimSpace(d.Details["given_name"] + " " + d.Details["surname"])
			f(cmp.Or(owners[d.Fingerprint], draftPerson+id), cmp.Or(name, d.Details["certificate_name"], d.Details["organisation"]), false)
			return nil
		})
	}
	return err
}

// Erase removes a person from this machine: cases, events, documents that nobody else needs, drafts, choices, outbox, certificates,
// cards, photos; then the file is written anew and the old backups go. What the office has stays with the office. No card is touched.
func (a *App) Erase(holderKey string) (Erased, error) {
	const op = "erase person"
	a.running.Lock() // no case of the person is being worked on, and nothing is being sent
	defer a.running.Unlock()
	a.syncing.Lock()
	defer a.syncing.Unlock()
	e := Erased{Key: holderKey, Removed: map[store.Bucket]int{}, Waiting: []Unsent{}}
	people, err := a.People(holderKey)
	if err != nil {
		return e, err
	}
	i := slices.IndexFunc(people, func(p Person) bool { return p.Key == holderKey })
	if i < 0 {
		return e, &Error{op, NotFound, fmt.Errorf("nobody here has the key %q", holderKey)}
	}
	e.Name = people[i].Name
	var ids []string
	if err := a.store.Update(func(tx *store.Tx) (err error) {
		if ids, err = e.remove(tx); err != nil {
			return err
		}
		if err := forgetEnd(tx, holderKey); err != nil {
			return err
		}
		return forgetWords(tx)
	}); err != nil {
		return e, failed(op, err)
	}
	// From here on the person is gone from the store. What is left is to get rid of the old pages and copies.
	for _, id := range ids {
		if len(id) >= 6 {
			folders, _ := filepath.Glob(filepath.Join(a.documents, "* "+id[len(id)-6:]))
			e.Kept = append(e.Kept, folders...)
		}
	}
	e.Kept = append(e.Kept, store.SetAside(a.store.Dir())...)
	if e.Before, e.After, err = a.store.Compact(); err != nil {
		return e, failed(op, err)
	}
	e.Backups, err = a.store.RenewBackups()
	return e, failed(op, err)
}

// erasure collects the keys first: a bucket must not change while it is walked.
type erasure struct {
	bucket store.Bucket
	key    string
}

// remove takes everything of the person out and gives the IDs of the cases.
func (e *Erased) remove(tx *store.Tx) (ids []string, err error) {
	var gone []erasure
	mine := map[string]bool{} // fingerprints
	documents := map[string]bool{}
	note := func(b store.Bucket, key string) { gone = append(gone, erasure{b, key}) }
	if err := store.Each(tx, store.Cases, "", func(id string, c cases.Case) error {
		if c.HolderKey != e.Key {
			return nil
		}
		mine[c.Current], mine[c.New] = true, true
		ids = append(ids, id)
		note(store.Cases, id)
		return store.Each(tx, store.Events, id+"/", func(key string, _ json.RawMessage) error { note(store.Events, key); return nil })
	}); err != nil {
		return nil, err
	}
	if err := e.register(tx, note, mine); err != nil {
		return nil, err
	}
	if err := store.Each(tx, store.Drafts, "", func(id string, d Draft) error {
		if mine[d.Fingerprint] && d.Fingerprint != "" || e.Key == draftPerson+id || d.Mends && slices.Contains(ids, id) {
			note(store.Drafts, id)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	unsent, err := waiting(tx)
	if err != nil {
		return nil, err
	}
	for _, it := range unsent {
		if slices.Contains(ids, it.Case) || it.HolderKey == e.Key {
			note(store.Outbox, it.seq)
			e.Waiting = append(e.Waiting, it.unsent())
		}
	}
	for _, g := range gone {
		if err := spokenOf(tx, g, documents); err != nil {
			return nil, err
		}
	}
	for _, g := range gone {
		if err := tx.Delete(g.bucket, g.key); err != nil {
			return nil, err
		}
		e.Removed[g.bucket]++
	}
	return ids, e.documents(tx, documents)
}

// register finds what the register and the choices hold of the person.
func (e *Erased) register(tx *store.Tx, note func(store.Bucket, string), mine map[string]bool) error {
	err := store.Each(tx, store.Certificates, "", func(fp string, c store.Certificate) error {
		if c.HolderKey == e.Key {
			mine[fp] = true
			note(store.Certificates, fp)
		}
		return nil
	})
	if err == nil {
		err = store.CardValues.Each(tx, "", func(key string, c store.Card) error {
			if c.HolderKey == e.Key {
				note(store.Cards, key)
			}
			return nil
		})
	}
	if err != nil {
		return err
	}
	for _, b := range []store.Bucket{store.Holders, store.Photos, store.Choices} {
		if !tx.Has(b, e.Key) {
			continue
		}
		if fp, err := store.Get[string](tx, store.Choices, e.Key); b == store.Choices && err == nil {
			mine[fp] = true
		}
		note(b, e.Key)
	}
	return nil
}

// documents removes those that nothing that is left speaks of.
func (e *Erased) documents(tx *store.Tx, gone map[string]bool) error {
	needed := map[string]bool{}
	for _, b := range []store.Bucket{store.Cases, store.Events, store.Outbox, store.Certificates, store.Photos, store.Drafts, store.Settings, store.Holders} {
		if err := store.Each(tx, b, "", func(_ string, v any) error { hashes(v, needed); return nil }); err != nil {
			return err
		}
	}
	for name := range gone {
		switch {
		case !tx.Has(store.Documents, name):
		case needed[name]:
			e.Shared++
		default:
			if err := tx.Delete(store.Documents, name); err != nil {
				return err
			}
			e.Removed[store.Documents]++
		}
	}
	return nil
}

// spokenOf collects what could be names of documents in a value that goes.
func spokenOf(tx *store.Tx, g erasure, names map[string]bool) error {
	v, err := store.Get[any](tx, g.bucket, g.key)
	if err == nil {
		hashes(v, names)
	}
	return err
}

// hashes collects every text that could be a SHA-256, wherever it stands: a new kind of value is covered without a change here.
func hashes(v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		if len(v) == 64 {
			into[v] = true
		}
	case []any:
		for _, x := range v {
			hashes(x, into)
		}
	case map[string]any:
		for _, x := range v {
			hashes(x, into)
		}
	}
}

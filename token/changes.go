package token

import "fmt"

// ChangeKind is what happened to a reader. Append only.
type ChangeKind string

// The kinds of changes.
const (
	ReaderCome     ChangeKind = "reader-come"
	ReaderGone     ChangeKind = "reader-gone" // with the card in it, if there was one
	CardIn         ChangeKind = "card-in"
	CardOut        ChangeKind = "card-out"
	CardUnreadable ChangeKind = "card-unreadable" // something was put in that no module can read
	CardChanged    ChangeKind = "card-changed"    // the same card says something else of itself
	ServiceGone    ChangeKind = "service-gone"    // the system's smart card service ended
	ServiceCome    ChangeKind = "service-come"
)

// Change is one difference between two snapshots.
type Change struct {
	Kind   ChangeKind
	Reader string // its name, "" for the service
	Card   *Card  // the card that came, went or changed; nil for the others
}

// Changes compares two snapshots. A card that moved from one reader to another gives two changes; readers
// that come or go bring and take their cards with them, in changes of their own. What a module that failed does not show
// any more has not gone.
func Changes(before, now Snapshot) []Change {
	before.Readers = append(before.Readers[:len(before.Readers):len(before.Readers)], hidden(before, now)...)
	now.Readers = append(now.Readers[:len(now.Readers):len(now.Readers)], hidden(now, before)...)
	old, new := byName(before.Readers), byName(now.Readers)
	var changes []Change
	for _, name := range names(before.Readers) {
		if _, there := new[name]; !there {
			if c := old[name].Card; c != nil {
				changes = append(changes, Change{CardOut, old[name].Name, c})
			}
			changes = append(changes, Change{ReaderGone, old[name].Name, nil})
		}
	}
	for _, name := range names(now.Readers) {
		was, there := old[name]
		if !there {
			changes = append(changes, Change{ReaderCome, new[name].Name, nil})
		}
		changes = append(changes, inReader(was, new[name])...)
	}
	switch {
	case before.Service && !now.Service:
		changes = append(changes, Change{Kind: ServiceGone})
	case !before.Service && now.Service:
		changes = append(changes, Change{Kind: ServiceCome})
	}
	return changes
}

// hidden gives the readers of one snapshot that another does not have only because their module fails there.
func hidden(there, here Snapshot) []Reader {
	failing := map[string]bool{}
	for _, m := range there.Modules {
		failing[m.Path] = m.Kind != ""
	}
	shown := map[string]bool{}
	for _, r := range there.Readers {
		shown[r.Name] = true
	}
	var found []Reader
	for _, r := range here.Readers {
		if failing[r.Module] && !shown[r.Name] {
			found = append(found, r)
		}
	}
	return found
}

func inReader(was, is Reader) []Change {
	var changes []Change
	same := was.Card != nil && is.Card != nil && was.Card.Serial == is.Card.Serial && was.Card.Blank == is.Card.Blank
	if was.Card != nil && !same {
		changes = append(changes, Change{CardOut, was.Name, was.Card})
	}
	switch {
	case is.Card != nil && !same:
		changes = append(changes, Change{CardIn, is.Name, is.Card})
	case same && *was.Card != *is.Card:
		changes = append(changes, Change{CardChanged, is.Name, is.Card})
	case is.Fault != "" && was.Fault == "":
		changes = append(changes, Change{CardUnreadable, is.Name, nil})
	case is.Fault == "" && was.Fault != "" && is.Card == nil && is.Name != "":
		changes = append(changes, Change{CardOut, is.Name, nil})
	}
	return changes
}

// names tells readers of the same name apart by their order.
func names(readers []Reader) []string {
	count := map[string]int{}
	var all []string
	for _, r := range readers {
		count[r.Name]++
		all = append(all, fmt.Sprintf("%s\x00%d", r.Name, count[r.Name]))
	}
	return all
}

func byName(readers []Reader) map[string]Reader {
	found := map[string]Reader{}
	for i, name := range names(readers) {
		found[name] = readers[i]
	}
	return found
}

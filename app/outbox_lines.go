package app

import (
	"slices"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/store"
)

// line is what keeps its order: the things of one case go one after the other, and so do those of one holder; the lines
// know nothing of each other.
func (it item) line() string {
	if it.Case != "" {
		return "case/" + it.Case
	}
	return "holder/" + it.HolderKey
}

// inLines sorts what waits into its lines. What the office has refused is in none, unless the person wants it sent again now; nor is
// what belongs to a case that the office neither has nor is to get before it.
func inLines(tx *store.Tx, now bool) (lines [][]item, err error) {
	all, err := waiting(tx)
	at := map[string]int{}
	atOffice := map[string]bool{}
	for _, it := range all {
		if c, err := store.Get[cases.Case](tx, store.Cases, it.Case); it.Case != "" && err == nil {
			_, sends := c.Step(procedure.Send)
			atOffice[it.Case] = !sends || c.AtOffice()
		}
	}
	for _, it := range all {
		switch {
		case it.Refused != "" && !now:
			continue
		case it.Kind == sendCase:
			atOffice[it.Case] = true // it goes before what follows
		case it.Case != "" && !atOffice[it.Case]:
			continue // of a case that was refused: it goes with the next try
		}
		i, begun := at[it.line()]
		if !begun {
			i = len(lines)
			at[it.line()], lines = i, append(lines, nil)
		}
		lines[i] = append(lines[i], it)
	}
	return lines, err
}

func (a *App) lines(now bool) (lines [][]item, err error) {
	err = a.store.View(func(tx *store.Tx) error {
		lines, err = inLines(tx, now)
		return err
	})
	return lines, err
}

// due gives of each line what may be sent now: all that comes before the first thing that still waits for its time.
func (a *App) due(now bool) (lines [][]item, err error) {
	all, err := a.lines(now)
	for _, line := range all {
		if i := slices.IndexFunc(line, func(it item) bool { return !now && a.now().Before(it.until(a.now())) }); i >= 0 {
			line = line[:i]
		}
		if len(line) > 0 {
			lines = append(lines, line)
		}
	}
	return lines, err
}

// asItIsNow reads again what was sorted into a line some time ago.
func (a *App) asItIsNow(it item) (now item, err error) {
	err = a.store.View(func(tx *store.Tx) error {
		now, err = store.Get[item](tx, store.Outbox, it.seq)
		now.seq = it.seq
		return err
	})
	return now, err
}

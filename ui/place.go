package ui

import (
	"strings"
)

// keepPlace remembers where the window is when that is in the middle of something, so that the next start goes on there.
func (w *Window) keepPlace() {
	place := ""
	switch {
	case w.page == pageWizard && w.wizard.draft.Mends:
		place = "mend:" + w.wizard.draft.ID
	case w.page == pageWizard:
		place = pageWizard
	case w.page == pageJob && !w.job.finished && w.job.result.ID != "":
		place = "case:" + w.job.result.ID
	}
	if place == w.place {
		return
	}
	w.place = place
	w.places.next = &place
	w.placeNext()
}

// placeKeeper writes places one after the other; only the newest that waits is written.
type placeKeeper struct {
	busy bool
	next *string
}

func (w *Window) placeNext() {
	if w.places.busy || w.places.next == nil {
		return
	}
	place := *w.places.next
	w.places.busy, w.places.next = true, nil
	w.keepThen(SettingPlace, place, func() {
		w.places.busy = false
		w.placeNext()
	})
}

// comeBack goes on where the last run was closed, once, after the first look; not when the person is elsewhere already.
func (w *Window) comeBack() {
	place := w.left
	w.left = ""
	if place == "" || w.page != pageHome {
		return
	}
	if id, ok := strings.CutPrefix(place, "case:"); ok {
		if c, ok := w.findCase(id); ok && canRun(c) {
			w.openCase(id)
		}
		return
	}
	if id, ok := strings.CutPrefix(place, "mend:"); ok {
		if c, ok := w.findCase(id); ok && c.Returned() {
			w.mend(c)
		}
		return
	}
	if place == pageWizard && w.draft != nil {
		w.resume(*w.draft)
	}
}

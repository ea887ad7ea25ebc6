package ui

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rekey/ui/control"
)

// Map is what a driver of the window can see and use at one moment. Positions are window pixels.
type Map struct {
	Page       string       `json:"page"`       // home, cases, case, documents, cards, settings, wizard.1 … wizard.4, pin-change, certificate, job.pin, job.work, job.done, job.failed, papers.work, papers.done
	Dialog     bool         `json:"dialog"`     // a dialog or an open list is over the page
	Busy       bool         `json:"busy"`       // work runs
	Generation int          `json:"generation"` // grows with each written map
	Lang       string       `json:"lang"`
	Office     string       `json:"office"` // page case: the office's last word
	Width      int          `json:"width"`
	Height     int          `json:"height"`
	Controls   []MapControl `json:"controls"`
}

// MapControl is one control that can be used now.
type MapControl struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"` // button, nav, option, check, row, choice, entry
	Text    string `json:"text"` // never what was typed into a password entry
	X       int    `json:"x"`
	Y       int    `json:"y"`
	W       int    `json:"w"`
	H       int    `json:"h"`
	Enabled bool   `json:"enabled"`
	Focused bool   `json:"focused"`
	Chosen  bool   `json:"chosen"`
	Visible bool   `json:"visible"` // the middle lies in the visible part of its scroll area
}

// placed is a control, where it stands in the window, and from where to where its scroll area shows something.
type placed struct {
	control.Control
	at          fyne.Position
	top, bottom float32
}

// seen says whether the middle of it lies in the visible part of its scroll area.
func (c placed) seen() bool {
	middle := c.at.Y + c.Control.(fyne.CanvasObject).Size().Height/2
	return middle > c.top && middle < c.bottom
}

// controls lists what can be used now, in reading order: the topmost layer if there is one, else the page.
func controls(on fyne.Canvas) []placed {
	tree := on.Content()
	if top := on.Overlays().Top(); top != nil {
		tree = top
	}
	var out []placed
	collect(tree, fyne.Position{}, 0, on.Size().Height, &out)
	return out
}

// collect walks a tree whose parent stands at an absolute position; what lies outside of top … bottom is not seen.
func collect(o fyne.CanvasObject, parent fyne.Position, top, bottom float32, out *[]placed) {
	if o == nil || !o.Visible() {
		return
	}
	at := parent.Add(o.Position())
	if c, ok := o.(control.Control); ok {
		*out = append(*out, placed{c, at, top, bottom})
		return
	}
	switch x := o.(type) {
	case *control.Field:
		collect(x.Container, parent, top, bottom, out)
	case *container.Scroll:
		collect(x.Content, at, max(top, at.Y), min(bottom, at.Y+x.Size().Height), out)
	case *fyne.Container:
		for _, child := range x.Objects {
			collect(child, at, top, bottom, out)
		}
	}
}

// snapshot makes the map of this moment. It must run on the window's goroutine.
func (w *Window) snapshot() Map {
	on := w.win.Canvas()
	pixel := func(v float32) int { return int(v*on.Scale() + 0.5) }
	m := Map{
		Page: w.pageName(), Dialog: on.Overlays().Top() != nil, Busy: w.busy > 0, Lang: w.lang,
		Width: pixel(on.Size().Width), Height: pixel(on.Size().Height), Controls: []MapControl{},
	}
	for _, c := range w.cases {
		if w.page == pageCase && c.ID == w.caseID {
			m.Office = c.Office
		}
	}
	for _, c := range controls(on) {
		o := c.Control.(fyne.CanvasObject)
		at, size := c.at, o.Size()
		chosen := false
		if x, ok := c.Control.(interface{ Chosen() bool }); ok {
			chosen = x.Chosen()
		}
		m.Controls = append(m.Controls, MapControl{
			ID: c.ID(), Kind: c.Kind(), Text: c.Caption(), X: pixel(at.X), Y: pixel(at.Y), W: pixel(size.Width), H: pixel(size.Height),
			Enabled: c.Enabled(), Focused: c.HasFocus(), Chosen: chosen, Visible: c.seen(),
		})
	}
	return m
}

// keepMap writes the map whenever it has changed. It looks often rather than being told, so that what scrolling and
// layout move is right too. What it writes was the same two looks long, so it is on the screen by then.
func (w *Window) keepMap() {
	var last, before Map
	tick := time.NewTicker(60 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; {
		select {
		case <-w.ctx.Done():
			return
		case <-tick.C:
		}
		answer := make(chan Map, 1)
		w.post(func() { answer <- w.snapshot() })
		select {
		case <-w.ctx.Done():
			return
		case m := <-answer:
			settled := same(m, before)
			before = m
			if !settled || same(m, last) {
				continue
			}
			last = m
			n++
			m.Generation = n
			w.writeMap(m)
		}
	}
}

// same compares two maps without their numbers.
func same(a, b Map) bool {
	x, y := a, b
	x.Controls, y.Controls = nil, nil
	x.Generation, y.Generation = 0, 0
	return reflect.DeepEqual(x, y) && slices.Equal(a.Controls, b.Controls)
}

// writeMap writes by rename, so that half a map is never read. A map that cannot be written helps nobody to know.
func (w *Window) writeMap(m Map) {
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return
	}
	temporary := filepath.Join(filepath.Dir(w.opts.MapFile), "."+filepath.Base(w.opts.MapFile)+".new")
	if os.WriteFile(temporary, text, 0o600) == nil {
		_ = os.Rename(temporary, w.opts.MapFile)
	}
}

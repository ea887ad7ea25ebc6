package control

import (
	"image"
	"image/color"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/golden"
	"rekey/ui/look"
)

// everyFocusable are the controls that can have the focus, each in what it stands in.
func everyFocusable() map[string]func() (fyne.CanvasObject, Control) {
	press := func() {}
	alone := func(c Control) (fyne.CanvasObject, Control) { return look.Column(0, c.(fyne.CanvasObject)), c }
	return map[string]func() (fyne.CanvasObject, Control){
		"button": func() (fyne.CanvasObject, Control) { return alone(NewButton("", "Renew", nil, Primary, press)) },
		"entry":  func() (fyne.CanvasObject, Control) { return alone(NewEntry("", "words", 1, nil)) },
		"lines":  func() (fyne.CanvasObject, Control) { return alone(NewEntry("", "words", 3, nil)) },
		"secret": func() (fyne.CanvasObject, Control) { return alone(NewSecret("", nil)) },
		"choice": func() (fyne.CanvasObject, Control) { return alone(NewChoice("", []Item{{"a", "A"}}, "a", nil)) },
		"option": func() (fyne.CanvasObject, Control) { return alone(NewOption("", "On paper", "", true, nil, press)) },
		"check":  func() (fyne.CanvasObject, Control) { return alone(NewCheck("", "I am sure", false, press)) },
		"row": func() (fyne.CanvasObject, Control) {
			return alone(NewRow("", "A case", "", theme.HistoryIcon(), nil, press))
		},
		"nav": func() (fyne.CanvasObject, Control) {
			return alone(NewNav("", "Help", theme.HelpIcon(), true, nil, press))
		},
		"railnav": func() (fyne.CanvasObject, Control) {
			return alone(NewRailNav("", "Help", theme.HelpIcon(), false, nil, press))
		},
		"list": func() (fyne.CanvasObject, Control) {
			d := numbered(40, nil, nil)
			return look.Fixed(0, 200, d.Container), d.rows
		},
	}
}

// focusStage stands what make makes in a window of its own, on the page's ground.
func focusStage(t *testing.T, mode look.Mode, size fyne.Size, make func() (fyne.CanvasObject, Control)) (fyne.Window, Control, func() image.Image) {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.New(os.DirFS("../../assets"), mode, false, 1))
	o, c := make()
	w := test.NewTempWindow(t, look.Stack(canvas.NewRectangle(look.Color(look.Page)), look.Inset(8, 8, 8, 8, look.Column(0, o))))
	w.SetPadded(false)
	w.Resize(size)
	return w, c, func() image.Image { return software.RenderCanvas(w.Canvas(), a.Settings().Theme()) }
}

// Whatever has the focus has a ring on all four sides for exactly as long as it has it.
func TestFocusIsSeen(t *testing.T) {
	for name, make := range everyFocusable() {
		for _, mode := range []look.Mode{look.Light, look.Contrast} {
			w, c, drawn := focusStage(t, mode, fyne.NewSize(300, 240), make)
			o := c.(fyne.CanvasObject)
			at, size, ring := fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size(), color.NRGBAModel.Convert(look.Color(look.FocusRing))
			x, y, right, below := int(at.X), int(at.Y), int(at.X+size.Width), int(at.Y+size.Height)
			const off = 5 // points outside of the control in which the ring is painted
			sides := map[string]image.Rectangle{"above": image.Rect(x+9, y-off, x+10, y), "below": image.Rect(x+9, below, x+10, below+off),
				"left": image.Rect(x-off, y+9, x, y+10), "right": image.Rect(right, y+9, right+off, y+10)}
			ringed := func(when string, want bool) {
				t.Helper()
				picture := drawn()
				for side, strip := range sides {
					if got := holdsColour(picture, strip, ring); got != want {
						t.Errorf("%s, %s, %s: a ring %s: %v", name, mode, when, side, got)
					}
				}
			}
			w.Canvas().Unfocus()
			ringed("before", false)
			w.Canvas().Focus(c)
			ringed("with the focus", true)
			w.Canvas().Unfocus()
			ringed("after", false)
		}
	}
}

// holdsColour says whether some point of a part of a picture has a colour.
func holdsColour(picture image.Image, room image.Rectangle, want color.Color) bool {
	for y := room.Min.Y; y < room.Max.Y; y++ {
		for x := room.Min.X; x < room.Max.X; x++ {
			if color.NRGBAModel.Convert(picture.At(x, y)) == want {
				return true
			}
		}
	}
	return false
}

// TestGoldenFocus: the rings of what the toolkit draws look as they did when somebody looked at them.
func TestGoldenFocus(t *testing.T) {
	all := everyFocusable()
	for name, size := range map[string]fyne.Size{"entry": {Width: 220, Height: 56}, "list": {Width: 300, Height: 220}} {
		w, c, drawn := focusStage(t, look.Light, size, all[name])
		w.Canvas().Focus(c)
		if e, ok := c.(*Entry); ok {
			e.CursorColumn = 0 // where it blinks
		}
		golden.Compare(t, "../testdata/golden/focus-"+name+".png", drawn())
	}
}

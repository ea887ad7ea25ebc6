package control

import (
	"fmt"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// part is a thing that is seen, and from where to where it reaches.
type part struct {
	what string
	x, w float32
	y, h float32
}

// partsOf lists what is seen below o, whose parent stands at an absolute position. Inside of the toolkit's own entry nothing is looked at.
func partsOf(o fyne.CanvasObject, parent fyne.Position) []part {
	if !o.Visible() {
		return nil
	}
	at, size := parent.Add(o.Position()), o.Size()
	one := part{fmt.Sprintf("%T", o), at.X, size.Width, at.Y, size.Height}
	var children []fyne.CanvasObject
	switch x := o.(type) {
	case *Text:
		one.what = x.String()
		return []part{one}
	case *Entry, *canvas.Image, *canvas.Circle, *canvas.Text:
		return []part{one}
	case *canvas.Rectangle:
		if _, _, _, a := color.NRGBAModel.Convert(nonNil(x.FillColor)).RGBA(); a == 0 && x.StrokeWidth == 0 {
			return nil
		}
		return []part{one}
	case *container.Scroll:
		children = []fyne.CanvasObject{x.Content}
	case *fyne.Container:
		children = x.Objects
	case fyne.Widget:
		children = test.WidgetRenderer(x).Objects()
	}
	var out []part
	for _, c := range children {
		out = append(out, partsOf(c, at)...)
	}
	return out
}

func nonNil(c color.Color) color.Color {
	if c == nil {
		return color.Transparent
	}
	return c
}

// What reads from right to left is what reads from left to right, seen in a mirror: each thing as far from the right edge as it was from the left.
func TestEverythingIsMirrored(t *testing.T) {
	press := func() {}
	const width = 620
	names := []string{"Start", "Details", "Sending", "Check", "PIN", "Next"}
	steps := []Step{{Text: "Filled in", State: StepDone, End: "21 November"}, {Text: "Sign", Note: "you", State: StepNow, Action: NewButton("", "Sign", nil, Quiet, press)},
		{Text: "Hand in", Note: "you", End: "by 30 November", Late: true}, {Text: "Send", State: StepFailed}}
	columns := []Column{{ID: "name", Title: "Name", Share: 3, Text: func(i int) string { return fmt.Sprint("Holder ", i) }},
		{ID: "office", Title: "Office", Share: 1, Text: func(int) string { return "Adana" }}, {ID: "date", Title: "Date", Whole: true, Text: func(int) string { return "30 September" }}}
	for name, make := range map[string]func() fyne.CanvasObject{
		"stepper":        func() fyne.CanvasObject { return Stepper(names, 2, nil) },
		"narrow stepper": func() fyne.CanvasObject { return look.Row(0, -1, look.Fixed(300, 60, Stepper(names, 2, nil))) },
		"steps":          func() fyne.CanvasObject { return Steps(steps) },
		"time line":      func() fyne.CanvasObject { return Timeline(steps) },
		"progress bar":   func() fyne.CanvasObject { return Progress(0.3, "3 of 10") },
		"heads of a list": func() fyne.CanvasObject {
			return look.Fixed(0, 200, NewDataList("", DataWords{}, columns, 0, nil, nil).Container)
		},
		"row of a list": func() fyne.CanvasObject {
			d := NewDataList("", DataWords{}, columns, 9, nil, nil)
			row := d.rows.CreateItem()
			d.rows.UpdateItem(3, row)
			return row
		},
		"banner": func() fyne.CanvasObject {
			return Banner(Due, "No card", "Put it in.", NewButton("", "Again", nil, Secondary, press))
		},
		"panel": func() fyne.CanvasObject {
			return Panel(Head("Certificate", Pill("New", Fine)), KeyValue("Holder", "N. N."))
		},
		"pair": func() fyne.CanvasObject {
			return Pair(Panel(Head("Now", nil), Para("left")), Panel(Head("New", Pill("New", Fine)), Para("right")))
		},
		"option": func() fyne.CanvasObject {
			return NewOption("", "On paper", "Two copies.", true, Pill("New", Fine), press)
		},
		"choice": func() fyne.CanvasObject { return NewChoice("", []Item{{"a", "A"}}, "a", nil) },
		"nav": func() fyne.CanvasObject {
			return NewNav("", "Cases", theme.HistoryIcon(), true, Badge("2", Due), press)
		},
	} {
		seen := func(rtl bool) []part {
			a := test.NewTempApp(t) // without assets both have the same letters
			a.Settings().SetTheme(look.New(nil, look.Light, rtl, 1))
			w := test.NewTempWindow(t, look.Column(0, make()))
			w.SetPadded(false)
			w.Resize(fyne.NewSize(width, 300))
			return partsOf(w.Content(), fyne.Position{})
		}
		there, back := seen(false), seen(true)
		if len(there) < 2 || len(there) != len(back) {
			t.Fatalf("%s: %d and %d parts", name, len(there), len(back))
		}
		for i, p := range there {
			q := back[i]
			if q.what != p.what || off(q.x, width-p.x-p.w) || off(q.w, p.w) || off(q.y, p.y) || off(q.h, p.h) {
				t.Errorf("%s: %q from %v to %v of %d; in the mirror %q from %v to %v", name, p.what, p.x, p.x+p.w, width, q.what, q.x, q.x+q.w)
			}
		}
	}
}

// off says whether two places are more than half a point from each other.
func off(a, b float32) bool { return max(a, b)-min(a, b) > 0.5 }

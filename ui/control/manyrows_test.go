package control

import (
	"fmt"
	"image"
	pixels "image/draw"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"rekey/ui/golden"
	"rekey/ui/look"
)

// scrolled is what steps of the wheel through a list have cost.
type scrolled struct {
	asked  []int           // texts that were asked for in each step
	things []int           // texts and marks of the rows that were painted
	took   []time.Duration // of layout, texts and painting
	last   image.Image
	rows   []string // first column, as they are shown at the end
}

// scrollThrough turns the wheel over a list of count rows and paints each step.
func scrollThrough(t *testing.T, count, steps int) scrolled {
	t.Helper()
	asked := 0
	column := func(name string, share float32) Column {
		return Column{ID: name, Title: name, Share: share, Text: func(i int) string { asked++; return fmt.Sprintf("%s %06d", name, i) }}
	}
	w := open(t, false, look.Space(0, 0)) // the look is there before the list is made
	d := NewDataList("list", DataWords{}, []Column{column("Holder", 2), column("Office", 1)}, count, nil, nil)
	w.SetContent(look.Stack(d.Container))
	w.Resize(fyne.NewSize(560, 420))
	theme := fyne.CurrentApp().Settings().Theme()
	software.RenderCanvas(w.Canvas(), theme)
	var out scrolled
	for range steps {
		asked = 0
		began := time.Now()
		test.Scroll(w.Canvas(), fyne.NewPos(300, 300), 0, -260)
		out.last = software.RenderCanvas(w.Canvas(), theme)
		out.took = append(out.took, time.Since(began))
		out.asked = append(out.asked, asked)
		out.things = append(out.things, len(partsOf(d.rows, fyne.Position{})))
	}
	for _, p := range partsOf(d.rows, fyne.Position{}) {
		var row int
		if n, _ := fmt.Sscanf(p.what, "Holder %d", &row); n == 1 {
			out.rows = append(out.rows, p.what)
		}
	}
	return out
}

// A hundred thousand rows are painted as a few hundred are: a step of the wheel asks for no more texts, draws no more things, and shows the same.
func TestManyRowsArePainted(t *testing.T) {
	const steps = 10
	few, many := scrollThrough(t, 400, steps), scrollThrough(t, 100_000, steps)
	if !slices.Equal(few.asked, many.asked) {
		t.Errorf("texts asked for in each step: %v of 400 rows, %v of 100 000", few.asked, many.asked)
	}
	if !slices.Equal(few.things, many.things) || slices.Max(many.things) > 200 {
		t.Errorf("things painted in each step: %v of 400 rows, %v of 100 000", few.things, many.things)
	}
	slices.Sort(few.rows)
	slices.Sort(many.rows)
	if first := fmt.Sprintf("Holder %06d", 0); len(many.rows) < 5 || !slices.Equal(few.rows, many.rows) || slices.Contains(many.rows, first) {
		t.Errorf("after %d steps %v of 400 rows are shown, %v of 100 000", steps, few.rows, many.rows)
	}
	const bar = 24 // at the end of the list: it says how many there are
	if share := golden.Difference(without(few.last, bar), without(many.last, bar)); share > 0.001 {
		t.Errorf("%.2f %% of the points are painted in another way than for few rows", 100*share)
	}
	slices.Sort(few.took)
	slices.Sort(many.took)
	t.Logf("a painted step takes %v of 400 rows, %v of 100 000 (medians)", few.took[steps/2], many.took[steps/2])
}

// without leaves out a strip at the right.
func without(picture image.Image, strip int) image.Image {
	room := picture.Bounds()
	room.Max.X -= strip
	out := image.NewNRGBA(room)
	pixels.Draw(out, room, picture, room.Min, pixels.Src)
	return out
}

package control

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"rekey/ui/look"
)

func numbered(count int, picked, opened func(int)) *DataList {
	return NewDataList("list", DataWords{"Filter", "Nothing found"}, []Column{
		{ID: "name", Title: "Name", Share: 2, Text: func(i int) string { return fmt.Sprintf("Holder %06d", (i*7919)%count) }},
		{ID: "office", Title: "Office", Share: 1, Text: func(i int) string { return []string{"Adana", "Kazan", "Hà Nội"}[i%3] }},
	}, count, picked, opened)
}

func TestDataListSortsAndFilters(t *testing.T) {
	var picked, opened int
	d := numbered(30, func(i int) { picked = i }, func(i int) { opened = i })
	w := open(t, false, look.Stack(d.Container))
	d.Sort(0)
	if got := d.columns[0].Text(d.Row(0)); got != "Holder 000000" {
		t.Errorf("first after sorting: %s", got)
	}
	d.Sort(0)
	if got := d.columns[0].Text(d.Row(0)); got != "Holder 000029" {
		t.Errorf("first after turning around: %s", got)
	}
	d.Filter("kazan holder")
	if d.Len() != 10 {
		t.Errorf("%d rows, want 10", d.Len())
	}
	w.Canvas().Focus(d.rows)
	d.rows.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	d.rows.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if picked != d.Row(1) || opened != d.Row(1) {
		t.Errorf("picked %d, opened %d, want %d", picked, opened, d.Row(1))
	}
	d.Filter("nobody")
	if d.Len() != 0 || d.rows.nothing.Hidden {
		t.Error("nothing is said about an empty list")
	}
	d.Filter("")
	d.Pick(7)
	if picked != 7 {
		t.Errorf("picked %d, want 7", picked)
	}
}

// TestDataListIsFast: a step of the wheel through 100 000 rows takes at most 5 ms, layout and texts together.
func TestDataListIsFast(t *testing.T) {
	d := numbered(100_000, nil, nil)
	w := open(t, false, look.Stack(d.Container))
	w.Resize(fyne.NewSize(900, 700))
	var steps []time.Duration
	for range 60 {
		began := time.Now()
		test.Scroll(w.Canvas(), fyne.NewPos(300, 400), 0, -260)
		steps = append(steps, time.Since(began))
	}
	slices.Sort(steps)
	if took := steps[len(steps)/2]; took > 5*time.Millisecond {
		t.Errorf("a step takes %v", took)
	} else {
		t.Logf("a step takes %v, the longest %v", took, steps[len(steps)-1])
	}
	began := time.Now()
	d.Filter("kazan")
	t.Logf("first filter: %v", time.Since(began))
	software.RenderCanvas(w.Canvas(), fyne.CurrentApp().Settings().Theme())
}

package control

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"rekey/ui/look"
)

func numbered(count int, picked, opened func(int)) *DataList {
	return NewDataList("list", DataWords{Filter: "Filter", Nothing: "Nothing found"}, []Column{
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

// A list that is made anew is looked at as the one before and tells what it shows.
func TestDataListIsLookedAtAgain(t *testing.T) {
	before := numbered(90, nil, nil)
	open(t, false, look.Stack(before.Container))
	changed := 0
	before.Changed = func() { changed++ }
	before.Sort(0)
	before.Sort(0)
	before.Filter("kazan")
	if changed != 3 {
		t.Errorf("told of %d changes, want 3", changed)
	}
	after := numbered(90, nil, nil)
	after.Look(before.View())
	after.Pick(after.Row(0))
	open(t, false, look.Stack(after.Container))
	if after.entry.Text != "kazan" || !slices.Equal(after.Shown(), before.Shown()) || len(after.Shown()) != 30 {
		t.Errorf("filter %q, %v, want %v", after.entry.Text, after.Shown(), before.Shown())
	}
	if after.columns[0].Text(after.Shown()[0]) < after.columns[0].Text(after.Shown()[29]) {
		t.Error("the order is not turned around")
	}
	after.Look(View{})
	if after.View() != before.View() {
		t.Error("nothing to look by changed something")
	}
}

// What is done with the rows stands beside the filter, and below it where there is no room.
func TestDataListBeside(t *testing.T) {
	d := numbered(30, nil, nil)
	w := open(t, false, look.Stack(d.Container))
	b := NewButton("all", "Print all shown (30)", nil, Quiet, nil)
	d.Beside(look.Row(4, -1, b))
	at := func(o fyne.CanvasObject) fyne.Position {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	}
	w.Resize(fyne.NewSize(900, 500))
	if y := at(b).Y - at(d.entry).Y; y > 10 || at(b).X < at(d.entry).X+filterRoom {
		t.Errorf("the button stands at %v, the entry at %v", at(b), at(d.entry))
	}
	w.Resize(fyne.NewSize(330, 500))
	if at(b).Y < at(d.entry).Y+d.entry.Size().Height {
		t.Errorf("in a narrow window the button stands at %v, the entry at %v", at(b), at(d.entry))
	}
}

// A date is never cut, whatever the other columns would like.
func TestWholeColumnIsNeverCut(t *testing.T) {
	long := strings.Repeat("a long name of a document ", 3)
	d := NewDataList("d", DataWords{}, []Column{
		{ID: "name", Title: "Name", Share: 5, Text: func(int) string { return long }},
		{ID: "holder", Title: "Holder", Share: 9, Text: func(int) string { return long }},
		{ID: "date", Title: "Date", Whole: true, Text: func(int) string { return "30 September 2026" }},
	}, 3, nil, nil)
	w := open(t, false, d.Container)
	for _, width := range []float32{380, 500, 900} {
		w.Resize(fyne.NewSize(width, 300))
		row := d.rows.CreateItem()
		row.Resize(fyne.NewSize(width-30, 37))
		d.rows.UpdateItem(0, row)
		for i, cell := range row.(*fyne.Container).Objects {
			text := cell.(*fyne.Container).Objects[0].(*Text)
			if cut := text.measure(text.text) > text.Size().Width; cut != (i < 2) {
				t.Errorf("at %v column %d has %v of %v", width, i, text.Size().Width, text.measure(text.text))
			}
		}
	}
}

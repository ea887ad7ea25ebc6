package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// cells shares a row's width out to the columns.
type cells struct {
	columns []Column
	whole   []float32 // what a column needs that is never cut; 0: it takes its share
}

const (
	barRoom            float32 = 8 // at the end, where the toolkit's bar lies over the rows
	cellGap            float32 = 6
	cellEnd, cellStart float32 = 2, 11 // room beside a cell's words
	cellTop                    = 8
	mostMeasured               = 100 // rows; dates and amounts are much alike
	mostWhole          float32 = 0.6 // of a row: the others need something too
)

// wholes measures the columns that are never cut.
func wholes(columns []Column, count int) []float32 {
	out := make([]float32, len(columns))
	for i, c := range columns {
		if !c.Whole {
			continue
		}
		out[i] = NewButton("", c.Title, theme.MenuDropDownIcon(), Quiet, nil).MinSize().Width // with the arrow of what it is sorted by
		for row := range min(count, mostMeasured) {
			out[i] = max(out[i], Words(c.Text(row)).MinSize().Width+look.Px(cellStart)+look.Px(cellEnd)+1)
		}
	}
	return out
}

// widths shares out the room of a row.
func (l cells) widths(room float32) []float32 {
	taken, shares := float32(0), float32(0)
	for i, c := range l.columns {
		if l.whole[i] == 0 {
			shares += c.Share
		}
		taken += l.whole[i]
	}
	fit := float32(1)
	if taken > room*mostWhole && shares > 0 {
		fit = room * mostWhole / taken
	}
	out := make([]float32, len(l.columns))
	for i, c := range l.columns {
		if out[i] = l.whole[i] * fit; out[i] == 0 {
			out[i] = max(0, (room-taken*fit)*c.Share/shares)
		}
	}
	return out
}

func (l cells) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range objects {
		h = max(h, o.MinSize().Height)
	}
	return fyne.NewSize(look.Px(60)*float32(len(objects)), h)
}

func (l cells) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	gap, x := look.Px(cellGap), float32(0)
	widths := l.widths(size.Width - look.Px(barRoom) - gap*float32(len(objects)-1))
	for i, o := range objects {
		own := widths[i]
		if b, ok := o.(*Button); ok {
			own = min(own, b.MinSize().Width)
		}
		left := x
		if look.Current().RTL() {
			left = size.Width - x - own
		}
		h := o.MinSize().Height
		o.Move(fyne.NewPos(left, (size.Height-h)/2))
		o.Resize(fyne.NewSize(own, h))
		x += widths[i] + gap
	}
}

package look

import "fyne.io/fyne/v2"

// Row puts things side by side, in reading direction. The thing at index grow takes what is left (-1: none).
// Where there is too little room, what does not fit goes on in the next line.
func Row(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &row{gap: Px(gap), grow: grow}, Objects: objects}
}

// TopRow is Row with things at the top edge instead of the middle.
func TopRow(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &row{gap: Px(gap), grow: grow, top: true}, Objects: objects}
}

// readable is the width below which text beside buttons is no pleasure to read.
const readable float32 = 150

type row struct {
	gap   float32
	grow  int
	top   bool
	width float32
}

// cell is one thing in a line of a row.
type cell struct {
	object fyne.CanvasObject
	width  float32
}

// lines shares the width out. Things after the growing one go to a line of their own when they leave it too little.
func (l *row) lines(objects []fyne.CanvasObject, total float32) [][]cell {
	var line []cell
	sum, after, at := float32(0), float32(0), -1
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		w := o.MinSize().Width
		if i == l.grow {
			at, w = len(line), 0
		} else if at >= 0 {
			after += w + l.gap
		}
		sum += w
		line = append(line, cell{o, w})
	}
	sum += l.gap * float32(max(0, len(line)-1))
	if at < 0 {
		return l.broken(line, total)
	}
	rest := total - sum
	if rest >= wanted(line[at].object) || after == 0 {
		line[at].width = max(0, rest)
		return [][]cell{line}
	}
	line[at].width = max(0, rest+after)
	tail := l.broken(line[at+1:], total)
	return append([][]cell{line[:at+1]}, tail...)
}

// broken puts things into as many lines as they need.
func (l *row) broken(all []cell, total float32) [][]cell {
	var out [][]cell
	var line []cell
	x := float32(0)
	for _, c := range all {
		if len(line) > 0 && x+c.width > total+0.5 {
			out, line, x = append(out, line), nil, 0
		}
		c.width = min(c.width, max(total, 1))
		line = append(line, c)
		x += c.width + l.gap
	}
	return append(out, line)
}

// wanted is the width that a growing thing needs to be read: its own for one line, some for what wraps.
func wanted(o fyne.CanvasObject) float32 {
	own := o.MinSize().Width
	if !tall(o) {
		return own
	}
	return max(own, Px(readable))
}

// tall says whether there is something in o that wraps.
func tall(o fyne.CanvasObject) bool {
	if x, ok := o.(interface{ Wraps() bool }); ok {
		return x.Wraps()
	}
	if _, ok := o.(Tall); ok {
		return true
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			if tall(child) {
				return true
			}
		}
	}
	return false
}

func (l *row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	lines := l.lines(objects, size.Width)
	y, free := float32(0), size.Height-l.HeightFor(objects, size.Width)
	for i, line := range lines {
		h := lineHeight(line)
		if len(lines) == 1 {
			h = size.Height
		} else if i == 0 && !l.top {
			y = max(0, free/2)
		}
		x := float32(0)
		if i > 0 && l.grow >= 0 { // what went down stands at the end, as it would beside
			x = max(0, size.Width-l.wide(line))
		}
		for _, c := range line {
			own := min(Height(c.object, c.width), h)
			top := y + (h-own)/2
			if l.top {
				top = y
			}
			left := x
			if Current().rtl {
				left = size.Width - x - c.width
			}
			c.object.Move(fyne.NewPos(left, top))
			c.object.Resize(fyne.NewSize(c.width, own))
			x += c.width + l.gap
		}
		y += h + l.between()
	}
}

func (l *row) wide(line []cell) float32 {
	w := l.gap * float32(max(0, len(line)-1))
	for _, c := range line {
		w += c.width
	}
	return w
}

func (l *row) between() float32 { return max(Px(6), l.gap/2) }

func lineHeight(line []cell) float32 {
	h := float32(0)
	for _, c := range line {
		h = max(h, Height(c.object, c.width))
	}
	return h
}

// MinSize is the width of the one line that the row would like to be. A row may be made narrower.
func (l *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w, n := float32(0), 0
	for _, o := range shown(objects) {
		w += o.MinSize().Width
		n++
	}
	w += l.gap * float32(max(0, n-1))
	return fyne.NewSize(w, l.HeightFor(objects, max(w, l.width)))
}

func (l *row) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for i, line := range l.lines(objects, width) {
		if i > 0 {
			h += l.between()
		}
		h += lineHeight(line)
	}
	return h
}

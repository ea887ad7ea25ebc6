package control

import (
	"fyne.io/fyne/v2"

	"rekey/ui/look"
)

// dated stands a title, what belongs at the end of its line (a date), and perhaps a note. What is at the end stays beside the words, at their
// top or in their middle, as long as that makes nothing higher; where it would squeeze them it goes below the title.
type dated struct{ top bool }

const (
	datedRoom float32 = 13 // between the words and what is beside them
	datedLine float32 = 1  // between lines
)

// beside gives the width of the words when the end is beside them, and whether it is.
func (l dated) beside(objects []fyne.CanvasObject, width float32) (words float32, is bool) {
	end := objects[1].MinSize()
	if end.Width == 0 {
		return width, true
	}
	words = width - end.Width - look.Px(datedRoom)
	if words < look.Px(40) {
		return width, false
	}
	return words, max(l.high(objects, words), end.Height) < l.high(objects, width)+end.Height+look.Px(datedLine)
}

// high is the height of the title and the note at a width.
func (l dated) high(objects []fyne.CanvasObject, width float32) float32 {
	h := look.Height(objects[0], width)
	for _, o := range objects[2:] {
		h += look.Px(datedLine) + look.Height(o, width)
	}
	return h
}

// HeightFor passes on the question of the layouts around.
func (l dated) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	words, beside := l.beside(objects, width)
	if beside {
		return max(l.high(objects, words), objects[1].MinSize().Height)
	}
	return l.high(objects, width) + objects[1].MinSize().Height + look.Px(datedLine)
}

func (l dated) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := look.Px(40)
	if objects[1].MinSize().Width > w {
		w = objects[1].MinSize().Width
	}
	return fyne.NewSize(w, l.HeightFor(objects, w))
}

func (l dated) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	words, beside := l.beside(objects, size.Width)
	if !beside {
		words = size.Width
	}
	end := objects[1].MinSize()
	y, gap := float32(0), look.Px(datedLine)
	if beside {
		y = max(0, (size.Height-l.high(objects, words))/2)
		if l.top {
			y = 0
		}
	}
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		if look.Current().RTL() {
			x = size.Width - x - w
		}
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	for i, o := range objects {
		if i == 1 {
			if beside {
				at := (size.Height - end.Height) / 2
				if l.top {
					at = 0
				}
				place(o, size.Width-end.Width, at, end.Width, end.Height)
				continue
			}
			place(o, 0, y, size.Width, end.Height)
			y += end.Height + gap
			continue
		}
		h := look.Height(o, words)
		place(o, 0, y, words, h)
		y += h + gap
	}
}

package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/look"
)

// StepState is how far a step of a list is.
type StepState int

// States of a step.
const (
	StepOpen StepState = iota
	StepNow
	StepDone
	StepFailed
	StepListed // of a list that nobody is at yet: as readable as any text
)

// Step is one line of a list of steps.
type Step struct {
	Text, Note, End string // End stands at the end of the line: a date, a name
	Number          string // stands before a StepListed, as the language writes it; "": its place stays empty
	State           StepState
	Late            bool // End is shown as due
	Action          fyne.CanvasObject
}

// Steps lists steps below each other, each with its state.
func Steps(steps []Step) *fyne.Container {
	lines := []fyne.CanvasObject{}
	for i, s := range steps {
		if i > 0 {
			lines = append(lines, Line())
		}
		lines = append(lines, s.line())
	}
	return look.Column(10, lines...)
}

// Timeline lists steps below each other, joined by a line from mark to mark: what is done lies above, what comes below.
func Timeline(steps []Step) *fyne.Container {
	var all []fyne.CanvasObject
	for i, s := range steps {
		ink := look.Track
		if s.State == StepDone {
			ink = look.Green
		}
		join := canvas.NewRectangle(look.Color(ink))
		join.Hidden = i == len(steps)-1
		all = append(all, look.Inset(7, 0, 7, 0, s.row(true)), join)
	}
	return &fyne.Container{Layout: &timeline{}, Objects: all}
}

// timeline stands rows below each other; each row is followed by the line that joins its mark to the next one.
type timeline struct{ width float32 }

func (l *timeline) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	h := float32(0)
	for _, o := range objects {
		if _, join := o.(*canvas.Rectangle); !join {
			h += look.Height(o, width)
		}
	}
	return h
}

func (l *timeline) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(160), l.HeightFor(objects, max(l.width, look.Px(160))))
}

func (l *timeline) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	y, mark, thick := float32(0), look.Px(markSize), look.Px(2)
	for i := 0; i+1 < len(objects); i += 2 {
		h := look.Height(objects[i], size.Width)
		objects[i].Move(fyne.NewPos(0, y))
		objects[i].Resize(fyne.NewSize(size.Width, h))
		x := (mark - thick) / 2
		if look.Current().RTL() {
			x = size.Width - x - thick
		}
		top := y + look.Px(7) + mark + look.Px(1)
		objects[i+1].Move(fyne.NewPos(x, top))
		objects[i+1].Resize(fyne.NewSize(thick, max(0, y+h+look.Px(6)-top)))
		y += h
	}
}

func (s Step) line() fyne.CanvasObject { return s.row(false) }

func (s Step) row(top bool) fyne.CanvasObject {
	words, mark := Para(s.Text), fyne.CanvasObject(nil)
	switch s.State {
	case StepNow:
		mark = Icon(theme.MediaPlayIcon(), look.Primary, markSize)
		words.Sized(look.SizeBody, true)
	case StepDone:
		mark = Icon(theme.ConfirmIcon(), look.Green, markSize)
	case StepFailed:
		mark = Icon(theme.ErrorIcon(), look.Red, markSize)
	case StepListed: // no ring: nobody could choose it
		mark = look.AtLeast(markSize, Words(s.Number).In(look.Muted).Sized(look.SizeBody, true).Centred())
	default:
		mark = Icon(theme.RadioButtonIcon(), look.EntryLine, markSize)
		words.In(look.Muted)
	}
	end := Words(s.End).In(look.Muted).Sized(look.SizeSmall, false)
	if s.Late {
		end.In(look.AmberText).Sized(look.SizeSmall, true)
	}
	text := []fyne.CanvasObject{words, end}
	if s.Note != "" {
		text = append(text, Small(s.Note))
	}
	row := []fyne.CanvasObject{mark, &fyne.Container{Layout: dated{top}, Objects: text}}
	if s.Action != nil {
		row = append(row, s.Action)
	}
	if top {
		return look.TopRow(13, 1, row...)
	}
	return look.Row(13, 1, row...)
}

// markSize is that of what stands before a step.
const markSize float32 = 21

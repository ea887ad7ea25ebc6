package control

import (
	"fyne.io/fyne/v2"
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
)

// Step is one line of a list of steps.
type Step struct {
	Text, Note, End string // End stands at the end of the line: a date, a name
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

func (s Step) line() fyne.CanvasObject {
	icon, ink, words := theme.RadioButtonIcon(), look.Track, Para(s.Text)
	switch s.State {
	case StepNow:
		icon, ink = theme.MediaPlayIcon(), look.Primary
		words.Sized(look.SizeBody, true)
	case StepDone:
		icon, ink = theme.ConfirmIcon(), look.Green
	case StepFailed:
		icon, ink = theme.ErrorIcon(), look.Red
	default:
		words.In(look.Muted)
	}
	text := []fyne.CanvasObject{words}
	if s.Note != "" {
		text = append(text, Small(s.Note))
	}
	end := Words(s.End).In(look.Muted).Sized(look.SizeSmall, false)
	if s.Late {
		end.In(look.AmberText).Sized(look.SizeSmall, true)
	}
	row := []fyne.CanvasObject{Icon(icon, ink, 21), look.Column(1, text...), end}
	if s.Action != nil {
		row = append(row, s.Action)
	}
	return look.Row(13, 1, row...)
}

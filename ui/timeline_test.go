package ui

import (
	"image"
	"image/color"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/ui/look"
)

// The time line says beside each open step by when and below it who acts, in the words of the language; a near or missed day is in amber.
func TestTimelineSaysWhoAndWhen(t *testing.T) {
	day := func(days int) time.Time { return fakeNow.AddDate(0, 0, days) }
	steps := []cases.Step{
		{ID: "x1", What: procedure.Form, Who: "holder", State: cases.Done, At: day(-4), Due: day(-3)},
		{ID: "x2", What: procedure.Pay, Who: "holder", State: cases.Pending, Due: day(2)},
		{ID: "x3", What: procedure.Print, Who: "head", State: cases.Pending, Due: day(-1)},
		{ID: "x4", What: procedure.Deliver, Who: "courier", State: cases.Pending, Due: day(20)},
		{ID: "x5", What: procedure.Approve, Who: "office", State: cases.Pending},
	}
	for _, lang := range []string{"tr", "ru", "fa", "en"} {
		d := newFake(t)
		d.kept = []cases.Case{{ID: "case-1", Procedure: "tr-kamusm-nes", Reason: "renewal", Holder: doctor().HolderName, Office: "received", Steps: steps, CreatedAt: day(-5)}}
		s := open(t, d, lang, "light")
		s.win.Resize(fyne.NewSize(1220, 1100)) // the whole time line at once
		s.openCase("case-1")
		s.rest()
		s.win.Canvas().Unfocus()
		picture := software.RenderCanvas(s.win.Canvas(), s.app.Settings().Theme())
		for i, step := range steps {
			done := step.State == cases.Done
			prefix := map[bool]string{true: "done.", false: "step."}[done]
			var want []string
			switch {
			case done:
				want = []string{s.Window.t.Date(step.At)}
			case step.Due.IsZero():
				want = []string{s.T("who." + step.Who)}
			default:
				want = []string{s.T("due.by", "date", s.Window.t.Date(step.Due)), s.T("who." + step.Who)}
			}
			got := s.after(s.T(prefix+step.What), len(want))
			var words []string
			for _, g := range got {
				words = append(words, g.text.String())
			}
			if !slices.Equal(words, want) {
				t.Errorf("%s, step %d: beside and below it %q, want %q", lang, i+1, words, want)
				continue
			}
			if late := !done && !step.Due.IsZero() && step.Due.Before(day(3)); late != inked(picture, got[0], look.AmberText) {
				t.Errorf("%s, step %d: %q in amber: %v", lang, i+1, words[0], !late)
			}
		}
	}
}

// after gives the next n texts behind the last one that says exactly this.
func (s *stage) after(what string, n int) []drawn {
	all := textsOf(s.win.Content(), fyne.Position{}, false)
	for i, d := range slices.Backward(all) {
		if d.text.String() == what {
			return all[i+1 : min(i+1+n, len(all))]
		}
	}
	s.t.Errorf("nothing says %q", what)
	return nil
}

// inked says whether something in the room of a text is painted in a colour.
func inked(picture image.Image, d drawn, name fyne.ThemeColorName) bool {
	want := color.NRGBAModel.Convert(look.Color(name))
	for y := int(d.at.Y); y < int(d.at.Y+d.size.Height); y++ {
		for x := int(d.at.X); x < int(d.at.X+d.size.Width); x++ {
			if color.NRGBAModel.Convert(picture.At(x, y)) == want {
				return true
			}
		}
	}
	return false
}

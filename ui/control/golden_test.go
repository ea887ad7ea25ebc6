package control

import (
	"image"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/golden"
	"rekey/ui/look"
)

// draw renders what make makes on the page's ground, in a look that is already there when it is made.
func draw(t *testing.T, mode look.Mode, rtl bool, scale float32, size fyne.Size, make func() fyne.CanvasObject) image.Image {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.New(os.DirFS("../../assets"), mode, rtl, scale))
	o := make()
	w := test.NewTempWindow(t, look.Stack(canvas.NewRectangle(look.Color(look.Page)), look.Inset(8, 8, 8, 8, look.Column(0, o))))
	w.SetPadded(false)
	w.Resize(size)
	return software.RenderCanvas(w.Canvas(), a.Settings().Theme())
}

// TestGolden: each own control looks as it did when somebody looked at it.
func TestGolden(t *testing.T) {
	four := []Item{{"a", "Aile hekimi"}, {"b", "Hekim"}}
	steps := []Step{
		{Text: "Details filled in", State: StepDone, End: "21 November 2026"}, {Text: "Sign the form with your card", Note: "you", State: StepNow},
		{Text: "Hand in the paper", Note: "you: within 7 days", End: "by 30 November 2026", Late: true}, {Text: "Send to the office", State: StepFailed},
	}
	press := func() {}
	for name, x := range map[string]struct {
		w, h float32
		make func() fyne.CanvasObject
	}{
		"button": {380, 130, func() fyne.CanvasObject {
			off := NewButton("", "Cannot", nil, Primary, press)
			off.Disable()
			ring := NewButton("", "Focus", nil, Primary, press)
			ring.focused = true
			return look.Row(10, -1, NewButton("", "Renew now", theme.ViewRefreshIcon(), Primary, press), NewButton("", "Back", nil, Secondary, press),
				NewButton("", "Close", nil, Quiet, press), off, ring)
		}},
		"stepper": {560, 80, func() fyne.CanvasObject {
			return Stepper([]string{"Start", "Details", "Sending", "Check", "PIN", "What next"}, 2, nil)
		}},
		"stepper-narrow": {300, 80, func() fyne.CanvasObject {
			return Stepper([]string{"Start", "Details", "Sending", "Check", "PIN", "What next"}, 2, nil)
		}},
		"panel": {420, 190, func() fyne.CanvasObject {
			return Panel(Head("Current certificate", Pill("Ends soon", Due)), look.Grid(2, 12, KeyValue("Holder", "Щукина Наталья"), KeyValue("Issuer", "УЦ Демонстрационный")),
				Remark("Name", "a remark"))
		}},
		"key-value": {300, 110, func() fyne.CanvasObject {
			return look.Column(10, KeyValue("Holder", "Щукина Наталья Юрьевна"), KeyValue("National ID", ""))
		}},
		"pair": {680, 190, func() fyne.CanvasObject {
			return Pair(Panel(Head("Information about the current certificate", Pill("Ends soon", Due)), KeyValue("Holder", "Щукина Наталья")),
				Panel(Head("New certificate", Pill("New", Fine)), KeyValue("Holder", "Щукина Наталья")))
		}},
		"pill": {360, 60, func() fyne.CanvasObject {
			return look.Row(8, -1, Pill("Plain", Plain), Pill("Info", Info), Pill("Due", Due), Pill("Fine", Fine), Pill("Bad", Bad), Badge("23", Due))
		}},
		"banner": {560, 130, func() fyne.CanvasObject {
			return Banner(Due, "There is no card in the reader", "Put the card in with the chip first.", NewButton("", "Look again", nil, Secondary, press))
		}},
		"days-ring": {180, 140, func() fyne.CanvasObject { return NewDaysRing("23", "days left", 0.25, Due) }},
		"field": {360, 190, func() fyne.CanvasObject {
			f := NewField("E-mail", "of the institution", true, NewEntry("", "ayse.example.org", 1, nil))
			f.Say("A mail address has one @ with text on both sides.", Bad)
			return look.Column(12, f.Container, NewFixed("T.C. identity number", "10000000146", "As in the certificate.").Container)
		}},
		"secret": {260, 60, func() fyne.CanvasObject {
			s := NewSecret("", nil)
			for _, r := range "246810" {
				s.TypedRune(r)
			}
			s.focused = true
			return s
		}},
		"choice": {260, 60, func() fyne.CanvasObject { return NewChoice("", four, "a", nil) }},
		"option": {420, 200, func() fyne.CanvasObject {
			return look.Column(8, NewOption("", "On paper", "Two copies.", true, Pill("New", Fine), press), NewOption("", "Signed electronically", "", false, nil, press),
				NewCheck("", "I am sure", true, press))
		}},
		"steps":    {460, 240, func() fyne.CanvasObject { return Panel(Steps(steps)) }},
		"timeline": {460, 240, func() fyne.CanvasObject { return Panel(Timeline(steps)) }},
		"progress": {300, 40, func() fyne.CanvasObject { return Progress(0.4, "2 of 5") }},
		"nav": {260, 160, func() fyne.CanvasObject {
			return look.Column(3, NewNav("", "My signature", theme.HomeIcon(), true, Badge("23 d", Due), press), NewNav("", "Cases", theme.HistoryIcon(), false, nil, press),
				NewRailNav("", "Help", theme.HelpIcon(), false, Dot(look.Amber), press))
		}},
		"place": {300, 150, func() fyne.CanvasObject {
			return Place(theme.UploadIcon(), "Bank receipt", "Drop the file here.", NewButton("", "Choose…", nil, Secondary, press))
		}},
		"data-list": {520, 260, func() fyne.CanvasObject { return look.Fixed(0, 230, numbered(40, nil, nil).Container) }},
		"bidi":      {360, 70, func() fyne.CanvasObject { return Para("گواهی تا ۲۳ آذر معتبر است (RSA 2048).") }},
	} {
		t.Run(name, func(t *testing.T) {
			golden.Compare(t, "../testdata/golden/"+name+".png", draw(t, look.Light, name == "bidi", 1, fyne.NewSize(x.w, x.h), x.make))
		})
	}
	banner := func() fyne.CanvasObject {
		return Banner(Bad, "This is the last try", "Another wrong PIN locks the card.", NewButton("", "Stop", nil, Primary, press))
	}
	golden.Compare(t, "../testdata/golden/banner-dark.png", draw(t, look.Dark, false, 1, fyne.NewSize(420, 110), banner))
	golden.Compare(t, "../testdata/golden/banner-contrast-200.png", draw(t, look.Contrast, false, 2, fyne.NewSize(640, 260), banner))
}

// TestGoldenDialog: a dialog over its dimmed page.
func TestGoldenDialog(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.New(os.DirFS("../../assets"), look.Light, false, 1))
	w := test.NewTempWindow(t, look.Stack(canvas.NewRectangle(look.Color(look.Page))))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(460, 240))
	d := ShowDialog(w.Canvas(), 400, "Discard what you began?", Para("The details that you typed are deleted. Nothing on the card changes."), nil,
		NewButton("", "Keep it", nil, Secondary, nil), NewButton("", "Discard", nil, Quiet, nil))
	if d.buttons[0].HasFocus() != true {
		t.Error("the default button has no focus")
	}
	golden.Compare(t, "../testdata/golden/dialog.png", software.RenderCanvas(w.Canvas(), a.Settings().Theme()))
}

package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// The window opens as it was closed, at first as large as its scale wants, and never larger than the screen.
func TestFirstSize(t *testing.T) {
	for _, x := range []struct {
		kept, scale  string
		screen, want fyne.Size
	}{
		{"", "", fyne.NewSize(1904, 1016), fyne.NewSize(1220, 760)},
		{"", "150", fyne.NewSize(1904, 1016), fyne.NewSize(1830, 1016)},
		{"1900x1010", "", fyne.NewSize(1904, 1016), fyne.NewSize(1900, 1010)},
		{"1900x1010", "", fyne.NewSize(1264, 700), fyne.NewSize(1264, 700)},
		{"900x600", "150", fyne.NewSize(1904, 1016), fyne.NewSize(900, 600)},
		{"10x10", "", fyne.NewSize(1904, 1016), fyne.NewSize(760, 520)},
		{"wide", "", fyne.Size{}, fyne.NewSize(1220, 760)},
	} {
		d := newFake(t)
		d.settings[SettingSize], d.settings[SettingScale] = x.kept, x.scale
		if got := FirstSize(Options{Desk: d, Screen: func() fyne.Size { return x.screen }}); got != x.want {
			t.Errorf("%q at %s: %v, want %v", x.kept, x.scale, got, x.want)
		}
	}
}

// The window grows with what it shows and goes back with it; what the person has made of it stays, also for the next start.
func TestWindowGrowsWithItsScale(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.opts.Screen = func() fyne.Size { return fyne.NewSize(1904, 1016) }
	s.tap("nav.settings")
	choose := func(scale string, want fyne.Size) {
		t.Helper()
		s.tap("settings.scale")
		s.tap("settings.scale." + scale)
		if got := s.win.Canvas().Size(); got != want {
			t.Errorf("at %s: %v, want %v", scale, got, want)
		}
	}
	choose("125", fyne.NewSize(1525, 950))
	choose("200", fyne.NewSize(1904, 1016))
	choose("100", fyne.NewSize(1220, 760))
	s.win.Resize(fyne.NewSize(1000, 600))
	choose("150", fyne.NewSize(1500, 900))
	s.win.Resize(fyne.NewSize(1400, 920))
	choose("100", fyne.NewSize(1400, 920))
	s.stop()
	if got := d.Setting(SettingSize); got != "1400x920" {
		t.Errorf("kept %q", got)
	}
}

// A window that turns out to be larger than its screen is brought back into it.
func TestWindowFitsItsScreen(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	s.opts.Screen = func() fyne.Size { return fyne.NewSize(1000, 700) }
	s.fit()
	if got := s.win.Canvas().Size(); got != fyne.NewSize(1000, 700) {
		t.Errorf("%v", got)
	}
}

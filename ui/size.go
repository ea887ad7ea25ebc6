package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
)

// Sizes of the window in Fyne units: the first one at 100 %, and the least at which a page can be used.
var (
	usualSize = fyne.NewSize(1220, 760)
	leastSize = fyne.NewSize(760, 520)
)

// FirstSize is the size in which the window opens: as it was closed, at first as large as the scale wants it, and never larger than the screen.
func FirstSize(opts Options) fyne.Size {
	if opts.Desk == nil {
		return usualSize
	}
	if kept, ok := parseSize(opts.Desk.Setting(SettingSize)); ok {
		return within(kept, opts.Screen)
	}
	return within(times(usualSize, scaleOf(opts.Desk.Setting(SettingScale)), 100), opts.Screen)
}

// parseSize reads what sizeText wrote.
func parseSize(kept string) (fyne.Size, bool) {
	var w, h int
	if n, err := fmt.Sscanf(kept, "%dx%d", &w, &h); n != 2 || err != nil {
		return fyne.Size{}, false
	}
	return fyne.NewSize(float32(w), float32(h)), true
}

func sizeText(s fyne.Size) string { return fmt.Sprintf("%dx%d", int(s.Width+0.5), int(s.Height+0.5)) }

func times(s fyne.Size, by, part int) fyne.Size {
	f := float32(by) / float32(part)
	return fyne.NewSize(s.Width*f, s.Height*f)
}

// within is a size that fits the screen, as far as one knows it.
func within(s fyne.Size, screen func() fyne.Size) fyne.Size {
	if screen != nil {
		if room := screen(); room.Width > 0 && room.Height > 0 {
			s = s.Min(room)
		}
	}
	return s.Max(leastSize)
}

// sizing is how the window came to its size.
type sizing struct {
	asked fyne.Size // that it was given last because of its scale
	plain fyne.Size // that it would have at 100 %
}

// rescaled lets the window grow with what it shows, as far as the screen allows. It shrinks again with it, unless the person has given it
// another size meanwhile.
func (w *Window) rescaled(from, to int) {
	if w.opts.Screen == nil || from == to {
		return
	}
	now := w.win.Canvas().Size()
	own := !alike(now, w.sized.asked)
	if own {
		w.sized.plain = times(now, 100, from)
	}
	size := within(times(w.sized.plain, to, 100), w.opts.Screen)
	switch {
	case to > from:
		size = size.Max(now)
	case own:
		return
	}
	w.sized.asked = size
	if !alike(size, now) {
		w.win.Resize(size)
		w.win.CenterOnScreen()
	}
}

// fit brings a window back into its screen. What a unit is in pixels is known only when the window is seen.
func (w *Window) fit() {
	if w.opts.Screen == nil {
		return
	}
	now := w.win.Canvas().Size()
	if size := within(now, w.opts.Screen); !alike(size, now) {
		w.sized.asked, w.sized.plain = size, times(size, 100, w.scale)
		w.win.Resize(size)
		w.win.CenterOnScreen()
	}
}

// alike says whether two sizes differ by no more than pixels and units do.
func alike(a, b fyne.Size) bool {
	near := func(x, y float32) bool { return x-y < 2 && y-x < 2 }
	return near(a.Width, b.Width) && near(a.Height, b.Height)
}

// keepSize remembers the size for the next start.
func (w *Window) keepSize() {
	if w.opts.Screen == nil {
		return
	}
	if now := sizeText(w.win.Canvas().Size()); now != w.desk.Setting(SettingSize) {
		_ = w.desk.SetSetting(SettingSize, now) // a size is not worth a word
	}
}

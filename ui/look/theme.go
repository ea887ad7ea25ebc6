// Package look is how Rekey's window looks: colours, type sizes, fonts, the direction of
// writing, and the layouts that know how high wrapped text gets.
//
// It promises that every colour pair that carries text is readable in the light and the dark
// look, and that a page laid out for a width needs no second pass.
// It knows no page and no control.
package look

import (
	"image/color"
	"io/fs"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Mode says which look is wanted.
type Mode string

// Looks that the person can choose.
const (
	System   Mode = "system"
	Light    Mode = "light"
	Dark     Mode = "dark"
	Contrast Mode = "contrast" // white and yellow on black
)

// Type sizes in Fyne units.
const (
	SizeTitle   float32 = 24
	SizeHeading float32 = 22
	SizeSub     float32 = 17
	SizeBody    float32 = 15
	SizeSmall   float32 = 13
)

// Theme is Rekey's look for one mode and one direction of writing. It is not changed after it was made.
type Theme struct {
	mode    Mode
	rtl     bool
	scale   float32
	regular fyne.Resource // Vazirmatn, nil when the assets have none
	bold    fyne.Resource
}

// New makes the look. With rtl, pages are mirrored and Vazirmatn from assets' fonts is the first font.
// scale is 1 … 2 times the usual size of everything.
func New(assets fs.FS, mode Mode, rtl bool, scale float32) *Theme {
	return &Theme{
		mode: mode, rtl: rtl, scale: max(1, min(2, scale)),
		regular: font(assets, "fonts/Vazirmatn-Regular.ttf"),
		bold:    font(assets, "fonts/Vazirmatn-Bold.ttf"),
	}
}

func font(assets fs.FS, path string) fyne.Resource {
	if assets == nil {
		return nil
	}
	data, err := fs.ReadFile(assets, path)
	if err != nil {
		return nil
	}
	return fyne.NewStaticResource(path, data)
}

// Current is the look that the running window has.
func Current() *Theme {
	if t, ok := fyne.CurrentApp().Settings().Theme().(*Theme); ok {
		return t
	}
	return &Theme{mode: System, scale: 1}
}

// Px gives a length in the scale of the running look.
func Px(v float32) float32 { return v * Current().scale }

// RTL says whether pages run from right to left.
func (t *Theme) RTL() bool { return t.rtl }

// ArabicFont is the font for Arabic letters in a page of another script; nil when Fyne's choice is right.
func (t *Theme) ArabicFont(bold bool) fyne.Resource {
	if t.rtl {
		return nil
	}
	if bold {
		return t.bold
	}
	return t.regular
}

// Color implements fyne.Theme.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if t.mode == Contrast {
		if c, ok := contrast[name]; ok {
			return rgba(c)
		}
	}
	dark := t.mode == Dark || t.mode == Contrast || t.mode != Light && variant == theme.VariantDark
	if p, ok := palette[name]; ok {
		return p.in(dark)
	}
	if dark {
		variant = theme.VariantDark
	} else {
		variant = theme.VariantLight
	}
	return theme.DefaultTheme().Color(name, variant)
}

// Font implements fyne.Theme.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	if t.rtl && !style.Monospace && !style.Symbol && t.regular != nil {
		if style.Bold && t.bold != nil {
			return t.bold
		}
		return t.regular
	}
	return theme.DefaultTheme().Font(style)
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	size := theme.DefaultTheme().Size(name)
	switch name {
	case theme.SizeNameText:
		size = SizeBody
	case theme.SizeNameInputRadius:
		size = 8
	case theme.SizeNameInputBorder:
		return 1 // as thin as the line around our own controls
	case theme.SizeNameInnerPadding:
		size = 9
	case theme.SizeNameScrollBar:
		size = 10
	case theme.SizeNameScrollBarSmall:
		size = 5
	}
	return size * t.scale
}

// Color gives a colour of the running look.
func Color(name fyne.ThemeColorName) color.Color { return theme.Color(name) }

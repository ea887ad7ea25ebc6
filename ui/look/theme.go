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
	System Mode = "system"
	Light  Mode = "light"
	Dark   Mode = "dark"
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
	regular fyne.Resource // Vazirmatn, nil when the assets have none
	bold    fyne.Resource
}

// New makes the look. With rtl, pages are mirrored and Vazirmatn from assets' fonts is the first font.
func New(assets fs.FS, mode Mode, rtl bool) *Theme {
	return &Theme{
		mode: mode, rtl: rtl,
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
	return &Theme{mode: System}
}

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
	dark := t.mode == Dark || t.mode != Light && variant == theme.VariantDark
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
	switch name {
	case theme.SizeNameText:
		return SizeBody
	case theme.SizeNameInputRadius:
		return 7
	case theme.SizeNameInputBorder:
		return 1.5
	case theme.SizeNameInnerPadding:
		return 9
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 5
	}
	return theme.DefaultTheme().Size(name)
}

// Color gives a colour of the running look.
func Color(name fyne.ThemeColorName) color.Color { return theme.Color(name) }

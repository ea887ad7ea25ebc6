package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// contrast is the palette for eyes that need it: white on black, yellow for what has the focus, no greys for text, a line around
// everything that can be pressed.
var contrast = map[fyne.ThemeColorName]uint32{
	Page: 0x000000ff, Side: 0x000000ff, Panel: 0x000000ff, Border: 0xffffffff,
	Ink: 0xffffffff, Muted: 0xe6e6e6ff,
	Primary: 0x6cd4ffff, PrimaryOver: 0xb5eaffff, OnPrimary: 0x000000ff, PrimarySoft: 0x00293dff, PrimaryText: 0x8adeffff,
	Quiet: 0x1a1a1aff, QuietOver: 0x333333ff, Track: 0x4d4d4dff,
	Amber: 0xffc94dff, AmberSoft: 0x2b1f00ff, AmberText: 0xffd978ff,
	Green: 0x6dff9cff, GreenSoft: 0x002b10ff, GreenText: 0x9dffbdff,
	Red: 0xff9b94ff, RedSoft: 0x330502ff, RedText: 0xffb8b3ff,
	FocusRing: 0xffff00ff, EntryLine: 0xffffffff, ButtonLine: 0xffffffff, Unable: 0x9a9a9aff, Scrim: 0x000000cc,

	theme.ColorNameBackground:          0x000000ff,
	theme.ColorNameForeground:          0xffffffff,
	theme.ColorNamePrimary:             0x6cd4ffff,
	theme.ColorNameForegroundOnPrimary: 0x000000ff,
	theme.ColorNameInputBackground:     0x000000ff,
	theme.ColorNameInputBorder:         0,
	theme.ColorNameOverlayBackground:   0x000000ff,
	theme.ColorNameMenuBackground:      0x000000ff,
	theme.ColorNameSeparator:           0xffffffff,
	theme.ColorNamePlaceHolder:         0xd0d0d0ff,
	theme.ColorNameDisabled:            0xb0b0b0ff,
	theme.ColorNameSelection:           0x005a8cff,
	theme.ColorNameScrollBar:           0xffffffff,
}

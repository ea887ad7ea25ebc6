package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Own colour names beside Fyne's. "Soft" is a surface, "Text" is readable on that surface and on a panel.
const (
	Page        fyne.ThemeColorName = "rekeyPage"
	Side        fyne.ThemeColorName = "rekeySide"
	Panel       fyne.ThemeColorName = "rekeyPanel"
	Border      fyne.ThemeColorName = "rekeyBorder"
	Ink         fyne.ThemeColorName = "rekeyInk"
	Muted       fyne.ThemeColorName = "rekeyMuted"
	Primary     fyne.ThemeColorName = "rekeyPrimary"
	PrimaryOver fyne.ThemeColorName = "rekeyPrimaryOver"
	OnPrimary   fyne.ThemeColorName = "rekeyOnPrimary"
	PrimarySoft fyne.ThemeColorName = "rekeyPrimarySoft"
	PrimaryText fyne.ThemeColorName = "rekeyPrimaryText"
	Quiet       fyne.ThemeColorName = "rekeyQuiet"
	QuietOver   fyne.ThemeColorName = "rekeyQuietOver"
	Track       fyne.ThemeColorName = "rekeyTrack"
	Amber       fyne.ThemeColorName = "rekeyAmber"
	AmberSoft   fyne.ThemeColorName = "rekeyAmberSoft"
	AmberText   fyne.ThemeColorName = "rekeyAmberText"
	Green       fyne.ThemeColorName = "rekeyGreen"
	GreenSoft   fyne.ThemeColorName = "rekeyGreenSoft"
	GreenText   fyne.ThemeColorName = "rekeyGreenText"
	Red         fyne.ThemeColorName = "rekeyRed"
	RedSoft     fyne.ThemeColorName = "rekeyRedSoft"
	RedText     fyne.ThemeColorName = "rekeyRedText"
	FocusRing   fyne.ThemeColorName = "rekeyFocusRing"
	EntryLine   fyne.ThemeColorName = "rekeyEntryLine"
	ButtonLine  fyne.ThemeColorName = "rekeyButtonLine"
	Unable      fyne.ThemeColorName = "rekeyUnable" // words of what cannot be pressed now
	Scrim       fyne.ThemeColorName = "rekeyScrim"
)

type pair struct{ light, dark uint32 } // 0xRRGGBBAA

var palette = map[fyne.ThemeColorName]pair{
	Page:        {0xf6f8faff, 0x12181fff},
	Side:        {0xffffffff, 0x19212aff},
	Panel:       {0xffffffff, 0x1d2530ff},
	Border:      {0xdfe5ebff, 0x303b48ff},
	Ink:         {0x1a232eff, 0xe9eef4ff},
	Muted:       {0x586575ff, 0x9eabb9ff},
	Primary:     {0x0b5a8aff, 0x4ba6ddff},
	PrimaryOver: {0x094b74ff, 0x6ab9e8ff},
	OnPrimary:   {0xffffffff, 0x0c1822ff},
	PrimarySoft: {0xe2eff7ff, 0x1b3447ff},
	PrimaryText: {0x0b5a8aff, 0x74bfecff},
	Quiet:       {0xe9edf2ff, 0x28323eff},
	QuietOver:   {0xdde4ebff, 0x333f4dff},
	Track:       {0xdde3eaff, 0x323d4aff},
	Amber:       {0xb86e00ff, 0xf2bb5fff},
	AmberSoft:   {0xfff0d4ff, 0x3c2e16ff},
	AmberText:   {0x7c4a00ff, 0xf4ca82ff},
	Green:       {0x1e8449ff, 0x5fca8bff},
	GreenSoft:   {0xe2f4e8ff, 0x16352aff},
	GreenText:   {0x17663aff, 0x86dba8ff},
	Red:         {0xb3261eff, 0xf2857dff},
	RedSoft:     {0xfde8e6ff, 0x402120ff},
	RedText:     {0x9a1f18ff, 0xf7aca6ff},
	FocusRing:   {0xf0a020ff, 0xffd166ff},
	EntryLine:   {0xb6c1ccff, 0x46535fff},
	ButtonLine:  {0xdde3eaff, 0x323d4aff},
	Unable:      {0x586575ff, 0x9eabb9ff},
	Scrim:       {0x10182066, 0x00000099},

	theme.ColorNameBackground:          {0xf6f8faff, 0x12181fff},
	theme.ColorNameForeground:          {0x1a232eff, 0xe9eef4ff},
	theme.ColorNamePrimary:             {0x0b5a8aff, 0x4ba6ddff},
	theme.ColorNameForegroundOnPrimary: {0xffffffff, 0x0c1822ff},
	theme.ColorNameInputBackground:     {0xffffffff, 0x161d25ff},
	theme.ColorNameInputBorder:         {0, 0}, // the toolkit draws it between the points; control.Entry has a line of its own
	theme.ColorNameOverlayBackground:   {0xffffffff, 0x1d2530ff},
	theme.ColorNameMenuBackground:      {0xffffffff, 0x1d2530ff},
	theme.ColorNameSeparator:           {0xdfe5ebff, 0x303b48ff},
	theme.ColorNamePlaceHolder:         {0x6a7785ff, 0x8794a2ff},
	theme.ColorNameDisabled:            {0xa7b2bdff, 0x5b6876ff},
	theme.ColorNameSelection:           {0xbfdcefff, 0x274a64ff},
	theme.ColorNameFocus:               {0xbfdcefff, 0x274a64ff},
	theme.ColorNameError:               {0xb3261eff, 0xf2857dff},
	theme.ColorNameSuccess:             {0x1e8449ff, 0x5fca8bff},
	theme.ColorNameWarning:             {0xb86e00ff, 0xf2bb5fff},
	theme.ColorNameShadow:              {0x1a232e1f, 0x00000066},
	theme.ColorNameScrollBar:           {0x8a97a4aa, 0x7a8794aa},
}

func (p pair) in(dark bool) color.Color {
	if dark {
		return rgba(p.dark)
	}
	return rgba(p.light)
}

func rgba(v uint32) color.Color {
	return color.NRGBA{R: uint8(v >> 24), G: uint8(v >> 16), B: uint8(v >> 8), A: uint8(v)}
}

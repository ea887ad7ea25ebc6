// Package window opens Rekey's window on the screen. It is the only part of the program that imports Fyne's drivers
// (and so cgo), apart from token/pkcs11.
package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"rekey/ui"
)

// Size of the window when it opens.
const (
	Width  = 1220
	Height = 760
)

// Run opens the window and comes back when it is closed. It must be called on the main goroutine.
func Run(opts ui.Options) error {
	application := app.NewWithID("org.rekey.Rekey")
	win := application.NewWindow("Rekey")
	win.Resize(fyne.NewSize(Width, Height))
	win.CenterOnScreen()
	win.SetMaster()
	stop, err := ui.Open(application, win, opts)
	if err != nil {
		return err
	}
	defer stop()
	win.ShowAndRun()
	return nil
}

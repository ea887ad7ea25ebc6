// Package window opens Rekey's window on the screen. It is the only part of the program that imports Fyne's drivers
// (and so cgo), apart from token/pkcs11.
package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"rekey/ui"
)

// Run opens the window and comes back when it is closed. It must be called on the main goroutine. open makes what the window works with;
// where it fails and rescue knows what to do about the error, a page says that first, and the window begins when open succeeds.
func Run(open func() (ui.Options, error), rescue func(error) (ui.Rescue, bool)) error {
	var opts ui.Options
	var err error
	opened := make(chan struct{})
	go func() { // beside the toolkit's own start
		defer close(opened)
		opts, err = open()
	}()
	application := app.NewWithID("org.rekey.Rekey")
	win := application.NewWindow("Rekey")
	<-opened
	help, known := ui.Rescue{}, false
	if err != nil {
		if help, known = rescue(err); !known {
			return err
		}
	}
	opts.Screen = func() fyne.Size { return screen(win) }
	win.Resize(ui.FirstSize(opts))
	win.CenterOnScreen()
	win.SetMaster()
	stop := func() {}
	defer func() { stop() }()
	if known {
		help.Open = func() (err error) {
			opts, err = open()
			opts.Screen = func() fyne.Size { return screen(win) }
			return err
		}
		help.Begin = func() (err error) {
			end, err := ui.Open(application, win, opts)
			if err == nil {
				stop = end
			}
			return err
		}
		err = ui.OpenRescue(application, win, help)
	} else {
		stop, err = ui.Open(application, win, opts)
	}
	if err != nil {
		return err
	}
	win.ShowAndRun()
	return nil
}

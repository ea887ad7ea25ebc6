package ui

import (
	"context"
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/control"
)

// maxCrash is how much of a crash is kept in memory, in bytes.
const maxCrash = 256 << 10

// lookForCrash reads what the last run left behind when it crashed. window.Run has set the file aside before it began to write anew.
func (w *Window) lookForCrash() {
	if w.opts.CrashFile == "" {
		return
	}
	work(w, func(context.Context) (string, error) {
		data, err := os.ReadFile(w.opts.CrashFile)
		if err != nil || len(data) > maxCrash {
			data = data[:min(len(data), maxCrash)]
		}
		return strings.TrimSpace(string(data)), nil
	}, func(text string, _ error) {
		if text != "" {
			w.crash = text
			w.show()
		}
	})
}

// crashBanner offers to show and copy what happened, and stays until that was answered.
func (w *Window) crashBanner() fyne.CanvasObject {
	copied := w.copyButton("crash.copy", w.T("job.copy"), control.Quiet, func() string { return w.crash })
	show := control.NewButton("crash.show", w.T("crash.show"), theme.DocumentIcon(), control.Secondary, func() { w.report(w.open(w.opts.CrashFile)) })
	done := control.NewButton("crash.close", w.T("close"), nil, control.Quiet, func() {
		w.crash = ""
		work(w, func(context.Context) (struct{}, error) { return struct{}{}, os.Remove(w.opts.CrashFile) }, func(_ struct{}, err error) { w.report(err) })
		w.show()
	})
	return control.Banner(control.Due, w.T("crash"), w.T("crash.text"), copied, show, done)
}

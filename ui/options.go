// Package ui is the window of Rekey: pages, the renewal wizard and the work with a card.
//
// It asks a Desk for everything and decides nothing about cases itself. It promises: a page is never empty (what is
// missing and what to do is said), nothing typed is lost, no PIN is kept, and the window is touched only from
// Fyne's own goroutine: results come back through one function (see work.go).
//
// It does not import fyne/app; ui/window opens a real window, the tests use Fyne's software canvas.
package ui

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"time"

	"fyne.io/fyne/v2"

	"rekey/ui/i18n"
	"rekey/ui/look"
)

// Keys of the settings that the window keeps in the Desk.
const (
	SettingLanguage = "language" // en, tr, ru, vi, fa
	SettingLook     = "look"     // system, light, dark
	SettingCentral  = "central"  // address of the central API
)

// Options say how a window is opened.
type Options struct {
	Desk    Desk
	Assets  fs.FS  // lang/*.json, fonts/*
	Lang    string // "": the kept setting, else the system's language
	Look    string // system, light, dark; "": the kept setting, else system
	MapFile string // where the map of what can be used now is written; "": nowhere
	Version string
}

// Open fills a window of app and starts to watch the cards. stop ends the watching.
func Open(application fyne.App, win fyne.Window, opts Options) (stop func(), err error) {
	w, err := newWindow(application, win, opts)
	if err != nil {
		return nil, err
	}
	w.post = fyne.Do
	w.start()
	return w.stop, nil
}

func newWindow(application fyne.App, win fyne.Window, opts Options) (*Window, error) {
	texts, err := i18n.Load(opts.Assets)
	if err != nil {
		return nil, fmt.Errorf("open window: %w", err)
	}
	w := &Window{app: application, win: win, desk: opts.Desk, opts: opts, texts: texts, now: time.Now, page: pageHome}
	w.open = w.openFile
	w.lang = firstOf(opts.Lang, opts.Desk.Setting(SettingLanguage))
	if w.lang == "" {
		w.lang = i18n.Known(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	}
	w.lang = i18n.Known(w.lang)
	w.look = look.Mode(firstOf(opts.Look, opts.Desk.Setting(SettingLook), string(firstLook())))
	return w, nil
}

// firstLook is the look before the person has chosen one. Windows and macOS tell what the system wants; elsewhere the toolkit
// takes dark when nobody tells, so light it is.
func firstLook() look.Mode {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return look.System
	}
	return look.Light
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// openFile shows a file or a folder in the system's own program.
func (w *Window) openFile(path string) error {
	return w.app.OpenURL(&url.URL{Scheme: "file", Path: path})
}

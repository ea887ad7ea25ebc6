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
	"os"
	"runtime"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"rekey/ui/i18n"
	"rekey/ui/look"
	"rekey/ui/single"
)

// Keys of the settings that the window keeps in the Desk.
const (
	SettingLanguage  = "language"  // en, tr, ru, vi, fa
	SettingLook      = "look"      // system, light, dark
	SettingCentral   = "central"   // address of the central API
	SettingScale     = "scale"     // per cent, 100 … 200
	SettingSize      = "size"      // of the window when it was closed, in Fyne units: "1220x760"
	SettingReminders = "reminders" // on, off; "": on
	SettingQuiet     = "quiet"     // hours without reminders, "20-8"
	SettingTray      = "tray"      // on: closing the window leaves Rekey in the tray
	SettingPlace     = "place"     // where the window was closed: "wizard", "case:ID"; "": at the start

	settingReminded = "reminded." // … and the beginning of a fingerprint: the last reminder about that certificate
)

// Options say how a window is opened.
type Options struct {
	Desk      Desk
	Assets    fs.FS            // lang/*.json, fonts/*
	Lang      string           // "": the kept setting, else the system's language
	Look      string           // system, light, dark; "": the kept setting, else system
	Lock      *single.Lock     // the right to the one window; nil: a second start is not listened for
	CrashFile string           // what the last run wrote when it crashed; "": not looked for
	Screen    func() fyne.Size // room for a window on the screen, in Fyne units; the window then remembers its size. nil: it keeps the one it has
	MapFile   string           // where the map of what can be used now is written; "": nowhere
	Version   string
}

// Open fills a window of app and starts to watch the cards. stop ends the watching.
func Open(application fyne.App, win fyne.Window, opts Options) (stop func(), err error) {
	w, err := newWindow(application, win, opts)
	if err != nil {
		return nil, err
	}
	w.post, w.deferred = fyne.Do, true
	w.start()
	if opts.Lock != nil {
		opts.Lock.OnCall(func() { w.post(w.front) })
	}
	return w.stop, nil
}

func newWindow(application fyne.App, win fyne.Window, opts Options) (*Window, error) {
	w := &Window{app: application, win: win, desk: opts.Desk, opts: opts, now: time.Now, page: pageHome}
	w.open, w.print, w.printer, w.waiting = w.openFile, w.printFile, w.defaultPrinter, systemWaiting
	w.browse, w.pickFile = folderChooser(), fileChooser()
	w.lang = firstOf(opts.Lang, opts.Desk.Setting(SettingLanguage))
	if w.lang == "" {
		w.lang = i18n.Known(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	}
	w.lang = i18n.Known(w.lang)
	var err error
	if w.texts, err = i18n.Load(opts.Assets, "en", w.lang); err != nil {
		return nil, fmt.Errorf("open window: %w", err)
	}
	w.scale = scaleOf(opts.Desk.Setting(SettingScale))
	w.sized.asked = FirstSize(opts)
	w.sized.plain = times(w.sized.asked, 100, w.scale)
	w.look = look.Mode(firstOf(opts.Look, opts.Desk.Setting(SettingLook), string(firstLook())))
	return w, nil
}

// Scales that can be chosen, in per cent.
var scales = []int{100, 125, 150, 175, 200}

func scaleOf(kept string) int {
	n, err := strconv.Atoi(kept)
	if err != nil {
		return 100
	}
	return max(scales[0], min(n, scales[len(scales)-1]))
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

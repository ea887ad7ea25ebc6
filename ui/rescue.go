package ui

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/control"
	"rekey/ui/i18n"
	"rekey/ui/look"
)

// Trouble is why the store could not be opened.
type Trouble string

// Troubles.
const (
	TroubleDamaged Trouble = "damaged" // the file cannot be read: a backup helps
	TroubleGone    Trouble = "gone"    // there is no file where there was one: a backup helps
	TroubleKey     Trouble = "key"     // the key is lost: no backup helps
	TroubleBusy    Trouble = "busy"    // another process has it open
	TroubleNewer   Trouble = "newer"   // written by a newer Rekey
)

// Rescue is what the small window before the main one works with, when the store could not be opened. Nothing happens without a
// press of a button, and nothing is deleted.
type Rescue struct {
	Assets  fs.FS
	Lang    string // "": the system's
	Trouble Trouble
	File    string    // of the store
	Process int       // that has it open; 0: not known
	Since   time.Time // since when
	Backups []time.Time
	Detail  string // technical, to be copied

	Restore  func() (from time.Time, aside []string, err error) // puts the newest good backup in place
	StartNew func() (aside []string, err error)                 // begins with an empty store
	Open     func() error                                       // tries to open the store
	Begin    func() error                                       // fills the window with the main one, once Open has succeeded
}

// rescue is the window while it is shown.
type rescue struct {
	Rescue
	app   fyne.App
	win   fyne.Window
	t     *i18n.Printer
	post  func(func())
	copy  control.Copies
	busy  bool
	note  *notice
	aside []string
	done  string // sentence of what was done; then only the start is left
}

// OpenRescue fills a window with what happened and what can be done.
func OpenRescue(application fyne.App, win fyne.Window, r Rescue) error {
	s, err := newRescue(application, win, r)
	if err != nil {
		return err
	}
	s.post = fyne.Do
	s.show()
	return nil
}

func newRescue(application fyne.App, win fyne.Window, r Rescue) (*rescue, error) {
	texts, err := i18n.Load(r.Assets)
	if err != nil {
		return nil, fmt.Errorf("open window: %w", err)
	}
	lang := firstOf(r.Lang, i18n.Known(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))
	s := &rescue{Rescue: r, app: application, win: win, t: texts.In(i18n.Known(lang))}
	s.copy.Later = func(after time.Duration, f func()) { time.AfterFunc(after, func() { s.post(f) }) }
	application.Settings().SetTheme(look.New(r.Assets, firstLook(), s.t.RTL(), 1))
	win.SetTitle(s.t.T("app.name"))
	win.SetPadded(false)
	return s, nil
}

func (s *rescue) show() {
	body := []fyne.CanvasObject{control.Title(firstOf(s.done, s.t.T("rescue.title")))}
	if s.note != nil {
		body = append(body, control.Banner(s.note.tone, s.note.what, s.note.do))
	}
	facts := []fyne.CanvasObject{control.Strong(s.what()), control.Para(s.do())}
	if s.done != "" {
		facts = nil
	}
	facts = append(facts, control.Small(s.t.T("rescue.file", "file", s.File)))
	if len(s.aside) > 0 {
		facts = append(facts, control.Small(s.t.T("rescue.aside", "files", strings.Join(s.aside, "\n"))))
	}
	body = append(body, control.Raised(look.Column(12, append(facts, look.Inset(8, 0, 0, 0, look.Row(10, -1, s.buttons()...)))...)))
	back := canvas.NewRectangle(look.Color(look.Page))
	s.win.SetContent(look.Stack(back, look.Scroll(look.Inset(28, 40, 28, 40, look.Column(18, body...)))))
}

// what happened, in a sentence.
func (s *rescue) what() string {
	if s.Trouble == TroubleBusy && s.Process > 0 {
		return s.t.T("rescue.busy.process", "process", s.t.Digits(fmt.Sprint(s.Process)), "moment", s.t.Moment(s.Since))
	}
	return s.t.T("rescue." + string(s.Trouble))
}

// do is what can be done.
func (s *rescue) do() string {
	switch {
	case s.restores():
		return s.t.T("rescue.backup", "moment", s.t.Moment(s.Backups[0]), "n", len(s.Backups))
	case s.Trouble == TroubleDamaged || s.Trouble == TroubleGone:
		return s.t.T("rescue.no-backup")
	}
	return s.t.T("rescue." + string(s.Trouble) + ".do")
}

// restores says that a backup can help.
func (s *rescue) restores() bool {
	return len(s.Backups) > 0 && (s.Trouble == TroubleDamaged || s.Trouble == TroubleGone)
}

func (s *rescue) buttons() (all []fyne.CanvasObject) {
	add := func(id, text string, icon fyne.Resource, weight control.Weight, press func()) {
		b := control.NewButton(id, text, icon, weight, press)
		if s.busy {
			b.Disable()
		}
		all = append(all, b)
	}
	switch {
	case s.done != "":
		add("rescue.start", s.t.T("rescue.start"), theme.ConfirmIcon(), control.Primary, s.start)
		return all
	case s.restores():
		add("rescue.restore", s.t.T("rescue.restore"), theme.HistoryIcon(), control.Primary, s.restore)
	case s.Trouble == TroubleDamaged || s.Trouble == TroubleGone:
		add("rescue.new", s.t.T("rescue.new"), theme.DocumentCreateIcon(), control.Secondary, s.startNew)
	}
	add("rescue.again", s.t.T("job.again"), theme.ViewRefreshIcon(), control.Secondary, s.start)
	all = append(all, s.copy.Button("rescue.copy", s.t.T("job.copy"), s.t.T("copied"), control.Quiet, func() string { return s.Detail }))
	add("rescue.close", s.t.T("close"), nil, control.Quiet, s.win.Close)
	return all
}

// run does something away from the window; then nil: the main window begins.
func (s *rescue) run(do func() error, then func()) {
	s.busy, s.note = true, nil
	s.show()
	go func() {
		err := do()
		s.post(func() {
			s.busy = false
			switch {
			case err == nil && then == nil:
				if err = s.Begin(); err == nil {
					return
				}
			case err == nil:
				then()
			}
			if err != nil {
				s.note, s.Detail, s.done = failure(s.t, err), err.Error(), ""
				s.note.what = s.t.T("rescue.failed") + " " + s.note.what
			}
			s.show()
		})
	}()
}

func (s *rescue) restore() {
	var from time.Time
	s.run(func() (err error) { from, s.aside, err = s.Restore(); return err }, func() {
		s.done = s.t.T("rescue.restored", "moment", s.t.Moment(from))
	})
}

func (s *rescue) startNew() {
	s.run(func() (err error) { s.aside, err = s.StartNew(); return err }, func() { s.done = s.t.T("rescue.emptied") })
}

// start tries to open the main window in this one's place.
func (s *rescue) start() { s.run(s.Open, nil) }

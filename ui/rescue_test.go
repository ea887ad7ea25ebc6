package ui

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// rescued is the small window without a screen.
func rescued(t *testing.T, lang string, r Rescue) *stage {
	t.Helper()
	application := test.NewTempApp(t)
	win := application.NewWindow("")
	s := &stage{t: t, wake: make(chan struct{}, 1)}
	r.Assets, r.Lang = assets(), lang
	x, err := newRescue(application, win, r)
	if err != nil {
		t.Fatal(err)
	}
	s.Window = &Window{app: application, win: win, t: x.t, page: "rescue"}
	x.post = func(f func()) {
		s.mu.Lock()
		s.queue = append(s.queue, f)
		s.mu.Unlock()
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
	win.Resize(fyne.NewSize(1220, 760))
	x.show()
	t.Cleanup(win.Close)
	return s
}

// press clicks and waits for what it says.
func (s *stage) press(id string, until func() bool) {
	s.t.Helper()
	s.find(id).(fyne.Tappable).Tapped(&fyne.PointEvent{})
	s.until(id, until)
}

// A damaged store: what happened, the backup with its date, where the file was set aside, and then the main window.
func TestRescueRestores(t *testing.T) {
	for _, lang := range []string{"en", "tr", "ru", "vi", "fa"} {
		restored, opened, begun := 0, 0, false
		at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.Local)
		s := rescued(t, lang, Rescue{Trouble: TroubleDamaged, File: "/home/x/rekey.db", Backups: []time.Time{at}, Detail: "page 7",
			Restore: func() (time.Time, []string, error) {
				restored++
				return at, []string{"/home/x/rekey.db.set-aside-1"}, nil
			},
			Open: func() error {
				if opened++; opened == 1 {
					return errors.New("still in use")
				}
				return nil
			},
			Begin: func() error { begun = true; return nil },
		})
		s.says(s.T("rescue.damaged"), s.Window.t.Moment(at), "/home/x/rekey.db")
		s.picture("74-rescue-" + lang)
		if restored != 0 || opened != 0 {
			t.Fatal("something was done that nobody wanted")
		}
		s.press("rescue.restore", func() bool { return s.has("rescue.start") })
		s.says("set-aside", s.T("rescue.restored", "moment", s.Window.t.Moment(at)))
		s.press("rescue.start", func() bool { return s.has("rescue.again") && s.find("rescue.again").Enabled() })
		s.says(s.T("rescue.failed"), s.T("error.internal.do"))
		s.press("rescue.copy", func() bool { return s.app.Clipboard().Content() == "still in use" })
		s.press("rescue.again", func() bool { return begun })
	}
}

func TestRescueOfOtherTroubles(t *testing.T) {
	for trouble, want := range map[Trouble]string{TroubleKey: "", TroubleNewer: "", TroubleGone: "rescue.new", TroubleBusy: ""} {
		s := rescued(t, "en", Rescue{Trouble: trouble, File: "f", Process: 4711, Since: fakeNow, StartNew: func() ([]string, error) { return []string{"aside"}, nil }})
		if s.has("rescue.new") != (want != "") || s.has("rescue.restore") || !s.has("rescue.again") {
			t.Errorf("%s: %v", trouble, s.ids())
		}
		switch trouble {
		case TroubleBusy:
			s.says("4711", s.Window.t.Moment(fakeNow), s.T("rescue.busy.do"))
		case TroubleGone:
			s.press("rescue.new", func() bool { return s.has("rescue.start") })
			s.says("aside")
		default:
			s.says(s.T("rescue."+string(trouble)), s.T("rescue."+string(trouble)+".do"))
		}
	}
}

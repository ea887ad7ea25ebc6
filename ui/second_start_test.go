package ui

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rekey/app"
	"rekey/ui/single"
)

// called is a window that tells when it is brought to the front.
type called struct {
	fyne.Window
	told chan string
}

func (w called) Show() {
	w.told <- "shown"
	w.Window.Show()
}

func (w called) RequestFocus() { w.told <- "focus" }

// restless is a Desk that goes on looking at its cards: nothing else happens in the window meanwhile.
type restless struct{ *fakeDesk }

func (restless) Look(context.Context) (app.View, error) { select {} }

// A second start for the same store shows the first window, also a hidden one, and gives it the focus.
func TestSecondStartBringsTheWindowToTheFront(t *testing.T) {
	dir := t.TempDir()
	lock, err := single.Claim(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	application := test.NewTempApp(t)
	win := called{application.NewWindow(""), make(chan string, 10)}
	stop, err := Open(application, win, Options{Desk: restless{newFake(t)}, Assets: assets(), Lang: "en", Lock: lock})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	for len(win.told) > 0 {
		<-win.told
	}
	for range 2 { // each time
		if _, err := single.Claim(t.Context(), dir); !errors.Is(err, single.ErrRunning) {
			t.Fatalf("second start: %v", err)
		}
		for _, want := range []string{"shown", "focus"} {
			select {
			case got := <-win.told:
				if got != want {
					t.Errorf("%s, want %s", got, want)
				}
			case <-time.After(30 * time.Second):
				t.Fatal("the window does not hear the second start")
			}
		}
	}
}

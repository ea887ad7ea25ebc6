package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rekey/ui"
)

// driven is a window of Rekey that is used with a real pointer and a real keyboard (xdotool). Where its controls are is
// read from the map that the window writes.
type driven struct {
	screen   *screen
	cmd      *exec.Cmd
	log      bytes.Buffer
	ended    chan struct{}
	mapFile  string
	pictures string // folder
	prefix   string // of the pictures' names
	taken    int
	id       string    // X11 window
	pressed  time.Time // last
}

// openDriven starts the program on the person's screen and waits for its window.
func (r *renewal) openDriven(ctx context.Context, pictures string) (*driven, error) {
	w := &driven{screen: r.screen, mapFile: filepath.Join(r.home, "ui-map.json"), pictures: pictures, prefix: r.person.Name, ended: make(chan struct{})}
	if err := os.Remove(w.mapFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	w.cmd = exec.Command(filepath.Join(r.bin, "rekey"), r.args("--ui-map", w.mapFile)...)
	w.cmd.Env = append(r.screen.env(), r.card.Env())
	w.cmd.Stdout, w.cmd.Stderr = &w.log, &w.log
	if err := w.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { _ = w.cmd.Wait(); close(w.ended) }()
	if _, err := w.wait(ctx, "its first page", func(m ui.Map) bool { return m.Page != "" && len(m.Controls) > 0 }); err != nil {
		w.kill()
		return nil, err
	}
	out, err := w.x("search", "--sync", "--onlyvisible", "--pid", strconv.Itoa(w.cmd.Process.Pid))
	if err != nil {
		w.kill()
		return nil, err
	}
	w.id = strings.Fields(out)[0]
	if _, err := w.x("windowactivate", "--sync", w.id); err != nil {
		w.kill()
		return nil, err
	}
	return w, nil
}

// x runs xdotool on the window's screen.
func (w *driven) x(args ...string) (string, error) {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = w.screen.env()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("xdotool %s: %w: %s", args[0], err, out)
	}
	return string(out), nil
}

// shown reads what the window shows now.
func (w *driven) shown() (m ui.Map, err error) {
	text, err := os.ReadFile(w.mapFile)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(text, &m)
}

// wait waits until the window shows what is wanted.
func (w *driven) wait(ctx context.Context, what string, wanted func(ui.Map) bool) (ui.Map, error) {
	ctx, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	for {
		m, err := w.shown()
		if err == nil && wanted(m) {
			return m, nil
		}
		select {
		case <-w.ended:
			return m, fmt.Errorf("the window closed while %s was waited for: %s", what, w.log.String())
		case <-ctx.Done():
			return m, fmt.Errorf("the window did not show %s; it shows page %q with %s", what, m.Page, idsOf(m))
		case <-time.After(40 * time.Millisecond):
		}
	}
}

func idsOf(m ui.Map) string {
	var ids []string
	for _, c := range m.Controls {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, " ")
}

// page waits for a page that is at rest. On the page of the PIN the work waits for the person.
func (w *driven) page(ctx context.Context, name string) error {
	_, err := w.wait(ctx, "page "+name, func(m ui.Map) bool { return m.Page == name && (!m.Busy || name == "job.pin") })
	return err
}

// control waits for a control that can be used.
func (w *driven) control(ctx context.Context, id string) (c ui.MapControl, err error) {
	_, err = w.wait(ctx, "control "+id, func(m ui.Map) bool {
		var ok bool
		c, ok = find(m, id)
		return ok && c.Enabled
	})
	return c, err
}

func find(m ui.Map, id string) (ui.MapControl, bool) {
	for _, c := range m.Controls {
		if c.ID == id {
			return c, true
		}
	}
	return ui.MapControl{}, false
}

// reach brings a control into sight with the wheel.
func (w *driven) reach(ctx context.Context, id string) (ui.MapControl, error) {
	c, err := w.control(ctx, id)
	for turn := 0; err == nil && !c.Visible && turn < 30; turn++ {
		m, _ := w.shown()
		button := "5" // wheel down
		if c.Y < 0 {
			button = "4"
		}
		if _, err = w.x("mousemove", "--window", w.id, strconv.Itoa(m.Width-14), strconv.Itoa(m.Height/2), "click", button); err == nil {
			time.Sleep(120 * time.Millisecond) // one turn of the wheel, then look again
			c, err = w.control(ctx, id)
		}
	}
	return c, err
}

// click presses a control with the pointer.
func (w *driven) click(ctx context.Context, id string) error {
	c, err := w.reach(ctx, id)
	if err != nil {
		return err
	}
	if _, err = w.x("mousemove", "--window", w.id, strconv.Itoa(c.X+c.W/2), strconv.Itoa(c.Y+c.H/2)); err != nil {
		return err
	}
	time.Sleep(150 * time.Millisecond) // the toolkit needs a moment between the pointer's arrival and the press
	return w.press("click", "1")
}

// clickTo presses a control and waits for the page that follows. A press that got lost is repeated once.
func (w *driven) clickTo(ctx context.Context, id, page string) error {
	for try := 0; ; try++ {
		if err := w.click(ctx, id); err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, 6*time.Second)
		err := w.page(short, page)
		cancel()
		if err == nil || try == 1 {
			return err
		}
	}
}

// press clicks or presses a key, so long after the last time that the window does not take it for the second half of a double click.
func (w *driven) press(args ...string) error {
	time.Sleep(time.Until(w.pressed.Add(450 * time.Millisecond)))
	_, err := w.x(args...)
	w.pressed = time.Now()
	return err
}

// key presses a key, by its X11 name.
func (w *driven) key(name string) error {
	if name == "Return" {
		return w.press("key", "--window", "0", name)
	}
	_, err := w.x("key", "--window", "0", name)
	return err
}

// focus clicks on an entry until it has the keyboard: a word that appears beside a field moves the ones below it.
func (w *driven) focus(ctx context.Context, id string) error {
	for try := 0; ; try++ {
		if err := w.click(ctx, id); err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, 2*time.Second)
		_, err := w.wait(short, "focus on "+id, func(m ui.Map) bool { c, _ := find(m, id); return c.Focused })
		cancel()
		if err == nil || try == 3 {
			return err
		}
	}
}

// write types into an entry and looks whether all of it arrived (what is typed into a PIN entry is not in the map).
func (w *driven) write(ctx context.Context, id, text string) error {
	delay := "15"
	for try := 0; ; try++ {
		if err := w.focus(ctx, id); err != nil {
			return err
		}
		if err := w.key("ctrl+a"); err != nil {
			return err
		}
		if _, err := w.x("type", "--delay", delay, "--", text); err != nil {
			return err
		}
		if strings.HasPrefix(id, "pin.") {
			return nil
		}
		short, cancel := context.WithTimeout(ctx, 3*time.Second)
		m, err := w.wait(short, id+" = "+text, func(m ui.Map) bool { c, _ := find(m, id); return c.Text == text })
		cancel()
		if err == nil {
			return nil
		}
		if try == 2 {
			c, _ := find(m, id)
			return fmt.Errorf("typed %q, %s holds %q", text, id, c.Text)
		}
		delay = "60"
	}
}

// picture keeps what the screen shows.
func (w *driven) picture(name string) error {
	w.taken++
	cmd := exec.Command("import", "-silent", "-window", w.id, filepath.Join(w.pictures, fmt.Sprintf("%s-%02d-%s.png", w.prefix, w.taken, name)))
	if w.id == "" {
		cmd.Args[3] = "root"
	}
	cmd.Env = w.screen.env()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("picture %s: %w: %s", name, err, out)
	}
	return nil
}

// close closes the window as a person does and waits for the end of the program. A key that the window manager did not take, as happens
// right after a window came, is pressed once more.
func (w *driven) close() error {
	for range 2 {
		if err := w.key("alt+F4"); err != nil {
			w.kill()
			return err
		}
		select {
		case <-w.ended:
			if !w.cmd.ProcessState.Success() {
				return fmt.Errorf("the window ended badly: %v: %s", w.cmd.ProcessState, w.log.String())
			}
			return nil
		case <-time.After(10 * time.Second):
		}
	}
	w.kill()
	return errors.New("the window did not close")
}

func (w *driven) kill() {
	_ = w.cmd.Process.Kill()
	<-w.ended
}

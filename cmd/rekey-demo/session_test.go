package main

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// session is a session bus of the test's own, on which the test plays the desktop: the tray and the notifications.
type session struct {
	t       *testing.T
	address string
	conn    *dbus.Conn
	items   chan dbus.Sender // who has put something into the tray
	notices chan [2]string   // title, text
}

// openSession starts the bus, of a desktop with a tray or without one.
func openSession(t *testing.T, tray bool) *session {
	t.Helper()
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := bus.StdoutPipe()
	if err == nil {
		err = bus.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = bus.Process.Kill()
		_ = bus.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, address: strings.TrimSpace(line), items: make(chan dbus.Sender, 10), notices: make(chan [2]string, 100)}
	if s.conn, err = dbus.Connect(s.address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.conn.Close() })
	if tray {
		s.play("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher", watcher{s})
	}
	s.play("org.freedesktop.Notifications", "/org/freedesktop/Notifications", notifier{s})
	return s
}

func (s *session) play(name string, path dbus.ObjectPath, service any) {
	s.t.Helper()
	if err := s.conn.Export(service, path, name); err != nil {
		s.t.Fatal(err)
	}
	if got, err := s.conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || got != dbus.RequestNameReplyPrimaryOwner {
		s.t.Fatal(got, err)
	}
}

// watcher is the desktop's list of what stands in the tray.
type watcher struct{ s *session }

func (w watcher) RegisterStatusNotifierItem(_ string, from dbus.Sender) *dbus.Error {
	w.s.items <- from
	return nil
}

// notifier is what shows notifications.
type notifier struct{ s *session }

func (n notifier) Notify(_ string, id uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	n.s.notices <- [2]string{title, text}
	return id + 1, nil
}

// next waits for what the desktop is told.
func next[T any](ctx context.Context, t *testing.T, what string, from <-chan T) (got T) {
	t.Helper()
	select {
	case got = <-from:
	case <-ctx.Done():
		t.Fatalf("no %s came", what)
	}
	return got
}

// trayMenu is the menu of a thing in the tray.
type trayMenu struct {
	object dbus.BusObject
	labels []string
	ids    map[string]int32
}

// menu reads the menu as a desktop does (com.canonical.dbusmenu).
func (s *session) menu(item dbus.Sender) (m trayMenu, err error) {
	m = trayMenu{object: s.conn.Object(string(item), "/StatusNotifierItem/menu"), ids: map[string]int32{}}
	var revision uint32
	var root struct {
		ID         int32
		Properties map[string]dbus.Variant
		Children   []dbus.Variant
	}
	if err := m.object.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		return m, err
	}
	for _, child := range root.Children {
		line, ok := child.Value().([]any)
		if !ok || len(line) < 2 {
			return m, fmt.Errorf("a line of the menu is %v", child)
		}
		label, _ := line[1].(map[string]dbus.Variant)["label"].Value().(string)
		if label != "" {
			m.labels = append(m.labels, label)
			m.ids[label], _ = line[0].(int32)
		}
	}
	return m, nil
}

// press chooses a line of the menu.
func (m trayMenu) press(label string) error {
	return m.object.Call("com.canonical.dbusmenu.Event", 0, m.ids[label], "clicked", dbus.MakeVariant(""), uint32(time.Now().Unix())).Err
}

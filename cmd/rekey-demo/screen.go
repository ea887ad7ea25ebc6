package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// screen is a display without a monitor: Xvfb with a window manager, which the keyboard focus needs.
type screen struct {
	display string
	procs   []*exec.Cmd
	more    []string // further environment of the programs there
}

// openScreen starts Xvfb and a window manager.
func openScreen(ctx context.Context) (*screen, error) {
	s, err := bareScreen()
	if err != nil {
		return nil, err
	}
	manager := exec.Command("openbox")
	manager.Env = s.env()
	if err := manager.Start(); err != nil {
		s.close()
		return nil, fmt.Errorf("start openbox: %w", err)
	}
	s.procs = append(s.procs, manager)
	return s, ctx.Err()
}

// bareScreen starts Xvfb alone, on a free display number of its own choice.
func bareScreen(more ...string) (*screen, error) {
	s := &screen{}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	x := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-screen", "0", "1280x860x24", "-nolisten", "tcp", "-noreset"}, more...)...)
	x.ExtraFiles = []*os.File{write}
	err = x.Start()
	write.Close()
	if err != nil {
		return nil, fmt.Errorf("start Xvfb: %w", err)
	}
	s.procs = append(s.procs, x)
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		s.close()
		return nil, fmt.Errorf("Xvfb did not start: %w", err)
	}
	s.display = ":" + strings.TrimSpace(line)
	return s, nil
}

// keyboard puts the letters of a language on the keys, as the person's own keyboard has them.
func (s *screen) keyboard(layout string) error {
	cmd := exec.Command("setxkbmap", "-layout", layout)
	cmd.Env = s.env()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("setxkbmap %s: %w: %s", layout, err, out)
	}
	return nil
}

// env is the environment of a program on this screen. Software drawing is enough and the same everywhere.
func (s *screen) env() []string {
	return append(append(os.Environ(), "DISPLAY="+s.display, "LIBGL_ALWAYS_SOFTWARE=1", "XDG_SESSION_TYPE=x11"), s.more...)
}

// close ends what openScreen has started, the last one first.
func (s *screen) close() {
	for i := len(s.procs) - 1; i >= 0; i-- {
		_ = s.procs[i].Process.Kill()
		_ = s.procs[i].Wait()
	}
	s.procs = nil
}

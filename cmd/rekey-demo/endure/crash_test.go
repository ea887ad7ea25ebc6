package endure

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// crashed has the window crash while it shows the person's card and cases, and keeps what it leaves behind.
func crashed(t *testing.T, w *silent) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x860x24", "-nolisten", "tcp", "-noreset")
	x.ExtraFiles = []*os.File{write}
	err = x.Start()
	write.Close()
	if err != nil {
		t.Fatalf("start Xvfb: %v", err)
	}
	defer func() { _ = x.Process.Kill(); _ = x.Wait() }()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	shown := filepath.Join(w.dir, "map.json")
	window := exec.Command(program(t, "rekey"), "--module", w.card.Module, "--store", filepath.Join(w.dir, "store"), "--central", w.server.url,
		"--documents", filepath.Join(w.dir, "documents"), "--lang", "tr", "--no-keyring", "--ui-map", shown)
	window.Env = append(w.env(), "DISPLAY=:"+strings.TrimSpace(number), "LIBGL_ALWAYS_SOFTWARE=1", "XDG_SESSION_TYPE=x11")
	var said strings.Builder
	window.Stdout, window.Stderr = &said, &said
	if err := window.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the window shows the holder", func() bool {
		text, _ := os.ReadFile(shown)
		return strings.Contains(string(text), "home.") && !strings.Contains(string(text), `"busy":true`)
	})
	_ = window.Process.Signal(syscall.SIGABRT) // the runtime writes every goroutine down, as in a crash of its own
	_ = window.Wait()
	if err := os.Remove(shown); err != nil {
		t.Error(err)
	}
	w.quiet["what the window said"] = []byte(said.String())
	left := texts{}
	left.folder(t, filepath.Join(w.dir, "store"), func(path string) bool { return !strings.Contains(filepath.Base(path), "crash") })
	for place, text := range left {
		if strings.Contains(string(text), "goroutine") {
			w.quiet[place] = text
			return
		}
	}
	t.Errorf("no crash file; the window said %.500s", said.String())
}

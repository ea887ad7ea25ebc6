package page

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// browser is headless Chromium, spoken to over two pipes (its DevTools protocol, one JSON
// text after the other with a zero byte between).
type browser struct {
	t       *testing.T
	in      *os.File
	out     *bufio.Reader
	session string
	last    int
	events  []string // names of the events that nobody has waited for yet
}

func startBrowser(t *testing.T, flags ...string) *browser {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("the package chromium is missing: ", err)
	}
	theirIn, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	cmd := exec.CommandContext(ctx, program, append(flags, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1100,900",
		"--remote-debugging-pipe", "--user-data-dir="+t.TempDir())...)
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	b := &browser{t: t, in: in, out: bufio.NewReader(out)}
	t.Cleanup(func() {
		b.session = ""
		b.send("Browser.close", nil)
		_ = cmd.Wait()
		cancel()
		in.Close()
		out.Close()
	})
	var target struct{ TargetID, SessionID string }
	b.ask("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.ask("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	b.session = target.SessionID
	b.ask("Page.enable", nil, nil)
	b.ask("Log.enable", nil, nil)
	b.ask("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	return b
}

func (b *browser) send(method string, params any) {
	b.last++
	message := map[string]any{"id": b.last, "method": method}
	if params != nil {
		message["params"] = params
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	data, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = b.in.Write(append(data, 0)) // a browser that is gone is noticed when its answer is read
}

type message struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct{ Message string }
}

// next reads one message and keeps the name of an event. What the browser's log complains
// of (something that the policy of the page forbids, say) fails the test.
func (b *browser) next() message {
	b.t.Helper()
	data, err := b.out.ReadBytes(0)
	if err != nil {
		b.t.Fatal("the browser is gone: ", err)
	}
	var m message
	if err := json.Unmarshal(data[:len(data)-1], &m); err != nil {
		b.t.Fatal(err)
	}
	if m.Method == "Log.entryAdded" && !strings.Contains(string(m.Params), "favicon") {
		b.t.Errorf("the browser complains: %s", m.Params)
	}
	if m.Method != "" {
		b.events = append(b.events, m.Method)
	}
	return m
}

func (b *browser) ask(method string, params, result any) {
	b.t.Helper()
	b.send(method, params)
	for {
		m := b.next()
		if m.ID != b.last {
			continue
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

// loads does something that leads to another page and waits for that page.
func (b *browser) loads(do func()) {
	b.t.Helper()
	b.events = nil
	do()
	for {
		for _, e := range b.events {
			if e == "Page.loadEventFired" {
				return
			}
		}
		b.next()
	}
}

func (b *browser) find(selector string) int {
	b.t.Helper()
	var doc struct{ Root struct{ NodeID int } }
	b.ask("DOM.getDocument", nil, &doc)
	var node struct{ NodeID int }
	b.ask("DOM.querySelector", map[string]any{"nodeId": doc.Root.NodeID, "selector": selector}, &node)
	if node.NodeID == 0 {
		b.t.Fatalf("there is no %s", selector)
	}
	return node.NodeID
}

// click presses the left button in the middle of a part of the page.
func (b *browser) click(selector string) {
	b.t.Helper()
	node := b.find(selector)
	b.ask("DOM.scrollIntoViewIfNeeded", map[string]any{"nodeId": node}, nil)
	var box struct{ Model struct{ Content []float64 } }
	b.ask("DOM.getBoxModel", map[string]any{"nodeId": node}, &box)
	c := box.Model.Content
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.ask("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": (c[0] + c[4]) / 2, "y": (c[1] + c[5]) / 2, "button": "left", "clickCount": 1}, nil)
	}
}

func (b *browser) write(text string) {
	b.t.Helper()
	b.ask("Input.insertText", map[string]any{"text": text}, nil)
}

func (b *browser) html() string {
	b.t.Helper()
	var page struct{ OuterHTML string }
	b.ask("DOM.getOuterHTML", map[string]any{"nodeId": b.find("html")}, &page)
	return page.OuterHTML
}

// picture keeps the whole page in the folder of REKEY_PICTURES, when it is set.
func (b *browser) picture(name string) {
	b.t.Helper()
	var shot struct{ Data string }
	b.ask("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil || len(data) < 5000 {
		b.t.Errorf("%s: %d bytes, %v", name, len(data), err)
	}
	if dir := os.Getenv("REKEY_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o600); err != nil {
			b.t.Error(err)
		}
	}
}

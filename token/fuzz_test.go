package token

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/assets"
)

// FuzzParseKnown: the list of known modules names absolute places only, or is refused.
func FuzzParseKnown(f *testing.F) {
	table, err := assets.Files.ReadFile("modules.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(table)
	f.Add([]byte("- name: x\n  files: {linux: [/a.so]}\n"))
	f.Add([]byte("&a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		known, err := ParseKnown(data)
		if err != nil {
			return
		}
		for _, system := range []string{"linux", "windows", "darwin"} {
			for _, k := range known {
				for _, path := range k.Files.on(system) {
					if strings.TrimSpace(path) == "" {
						t.Errorf("an empty place of %q", k.Name)
					}
				}
			}
		}
	})
}

// FuzzModuleLine: of a p11-kit file only one word is taken, on one line.
func FuzzModuleLine(f *testing.F) {
	for _, text := range []string{"module: /usr/lib/a.so\n", "remote: |bwrap rm\nmodule: a.so", "module:\nmodule: b", "module : c\x00d", ":\n::", "MODULE: x"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "a.module")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if line := moduleLine(path); strings.ContainsAny(line, "\n") || line != strings.TrimSpace(line) {
			t.Errorf("takes %q", line)
		}
	})
}

// FuzzService: whatever the system's smart card service answers, it is read to an end and names no reader that is not there.
func FuzzService(f *testing.F) {
	f.Add([]byte{})
	f.Add(make([]byte, pcscReaders*pcscState))
	f.Add(append(bytes.Repeat([]byte("A"), pcscReaders*pcscState), 1, 2, 3, 4, 5, 6, 7, 8))
	f.Fuzz(func(t *testing.T, data []byte) {
		ours, theirs := net.Pipe()
		defer ours.Close()
		go func() {
			_, _ = theirs.Read(make([]byte, 64)) // the question
			_, _ = theirs.Write(data)
			theirs.Close()
		}()
		_ = ours.SetDeadline(time.Now().Add(time.Minute))
		s := newService("")
		_ = s.next(ours)
		for _, name := range s.readers {
			if name == "" || strings.ContainsRune(name, 0) {
				t.Errorf("a reader called %q", name)
			}
		}
	})
}

// FuzzChild: what a child process says is an answer or an error, never a panic: the child runs vendors' code.
func FuzzChild(f *testing.F) {
	var good bytes.Buffer
	_ = newSpeaker(&good).say(&wireReply{Fault: &fault{Op: "open card", Kind: KindNoCard, PIN: &PINError{TriesLeft: 2}}, Readers: []Reader{{Name: "A"}}, Signature: []byte{1}})
	f.Add(good.Bytes())
	f.Add(good.Bytes()[:good.Len()/2])
	f.Add([]byte("\xff\xff\xff\xff\x7f"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		var reply wireReply
		if err := newListener(bytes.NewReader(data)).Decode(&reply); err == nil && reply.Fault != nil {
			_ = reply.Fault.err().Error()
		}
	})
}

// FuzzServe: a child that is asked nonsense ends or answers, and does nothing with a card that it was not asked for.
func FuzzServe(f *testing.F) {
	var good bytes.Buffer
	_ = newSpeaker(&good).say(&request{Method: "Readers"})
	f.Add(good.Bytes())
	f.Add([]byte("\x03\x0c\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		module := &nothing{}
		_ = Serve(func(string) (Module, error) { return module, nil }, "/fuzz.so", bytes.NewReader(data), &bytes.Buffer{})
		if module.opened > 0 && !bytes.Contains(data, []byte("Open")) {
			t.Errorf("a card was opened %d times", module.opened)
		}
	})
}

// nothing is a module without readers.
type nothing struct {
	Module
	opened int
}

func (*nothing) Path() string                              { return "/fuzz.so" }
func (*nothing) Readers(context.Context) ([]Reader, error) { return nil, nil }
func (*nothing) Flags(context.Context) (string, error)     { return "", nil }
func (n *nothing) Open(context.Context, string) (Session, error) {
	n.opened++
	return nil, &Error{Op: "open card", Kind: KindNoCard}
}
func (*nothing) InitBlank(context.Context, string, []byte, []byte) (string, error) {
	return "", &Error{Op: "initialise card", Kind: KindNotAllowed}
}
func (*nothing) Close() error { return nil }

package token

import (
	"io"
	"testing"
)

// StartStuckCall opens the card A1 in a child and starts a Sign that hangs there.
func StartStuckCall(t *testing.T, in io.WriteCloser, out io.ReadCloser) {
	t.Helper()
	speak, listener := newSpeaker(in), newListener(out)
	reply := new(wireReply)
	if err := speak.say(&request{Method: "Open", Args: wireCall{Serial: "A1"}}); err != nil {
		t.Fatal(err)
	}
	if err := listener.Decode(reply); err != nil || reply.Fault != nil {
		t.Fatal(err, reply.Fault)
	}
	if err := speak.say(&request{Method: "Sign", Args: wireCall{Session: reply.Session}}); err != nil {
		t.Fatal(err)
	}
}

// SetSocket changes where a set looks for pcscd.
func (s *Set) SetSocket(path string) { s.socket = path }

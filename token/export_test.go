package token

import (
	"io"
	"net/rpc"
	"testing"
)

// StartStuckCall opens the card A1 in a child and starts a Sign that hangs there.
func StartStuckCall(t *testing.T, in io.WriteCloser, out io.ReadCloser) {
	t.Helper()
	client := rpc.NewClient(&pipes{r: out, w: in})
	reply := new(wireReply)
	if err := client.Call(serviceName+".Open", &wireCall{Serial: "A1"}, reply); err != nil || reply.Fault != nil {
		t.Fatal(err, reply.Fault)
	}
	client.Go(serviceName+".Sign", &wireCall{Session: reply.Session}, new(wireReply), nil)
}

// SetSocket changes where a set looks for pcscd.
func (s *Set) SetSocket(path string) { s.socket = path }

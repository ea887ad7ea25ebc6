package single

import (
	"net"
	"strings"
	"testing"
)

// FuzzCall: whatever another program says to the window, only the word brings it to the front, and every call ends.
func FuzzCall(f *testing.F) {
	const word = "the word"
	for _, said := range []string{word + "\n", word, "\n", "another\n", word + " and more\n", strings.Repeat("x", 1<<16), "\x00\xff\n", word + "\r\n"} {
		f.Add([]byte(said))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		ours, theirs := net.Pipe()
		calls := 0
		l := &Lock{word: word, call: func() { calls++ }}
		go func() {
			_, _ = theirs.Write(said)
			theirs.Close()
		}()
		l.answer(ours)
		line, _, whole := strings.Cut(string(said), "\n")
		right := whole && strings.TrimSpace(line) == word && len(line) < maxCall
		if calls == 1 != right {
			t.Errorf("%q: called %d times", said, calls)
		}
	})
}

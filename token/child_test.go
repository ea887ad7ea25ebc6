package token

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"time"
)

// Where a read cannot be broken off (Windows), a goroutine takes the answers in; the calls end the same way.
func TestAnswersOverAGoroutine(t *testing.T) {
	begin := func(t *testing.T) (*child, *speaker, io.Closer) {
		asked, in, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		out, answers, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []*os.File{asked, in, out, answers} {
			t.Cleanup(func() { f.Close() })
		}
		c := &child{stderr: &tail{}, stdin: in, out: out, ended: make(chan struct{}), state: "exit status 3",
			speak: newSpeaker(in), listener: newListener(out), heard: make(chan *wireReply, 1)}
		close(c.ended)
		go c.listen()
		return c, newSpeaker(answers), answers
	}
	t.Run("answer", func(t *testing.T) {
		c, answer, _ := begin(t)
		for _, flags := range []string{"a", "b"} {
			if err := answer.say(&wireReply{Flags: flags}); err != nil {
				t.Fatal(err)
			}
			if reply, err := c.ask(t.Context(), "Flags", time.Minute, &wireCall{}); err != nil || reply.Flags != flags {
				t.Fatal(reply, err)
			}
		}
	})
	var late *lateError
	t.Run("none in time", func(t *testing.T) {
		c, _, _ := begin(t)
		if _, err := c.ask(t.Context(), "Flags", time.Millisecond, &wireCall{}); !errors.As(err, &late) || late.cause != nil {
			t.Fatal(err)
		}
	})
	t.Run("given up", func(t *testing.T) {
		c, _, _ := begin(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := c.ask(ctx, "Flags", time.Minute, &wireCall{}); !errors.As(err, &late) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
	})
	t.Run("end", func(t *testing.T) {
		c, _, answers := begin(t)
		answers.Close()
		if _, err := c.ask(t.Context(), "Flags", time.Minute, &wireCall{}); err == nil || errors.As(err, &late) {
			t.Fatal(err)
		}
	})
}

// A child that does not take a call in ends it like one that gives no answer.
func TestCallThatIsNotTaken(t *testing.T) {
	asked, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*os.File{asked, in, out, answers} {
		defer f.Close()
	}
	c := &child{stderr: &tail{}, stdin: in, out: out, ended: make(chan struct{}), speak: newSpeaker(in), listener: newListener(out)}
	var late *lateError
	if _, err := c.ask(t.Context(), "PutCertificate", 50*time.Millisecond, &wireCall{DER: make([]byte, 1<<20)}); !errors.As(err, &late) {
		t.Fatal(err)
	}
}

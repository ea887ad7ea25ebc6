package token

import (
	"bufio"
	"encoding/gob"
	"io"
)

// The conversation between Rekey and a child: one request, one reply, in turn, as gob values over two pipes. There is no
// numbering, because nothing is asked before the last answer has come; a child that owes an answer is killed.

type request struct {
	Method string
	Args   wireCall
}

// speaker writes values, each in one piece.
type speaker struct {
	out  *bufio.Writer
	code *gob.Encoder
}

func newSpeaker(w io.Writer) *speaker {
	out := bufio.NewWriterSize(w, 32<<10)
	return &speaker{out: out, code: gob.NewEncoder(out)}
}

func (s *speaker) say(value any) error {
	if err := s.code.Encode(value); err != nil {
		return err
	}
	return s.out.Flush()
}

func newListener(r io.Reader) *gob.Decoder { return gob.NewDecoder(bufio.NewReaderSize(r, 32<<10)) }

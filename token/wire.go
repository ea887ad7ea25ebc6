package token

import "errors"

// The messages between Rekey and the child. They are aliases of unnamed structs because net/rpc
// takes only exported or unnamed types, and these are nobody else's business. Fields that a
// call does not use are zero, and gob does not send those.
type (
	wireCall = struct {
		Session int
		Serial  string
		Label   string
		SOPIN   []byte
		PIN     []byte
		NewPIN  []byte
		Second  bool // PIN is that of one signature; gob does not tell an empty one from none
		Whole   bool // the message is given, and may be empty
		ID      []byte
		DER     []byte
		Digest  []byte
		Key     Key
		Spec    KeySpec
		Options SignOptions
	}
	wireReply = struct {
		Fault        *fault
		Session      int
		Serial       string
		Flags        string
		Card         Card
		Readers      []Reader
		Certificates []Certificate
		Keys         []Key
		Key          Key
		Algorithms   []Algorithm
		Signature    []byte
		start        int // not sent: the number of the child that answered
	}
)

// fault is an error on the wire: net/rpc itself carries only strings.
type fault struct {
	Op   string
	Kind Kind
	Text string
	PIN  *PINError
}

func toFault(op string, err error) *fault {
	if err == nil {
		return nil
	}
	f := &fault{Op: op, Kind: KindCardRefused, Text: err.Error()}
	var e *Error
	if errors.As(err, &e) {
		f.Op, f.Kind, f.Text = e.Op, e.Kind, ""
		if e.Err != nil {
			f.Text = e.Err.Error()
		}
	}
	var p *PINError
	if errors.As(err, &p) {
		f.PIN = p
	}
	return f
}

func (f *fault) err() error {
	e := &Error{Op: f.Op, Kind: f.Kind}
	switch {
	case f.PIN != nil:
		e.Err = f.PIN
	case f.Text != "":
		e.Err = errors.New(f.Text)
	}
	return e
}

package token

import (
	"context"
	"sync/atomic"
	"time"
)

// remote is a session in the child. The id is valid in the child of number start; both are changed
// only by the holder of the helper's turn.
type remote struct {
	h      *helper
	card   Card
	id     int
	start  int
	closed atomic.Bool
}

var _ Session = (*remote)(nil)

func (s *remote) Card() Card { return s.card }

func (s *remote) call(ctx context.Context, op, method string, limit time.Duration, args *wireCall) (*wireReply, error) {
	reply, err := s.h.call(ctx, op, method, limit, s, args)
	if err != nil {
		return new(wireReply), err
	}
	return reply, nil
}

func (s *remote) Certificates(ctx context.Context) ([]Certificate, error) {
	reply, err := s.call(ctx, "list certificates", "Certificates", s.h.limits.Call, &wireCall{})
	return reply.Certificates, err
}

func (s *remote) Login(ctx context.Context, pin []byte) error {
	args := &wireCall{PIN: clone(pin)}
	defer wipe(args)
	_, err := s.call(ctx, "log in", "Login", s.pinLimit(s.h.limits.Call), args)
	return err
}

// pinLimit gives the person at a PIN pad time to type.
func (s *remote) pinLimit(limit time.Duration) time.Duration {
	if s.card.PIN.Pad {
		return max(limit, s.h.limits.Pad)
	}
	return limit
}

func (s *remote) ChangePIN(ctx context.Context, old, new []byte) error {
	args := &wireCall{PIN: clone(old), NewPIN: clone(new)}
	defer wipe(args)
	_, err := s.call(ctx, "change PIN", "ChangePIN", s.pinLimit(s.h.limits.Write), args)
	return err
}

func (s *remote) Algorithms(ctx context.Context) ([]Algorithm, error) {
	reply, err := s.call(ctx, "list algorithms", "Algorithms", s.h.limits.Call, &wireCall{})
	return reply.Algorithms, err
}

func (s *remote) Keys(ctx context.Context) ([]Key, error) {
	reply, err := s.call(ctx, "list keys", "Keys", s.h.limits.Call, &wireCall{})
	return reply.Keys, err
}

func (s *remote) Generate(ctx context.Context, spec KeySpec) (Key, error) {
	reply, err := s.call(ctx, "generate key", "Generate", s.h.limits.Write, &wireCall{Spec: spec})
	return reply.Key, err
}

func (s *remote) Sign(ctx context.Context, key Key, digest []byte, opts SignOptions) ([]byte, error) {
	args := &wireCall{Key: key, Digest: digest, Options: opts, PIN: clone(opts.PIN), Second: opts.PIN != nil, Whole: opts.Message != nil}
	args.Options.PIN = nil
	defer wipe(args)
	limit := s.h.limits.Call
	if args.Second {
		limit = s.pinLimit(limit)
	}
	reply, err := s.call(ctx, "sign", "Sign", limit, args)
	return reply.Signature, err
}

func (s *remote) PutCertificate(ctx context.Context, id []byte, label string, der []byte) error {
	_, err := s.call(ctx, "write certificate", "PutCertificate", s.h.limits.Write, &wireCall{ID: id, Label: label, DER: der})
	return err
}

func (s *remote) DestroyPair(ctx context.Context, key Key) error {
	_, err := s.call(ctx, "delete key", "DestroyPair", s.h.limits.Write, &wireCall{Key: key})
	return err
}

// Close tells the child, if it is still the same one; a dead child has nothing to close.
func (s *remote) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	return s.h.forget(s)
}

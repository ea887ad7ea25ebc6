package tokentest

import (
	"context"
	"errors"
	"slices"

	"rekey/token"
)

type fakeFault struct {
	op   string
	left int
	act  func() error
}

// FailAt makes the n-th call from now (1: the next one) of this method fail with err, before it does
// anything. An empty method counts every call. Methods are named as in the interfaces: "Sign", "Login" …
func (f *Fake) FailAt(method string, n int, err error) {
	f.DoAt(method, n, func() error { return err })
}

// RemoveAt pulls the card out just before the n-th call from now.
func (f *Fake) RemoveAt(method string, n int, serial string) {
	f.DoAt(method, n, func() error { f.remove(serial); return nil })
}

// DoAt runs act in the n-th call from now, before the call does anything; the call fails when act gives an error. The
// fake is locked meanwhile: act must not call it.
func (f *Fake) DoAt(method string, n int, act func() error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &fakeFault{op: method, left: n, act: act})
}

// Counts gives what has reached the fake so far.
func (f *Fake) Counts() Counts {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts
}

// enter counts a call and runs the faults that are due. It keeps the fake locked when it gives nil.
func (f *Fake) enter(ctx context.Context, method string) error {
	f.mu.Lock()
	err := ctx.Err()
	if err == nil && f.closed {
		err = errors.New("the module is closed")
	}
	if err != nil {
		f.mu.Unlock()
		return fail(method, token.KindNotAllowed, err.Error())
	}
	f.counts.Calls++
	for _, fault := range slices.Clone(f.faults) {
		if fault.op != "" && fault.op != method {
			continue
		}
		if fault.left--; fault.left == 0 {
			f.faults = slices.DeleteFunc(f.faults, func(x *fakeFault) bool { return x == fault })
			if err := fault.act(); err != nil {
				f.mu.Unlock()
				return err
			}
		}
	}
	return nil
}

func fail(op string, kind token.Kind, why string) error {
	return &token.Error{Op: op, Kind: kind, Err: errors.New(why)}
}

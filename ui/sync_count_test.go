package ui

import (
	"testing"

	"rekey/app"
)

// A long exchange with the office says how much of it is done.
func TestExchangeIsCounted(t *testing.T) {
	waiting := []app.Unsent{{Kind: "case", Since: fakeNow}, {Kind: "case", Since: fakeNow}, {Kind: "photo", Since: fakeNow}, {Kind: "photo", Since: fakeNow}}
	d := &officeDesk{fakeDesk: newFake(t), box: app.Outbox{Configured: true, Waiting: 4, Items: waiting}}
	s := open(t, d, "en", "light")
	s.Go(pageCases)
	s.rest()
	s.stopSync, s.unsentOf, s.unsentLeft = func() {}, 4, 4
	s.sentSoFar(1)
	s.says("3 of 4")
	s.stopSync = nil
	s.sentSoFar(0)
	if s.unsentLeft != 1 {
		t.Error("counted after the end")
	}
}

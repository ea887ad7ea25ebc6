package ui

import (
	"context"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/app"
	"rekey/token"
)

// ChangePIN checks the present PIN as a card does, and keeps the slices to see that they are wiped.
func (d *fakeDesk) ChangePIN(ctx context.Context, serial string, ask func(context.Context, token.Card) ([]byte, []byte, error)) error {
	var card token.Card
	for _, r := range d.readers {
		if r.Card != nil && r.Card.Serial == serial {
			card = *r.Card
		}
	}
	card.PIN.CountLow, card.PIN.FinalTry = card.PIN.CountLow || d.tries < 3, d.tries == 1
	old, fresh, err := ask(ctx, card)
	defer clear(old)
	defer clear(fresh)
	d.given = append(d.given, old, fresh)
	switch {
	case err != nil:
		return &app.Error{Op: "change PIN", Kind: app.PINCancelled, Err: err}
	case card.PIN.Pad:
		return nil
	}
	d.pins = append(d.pins, string(old)+" "+string(fresh))
	if string(old) != d.right {
		d.tries--
		return &token.PINError{TriesLeft: d.tries, Final: d.tries == 1, Locked: d.tries == 0}
	}
	d.right, d.tries = string(fresh), 3
	return nil
}

func typePINs(s *stage, old, fresh, again string) {
	s.t.Helper()
	s.write("newpin.old", old)
	s.write("newpin.new", fresh)
	s.write("newpin.again", again)
	s.focus("newpin.again")
	s.key(fyne.KeyReturn)
}

func TestPINIsChanged(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.tap("nav.cards")
	s.picture("80-cards-pin-en")
	s.tap("card.5f3a1c9e.pin")
	s.onPage(pageNewPIN)
	s.picture("81-pin-change-en")
	for _, x := range [][3]string{{"", "1357", "1357"}, {"246810", "12", "12"}, {"246810", "1357", "1375"}, {"246810", "246810", "246810"}} {
		typePINs(s, x[0], x[1], x[2])
		s.onPage(pageNewPIN)
		if len(d.pins) != 0 || s.newPIN.wrong == "" && s.newPIN.wrongNew == "" {
			t.Errorf("%v: reached the card %v", x, d.pins)
		}
	}
	s.picture("82-pin-change-same-en")
	typePINs(s, "111111", "135790", "135790")
	s.picture("83-pin-change-wrong-en")
	if s.newPIN.wrong == "" || len(d.pins) != 1 || s.newPIN.old.Len()+s.newPIN.fresh.Len()+s.newPIN.again.Len() != 0 {
		t.Errorf("after a wrong PIN: %q, %v", s.newPIN.wrong, d.pins)
	}
	typePINs(s, "222222", "135790", "135790")
	if s.find("newpin.ok").Enabled() || len(d.pins) != 2 {
		t.Error("the last try goes without a confirmation")
	}
	s.picture("84-pin-change-last-en")
	s.tap("newpin.final")
	typePINs(s, "246810", "135790", "135790")
	s.onPage("cards")
	s.picture("85-pin-changed-en")
	if d.right != "135790" || len(d.pins) != 3 || s.note == nil {
		t.Errorf("PIN %q, %v", d.right, d.pins)
	}
	for _, pin := range d.given {
		if slices.ContainsFunc(pin, func(b byte) bool { return b != 0 }) {
			t.Error("a PIN was not wiped")
		}
	}
}

// TestLastTryIsAskedFor: the card was at its last try already, which only the Desk's question tells.
func TestLastTryIsAskedFor(t *testing.T) {
	d := newFake(t)
	d.tries = 1
	s := open(t, d, "en", "light")
	s.tap("nav.cards")
	s.tap("card.5f3a1c9e.pin")
	typePINs(s, "246810", "135790", "135790")
	s.onPage(pageNewPIN)
	if len(d.pins) != 0 || !s.has("newpin.final") || s.find("newpin.ok").Enabled() {
		t.Errorf("the last try was used without a question: %v", d.pins)
	}
}

func TestPINLeavesNothing(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.tap("nav.cards")
	s.tap("card.5f3a1c9e.pin")
	s.write("newpin.old", "246810")
	old := s.newPIN.old
	s.key(fyne.KeyEscape)
	s.onPage("cards")
	if old.Len() != 0 || s.newPIN != nil {
		t.Error("the PIN stays when the page is left")
	}
	d.readers[0].Card.PIN.Pad = true
	s.reload()
	s.rest()
	s.tap("card.5f3a1c9e.pin")
	if s.has("newpin.old") {
		t.Error("a PIN is asked for in the window though the reader has keys")
	}
	s.picture("86-pin-change-pad-en")
	s.key(fyne.KeyReturn)
	s.onPage("cards")
	if len(d.pins) != 0 || len(d.given) != 2 || d.given[0] != nil {
		t.Errorf("given %v", d.given)
	}
}

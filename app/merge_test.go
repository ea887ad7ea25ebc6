package app_test

import (
	"testing"

	"rekey/cmd/rekey-demo/stage"
	"rekey/token"
	"rekey/token/tokentest"
)

// Two modules show the same card under serial numbers of their own: the holder sees one certificate.
func TestACardThatTwoModulesShowIsOne(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	view, err := d.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other := tokentest.NewFake("/fake/other.so")
	other.AddCard("The same reader by another name", "0xCARD-1", d.person.CardLabel, d.person.PIN)
	other.AddCertificate("0xCARD-1", token.Certificate{ID: []byte{1}, Label: "first", DER: view.Entries[0].DER})
	d.cards = token.NewSet([]string{d.fake.Path(), other.Path()}, func(path string) token.Module {
		if path == other.Path() {
			return other
		}
		return stays{d.fake}
	})
	d.open()
	if view, err = d.Look(t.Context()); err != nil || len(view.Entries) != 1 || view.Entries[0].CardSerial != serial || len(view.Holders) != 1 {
		t.Errorf("%v: %d certificates of %d holders", err, len(view.Entries), len(view.Holders))
	}
}

package token_test

import (
	"reflect"
	"testing"

	"rekey/token"
)

func TestChanges(t *testing.T) {
	a, b := token.Card{Serial: "A"}, token.Card{Serial: "B"}
	low := a
	low.PIN.CountLow = true
	reader := func(name string, c *token.Card) token.Reader {
		return token.Reader{Module: "/m.so", Name: name, Card: c}
	}
	mute := token.Reader{Module: "/m.so", Name: "R", Fault: "no answer"}
	type readers = []token.Reader
	for name, test := range map[string]struct {
		before, now readers
		want        []token.Change
	}{
		"nothing":         {readers{reader("R", &a)}, readers{reader("R", &a)}, nil},
		"reader comes":    {nil, readers{reader("R", nil)}, []token.Change{{token.ReaderCome, "R", nil}}},
		"with a card":     {nil, readers{reader("R", &a)}, []token.Change{{token.ReaderCome, "R", nil}, {token.CardIn, "R", &a}}},
		"reader goes":     {readers{reader("R", &a)}, nil, []token.Change{{token.CardOut, "R", &a}, {token.ReaderGone, "R", nil}}},
		"card in":         {readers{reader("R", nil)}, readers{reader("R", &a)}, []token.Change{{token.CardIn, "R", &a}}},
		"card out":        {readers{reader("R", &a)}, readers{reader("R", nil)}, []token.Change{{token.CardOut, "R", &a}}},
		"exchanged":       {readers{reader("R", &a)}, readers{reader("R", &b)}, []token.Change{{token.CardOut, "R", &a}, {token.CardIn, "R", &b}}},
		"wrong PIN":       {readers{reader("R", &a)}, readers{reader("R", &low)}, []token.Change{{token.CardChanged, "R", &low}}},
		"mute":            {readers{reader("R", nil)}, readers{mute}, []token.Change{{token.CardUnreadable, "R", nil}}},
		"mute out":        {readers{mute}, readers{reader("R", nil)}, []token.Change{{token.CardOut, "R", nil}}},
		"mute recovers":   {readers{mute}, readers{reader("R", &a)}, []token.Change{{token.CardIn, "R", &a}}},
		"two of one name": {readers{reader("R", &a)}, readers{reader("R", &a), reader("R", &b)}, []token.Change{{token.ReaderCome, "R", nil}, {token.CardIn, "R", &b}}},
	} {
		got := token.Changes(token.Snapshot{Readers: test.before}, token.Snapshot{Readers: test.now})
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	// A crash of the module is not a card that was pulled.
	whole := token.Snapshot{Modules: []token.ModuleState{{Path: "/m.so"}}, Readers: readers{reader("R", &a)}}
	broken := token.Snapshot{Modules: []token.ModuleState{{Path: "/m.so", Kind: token.KindModuleCrash}}}
	if got := append(token.Changes(whole, broken), token.Changes(broken, whole)...); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

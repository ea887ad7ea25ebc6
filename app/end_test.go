package app_test

import (
	"testing"

	"rekey/cmd/rekey-demo/stage"
)

// The end of a signature is known while its card is away, with whether a case is open, and is forgotten with its holder.
func TestEndsAreKnownWithoutTheCard(t *testing.T) {
	d := newDesk(t, stage.Doctor(), 20, "")
	view, err := d.Look(t.Context())
	if err != nil || len(view.Holders) != 1 {
		t.Fatalf("%+v, %v", view.Holders, err)
	}
	h := view.Holders[0]
	d.fake.Remove(serial)
	if view, err = d.Look(t.Context()); err != nil || len(view.Holders) != 0 {
		t.Fatalf("the card is still there: %+v, %v", view.Holders, err)
	}
	all, err := d.Ends()
	if err != nil || len(all) != 1 || all[0].HolderKey != h.Key || all[0].Holder != h.Name || !all[0].NotAfter.Equal(h.Current.NotAfter) || all[0].Open {
		t.Fatalf("%+v, %v", all, err)
	}
	d.fake.Insert(serial)
	d.begin()
	if all, err = d.Ends(); err != nil || len(all) != 1 || !all[0].Open {
		t.Errorf("with an open case: %+v, %v", all, err)
	}
	if people, err := d.People("ornek"); err != nil || len(people) != 1 {
		t.Errorf("%+v, %v", people, err)
	}
	if _, err := d.Erase(h.Key); err != nil {
		t.Fatal(err)
	}
	if all, err = d.Ends(); err != nil || len(all) != 0 {
		t.Errorf("erased: %+v, %v", all, err)
	}
}

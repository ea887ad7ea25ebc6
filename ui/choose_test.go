package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/app/register"
)

// TestChooseSaysWhy: every certificate is in the list; those that cannot be chosen say why and cannot be pressed.
func TestChooseSaysWhy(t *testing.T) {
	d := newFake(t)
	fresh := head(true)
	d.entries = append(d.entries, fresh)
	for i, change := range []func(*register.Entry){
		func(e *register.Entry) { e.Purpose = register.PurposeEncryption },
		func(e *register.Entry) { e.NotAfter = fakeNow.AddDate(-1, 0, 0) },
		func(e *register.Entry) { e.NotBefore = fakeNow.AddDate(0, 1, 0) },
		func(e *register.Entry) { e.KeyOnCard = register.KeyNo },
		func(e *register.Entry) { e.Problem, e.HolderName, e.IssuerName = "asn1: bad", "", "" },
	} {
		e := head(false)
		e.State, e.Fingerprint = register.StateOther, string(rune('0'+i))+e.Fingerprint[1:]
		change(&e)
		d.entries = append(d.entries, e)
	}
	s := open(t, d, "ru", "light")
	s.tapChoice("home.holder", register.HolderKey(head(false).Certificate))
	s.tap("home.select")
	s.picture("29-select-all-ru")
	want := []string{"choose." + short(fresh.Fingerprint), "choose." + short(head(false).Fingerprint), "choose.cancel"}
	got := slices.DeleteFunc(s.ids(), func(id string) bool { return strings.HasPrefix(id, "choose.details.") })
	if n := len(s.ids()) - len(got); n != len(d.entries) {
		t.Errorf("%d of %d can be looked at", n, len(d.entries))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("to be pressed: %v, want %v", got, want)
	}
	h := s.shownHolder()
	seen := map[string]bool{}
	for _, e := range d.entries {
		seen[s.unfit(e, h)] = true
	}
	if len(seen) != 7 { // fit, other holder, and the five
		t.Errorf("reasons: %v", seen)
	}
	s.tap("choose." + short(fresh.Fingerprint))
	s.onPage("job.pin")
	s.write("pin.entry", d.right)
	s.key(fyne.KeyReturn)
	s.onPage("job.done")
	if d.chosen != fresh.Fingerprint {
		t.Errorf("chosen %q", d.chosen)
	}
}

package app_test

import (
	"strings"
	"testing"

	"rekey/app"
	"rekey/app/cases"
	"rekey/cmd/rekey-demo/stage"
	"rekey/token"
)

// One story for each way a PIN can go wrong. Nothing is lost, and no PIN is tried twice by itself.
func TestPIN(t *testing.T) {
	right := stage.Head().PIN
	for _, story := range []struct {
		name   string
		pins   []string
		want   []app.Kind // of each run
		logins int        // PINs that reached the card
		change func(*token.Card)
	}{
		{"right", []string{right}, []app.Kind{""}, 1, nil},
		{"wrong, then right", []string{"000000", right}, []app.Kind{app.PINWrong, ""}, 2, nil},
		{"wrong twice: the last try is said", []string{"000000", "000001", right}, []app.Kind{app.PINWrong, app.PINFinal, ""}, 3, nil},
		{"locked", []string{"000000", "000001", "000002", right}, []app.Kind{app.PINWrong, app.PINFinal, app.PINLocked, app.PINLocked}, 3, nil},
		{"empty never reaches the card", []string{"", right}, []app.Kind{app.PINLength, ""}, 1, nil},
		{"too short", []string{"1", right}, []app.Kind{app.PINLength, ""}, 1, nil},
		{"too long", []string{strings.Repeat("1", 65), right}, []app.Kind{app.PINLength, ""}, 1, nil},
		{"given up", []string{"-", right}, []app.Kind{app.PINCancelled, ""}, 1, nil},
		{"PIN pad", []string{""}, []app.Kind{""}, 1, func(c *token.Card) { c.PIN.Pad = true }},
		{"locked before", nil, []app.Kind{app.PINLocked}, 0, func(c *token.Card) { c.PIN.Locked = true }},
	} {
		t.Run(story.name, func(t *testing.T) {
			d := newDesk(t, stage.Head(), 40, "")
			if story.change != nil {
				d.fake.Change(serial, story.change)
			}
			c := d.begin()
			d.pins = story.pins
			for i, want := range story.want {
				before, asked := d.stored(c.ID), d.asked
				c = d.run(c.ID, want)
				if d.asked > asked+1 {
					t.Errorf("run %d asked %d times", i+1, d.asked-asked)
				}
				if want != "" && asJSON(t, d.stored(c.ID)) != asJSON(t, before) {
					t.Errorf("run %d changed the case", i+1)
				}
			}
			if n := d.fake.Counts(); n.Logins != story.logins {
				t.Errorf("%d PINs reached the card, want %d", n.Logins, story.logins)
			}
			if last := story.want[len(story.want)-1]; last == "" && (d.fake.Counts().Generates != 1 || len(c.SPKI) == 0) {
				t.Errorf("no key in the end: %+v", d.fake.Counts())
			}
			d.rebuilds(c.ID)
		})
	}
}

func TestNobodyThereToGiveThePIN(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	c := d.begin()
	_, err := d.Run(t.Context(), c.ID, app.Ask{})
	wantKind(t, err, app.PINCancelled)
	if n := d.fake.Counts().Logins; n != 0 {
		t.Errorf("%d PINs reached the card", n)
	}
}

func TestCardsThatCannot(t *testing.T) {
	for _, story := range []struct {
		name   string
		change func(*desk)
		want   app.Kind
	}{
		{"makes no keys", func(d *desk) { d.fake.NoGenerate(serial) }, app.Unsupported},
		{"write-protected", func(d *desk) { d.fake.ReadOnly(serial) }, app.CardError},
		{"gone", func(d *desk) { d.fake.Remove(serial) }, app.NoCard},
		{"module dies", func(d *desk) { d.fake.FailAt("Generate", 1, &token.Error{Op: "Generate", Kind: token.KindModuleCrash}) }, app.ModuleError},
		{"module hangs", func(d *desk) { d.fake.FailAt("Login", 1, &token.Error{Op: "Login", Kind: token.KindModuleHang}) }, app.ModuleError},
	} {
		d := newDesk(t, stage.Head(), 40, "")
		c := d.begin()
		story.change(d)
		if c = d.run(c.ID, story.want); state(c, "make-key") != cases.Pending {
			t.Errorf("%s: %s", story.name, asJSON(t, c.Steps))
		}
	}
}

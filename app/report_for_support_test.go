package app_test

import (
	"encoding/json"
	"strings"
	"testing"

	"rekey/app/report"
	"rekey/cmd/rekey-demo/stage"
)

// A whole run, with a card that holds a certificate with known strings: nothing of them is in the report.
func TestTheReportForSupportIsNotPersonal(t *testing.T) {
	for _, p := range []stage.Person{stage.Doctor(), stage.Head()} {
		d := newDesk(t, p, 23, "")
		view, err := d.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(view.Entries) != 1 || view.Entries[0].HolderName == "" {
			t.Fatalf("%d certificates", len(view.Entries))
		}
		r := d.Diagnose(view)
		if !r.Found || r.FirstFailing != "" || len(r.Certificates) != 1 || r.Program.Go == "" {
			t.Errorf("%+v", r)
		}
		out, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		secrets := []string{serial, p.CardLabel, p.PIN, d.fingerprint, view.Entries[0].Certificate.Serial}
		for _, a := range view.Entries[0].Subject {
			if len(a.Value) > 2 { // not the country
				secrets = append(secrets, a.Value)
			}
		}
		for _, text := range []string{report.Text(r), string(out)} {
			for _, secret := range secrets {
				if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
					t.Errorf("%q is in the report:\n%s", secret, text)
				}
			}
			if !strings.Contains(text, "…0001") || !strings.Contains(text, "/fake/module.so") {
				t.Errorf("the report does not tell the card or the module:\n%s", text)
			}
		}
		d.fake.Remove(serial)
		if view, err = d.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		layer, kind := report.LayerCard, "no-card"
		if !view.Snapshot.Service { // where pcscd does not run, that comes first
			layer, kind = report.LayerService, "service"
		}
		if r := d.Diagnose(view); r.Found || r.FirstFailing != layer || r.First().Kind != kind {
			t.Errorf("without a card: %+v", r)
		}
		text, err := d.SupportReport()
		for _, secret := range secrets {
			if err != nil || strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				t.Errorf("%v: %q is in the text for support", err, secret)
			}
		}
		if !strings.Contains(text, "Store: key in a file") || !strings.Contains(text, "Outbox: central API set: false") {
			t.Errorf("the text for support lacks store or outbox:\n%s", text)
		}
	}
}

package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"rekey/app/procedure"
	"rekey/token"
)

// fillTurkish fills in what the certificate of the doctor does not tell.
func fillTurkish(s *stage) {
	s.tapChoice("field.holder_kind", "family-physician")
	for id, text := range map[string]string{"given_name": "Ayşe Gül", "surname": "ÇAĞLAR", "birth_place": "Adana", "birth_date": "02.03.1980",
		"institution": "1 Nolu Aile Sağlığı Merkezi", "email": "ayse.caglar@example.org", "phone": "+90 555 000 00 00", "address": "Örnek Mah. 1. Sok. No 1, Seyhan / Adana"} {
		s.write("field."+id, text)
	}
}

func (s *stage) tapChoice(id, value string) {
	s.t.Helper()
	s.tap(id)
	s.tap(id + "." + value)
}

func TestDoctorRenews(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "tr", "light")
	s.picture("01-home-tr")
	s.tap("home.renew")
	s.onPage("wizard.1")
	s.picture("02-wizard-start-tr")
	s.tap("wizard.next")
	s.onPage("wizard.2")
	s.tap("wizard.next") // nothing is filled in: the wizard stays and the errors stand beside the fields
	s.onPage("wizard.2")
	if got := s.wizard.fields["email"].Said(); got != "Lütfen doldurun." {
		t.Errorf("beside e-mail: %q", got)
	}
	s.picture("03-wizard-errors-tr")
	fillTurkish(s)
	if got := s.wizard.fields["email"].Said(); got != "" {
		t.Errorf("beside e-mail: %q", got)
	}
	s.picture("04-wizard-details-tr")
	s.tap("wizard.next")
	s.onPage("wizard.3")
	s.picture("05-wizard-route-tr")
	s.tap("wizard.back")
	if got := s.find("field.institution").Caption(); got != "1 Nolu Aile Sağlığı Merkezi" {
		t.Errorf("going back lost a word: %q", got)
	}
	s.tap("wizard.next")
	s.tap("route.paper")
	s.tap("route.e-signed")
	s.key(fyne.KeyTab)
	s.tap("wizard.next")
	s.onPage("wizard.4")
	s.picture("06-wizard-check-tr")
	if len(s.wizard.pictures) != 2 {
		t.Errorf("%d pages of the form are shown, want 2 (pdftoppm draws them)", len(s.wizard.pictures))
	}
	s.scrollTo(560)
	s.picture("06-wizard-check-form-tr")
	s.tap("wizard.preview")
	if len(s.opened) != 1 {
		t.Errorf("preview opened %v", s.opened)
	}
	s.tap("wizard.next")
	s.onPage("job.pin")
	s.picture("07-pin-tr")

	s.write("pin.entry", "1111")
	s.key(fyne.KeyReturn)
	s.onPage("job.pin")
	if s.job.pin.wrong == "" || len(d.pins) != 1 {
		t.Fatalf("after a wrong PIN: %q, asked %d times", s.job.pin.wrong, len(d.pins))
	}
	s.picture("08-pin-wrong-tr")
	s.write("pin.entry", "2222")
	s.tap("pin.ok")
	if len(d.pins) != 2 || !s.job.pin.q.Card.PIN.FinalTry {
		t.Fatalf("second wrong PIN: %v", d.pins)
	}
	s.picture("09-pin-final-tr")
	if s.find("pin.ok").Enabled() {
		t.Error("the last try goes without a confirmation")
	}
	s.tap("pin.final")
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	s.onPage("job.done")
	s.picture("10-done-tr")
	if _, open := d.OpenDraft(); open {
		t.Error("the draft is still there")
	}
	s.tap("job.home")
	s.picture("11-home-waiting-tr")
	s.tap("nav.cases")
	s.picture("12-cases-tr")
	s.tap("case." + d.kept[0].ID)
	s.onPage("case")
	s.picture("13-case-tr")
	s.tap("step.pay.done")
	if c, _ := d.Case(d.kept[0].ID); c.Has(procedure.Pay) {
		t.Error("the payment is still open")
	}
	s.tap("nav.documents")
	s.picture("14-documents-tr")
	s.tap("document.open")
	s.tap("document.print")
	if len(s.opened) != 2 || len(s.printed) != 1 || s.printed[0] != "application.pdf ×2" {
		t.Errorf("opened %v, printed %v", s.opened, s.printed)
	}
}

func TestHeadMakesKeyAndChooses(t *testing.T) {
	d := newFake(t)
	d.entries, d.readers = d.entries[1:], d.readers[1:]
	d.office = true
	s := open(t, d, "ru", "light")
	s.picture("20-home-ru")
	s.tap("home.renew")
	s.tap("wizard.next")
	for _, f := range s.wizard.proc.Fields {
		if s.has("field." + f.ID) {
			s.write("field."+f.ID, map[bool]string{true: "glavvrach@example.org", false: "Пример"}[f.Check == "email"])
		}
	}
	s.picture("21-wizard-details-ru")
	s.tap("wizard.next")
	s.onPage("wizard.3")
	s.picture("22-wizard-route-ru")
	s.tap("wizard.next")
	s.picture("23-wizard-check-ru")
	s.tap("wizard.next")
	s.onPage("job.pin")
	s.write("pin.entry", d.right)
	s.key(fyne.KeyReturn)
	s.onPage("job.done")
	s.picture("24-done-ru")
	s.tap("job.home")
	s.picture("25-home-issued-ru")
	s.tap("home.install")
	s.onPage("job.pin")
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	s.onPage("job.done")
	s.picture("26-installed-ru")
	s.tap("job.home")
	s.picture("27-home-new-ru")
	s.tap("home.select")
	s.picture("28-select-ru")
	s.key(fyne.KeyEscape)
	s.tap("home.choose")
	s.onPage("job.pin")
	s.picture("29-choose-pin-ru")
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	s.onPage("job.done")
	s.picture("30-chosen-ru")
	s.tap("job.home")
	s.picture("31-home-rest-ru")
	if d.chosen != head(true).Fingerprint {
		t.Errorf("chosen %q", d.chosen)
	}
}

func TestNoCard(t *testing.T) {
	d := newFake(t)
	d.entries = nil
	d.readers = []token.Reader{{Name: "ACS ACR39U", Module: "/usr/lib/softhsm/libsofthsm2.so"}}
	d.findings = append(d.findings, finding("no-card"), finding("module-load"))
	s := open(t, d, "en", "light")
	s.picture("40-no-card-en")
	if !s.has("home.again") {
		t.Error("no way to look again")
	}
	s.tap("nav.cards")
	s.picture("41-cards-empty-en")
}

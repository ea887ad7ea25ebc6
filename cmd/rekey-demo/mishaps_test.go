package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
	"rekey/ui"
	"rekey/ui/look"
)

// A wrong PIN twice, then the right one: the word stands beside the field and the renewal goes on from there.
func TestWrongPINTwice(t *testing.T) {
	s := newScene(t, stage.Head())
	s.open()
	s.must(s.wizard(s.ctx, s.w))
	s.must(s.none(look.RedText, below("pin.entry")))
	for i, wrong := range []string{"975310", "864202"} {
		s.answer(wrong)
		_, err := s.w.wait(s.ctx, "the question once more", func(m ui.Map) bool {
			entry, _ := find(m, "pin.entry")
			return m.Page == "job.pin" && !m.Busy && entry.Focused
		})
		s.must(err)
		s.sees("what is wrong, below the PIN", look.RedText, 10, below("pin.entry"))
		s.must(s.w.picture(fmt.Sprintf("wrong-pin-%d", i+1)))
		s.holds("")
		s.onCard(1, 1)
	}
	s.answer(s.person.PIN)
	s.page("job.done", "done")
	s.holds(central.StateReceived)
	s.onCard(2, 1)
	s.keepsNo("975310", "864202", s.person.PIN)
	s.close()
	s.must(s.collect())
	s.sameFiles(s.holds(central.StateReceived))
	s.must(s.openssl("verify OK", "req", "-verify", "-noout", "-in", s.out+"/request.p10"))
	s.must(says("+78000000000", "pdftotext", "-layout", s.out+"/application.pdf", "-"))
}

// The card is pulled while the PIN is asked for, and falls out when it has just made the key. It goes on where it was once
// the card is back.
func TestCardPulledInTheMiddle(t *testing.T) {
	s := newScene(t, stage.Head())
	s.reader()
	s.open()
	s.must(s.wizard(s.ctx, s.w))
	s.must(s.card.Pull())
	s.withoutCard("at-the-pin")
	s.onCard(1, 1)
	s.must(s.w.clickTo(s.ctx, "job.again", "job.pin"))
	s.must(os.WriteFile(s.card.Reader+".pull", nil, 0o600)) // see testdata/reader.c
	s.withoutCard("at-the-key")
	s.holds("")
	s.onCard(2, 1) // the key is there, and the program has not heard of it
	s.goesOn("with-the-key")
	s.holds(central.StateReceived)
	s.onCard(2, 1)
	s.must(s.decide(s.ctx, "approve", "issue"))
	s.must(s.w.clickTo(s.ctx, "job.home", "home"))
	s.must(s.w.clickTo(s.ctx, "home.install", "job.pin"))
	s.must(s.card.Pull())
	s.withoutCard("at-the-certificate")
	s.goesOn("with-the-certificate")
	s.holds(central.StateIssued)
	s.onCard(2, 2)
	s.close()
	s.must(s.collect())
	s.sameFiles(s.holds(central.StateIssued))
	s.must(s.judgeGOST())
	s.must(s.issuedOnCard())
}

// withoutCard gives the PIN, wants the page to say that the card is away, and puts it back.
func (s *scene) withoutCard(picture string) {
	s.t.Helper()
	s.answer(s.person.PIN)
	s.page("job.failed", "pulled-"+picture)
	s.sees("that the card is away", look.RedSoft, banner, anywhere)
	s.must(s.card.PutBack())
}

// goesOn begins again after a failure, to the end.
func (s *scene) goesOn(picture string) {
	s.t.Helper()
	s.must(s.w.clickTo(s.ctx, "job.again", "job.pin"))
	s.answer(s.person.PIN)
	s.page("job.done", picture)
}

// The office cannot be reached when the case is sent. It waits, and arrives once when the office is there again.
func TestNoNetwork(t *testing.T) {
	s := newScene(t, stage.Head())
	s.open()
	s.must(s.wizard(s.ctx, s.w))
	s.office.Stop()
	s.answer(s.person.PIN)
	s.page("job.done", "waits-in-the-outbox")
	s.sees("that it waits", look.AmberSoft, banner, anywhere)
	s.onCard(2, 1)
	s.must(s.office.Start(s.ctx))
	c := s.arrives()
	s.must(s.w.clickTo(s.ctx, "job.home", "home"))
	time.Sleep(4 * time.Second) // more than one further exchange
	if again := s.holds(central.StateReceived); again.ID != c.ID {
		s.must(fmt.Errorf("case %s became case %s", c.ID, again.ID))
	}
	s.must(s.w.picture("sent"))
	s.onCard(2, 1)
	s.keepsNo(s.person.PIN)
	s.close()
	s.must(s.collect())
	s.sameFiles(s.holds(central.StateReceived))
	s.must(s.openssl("verify OK", "req", "-verify", "-noout", "-in", s.out+"/request.p10"))
	s.must(says("+78000000000", "pdftotext", "-layout", s.out+"/application.pdf", "-"))
}

// The window is closed after the details were typed, and killed while it asks for the PIN.
func TestWindowClosedInTheMiddle(t *testing.T) {
	s := newScene(t, stage.Doctor())
	s.open()
	s.must(steps(
		func() error { return s.w.clickTo(s.ctx, "home.renew", "wizard.1") },
		func() error { return s.w.click(s.ctx, "wizard.reason.renewal") },
		func() error { return s.w.clickTo(s.ctx, "wizard.next", "wizard.2") },
		func() error { return s.fill(s.ctx, s.w) },
		func() error { return s.w.picture("typed") },
	))
	typed := s.fields()
	s.close()
	s.holds("")
	s.noDocuments()

	s.open()
	s.page("wizard.2", "opened-again")
	if again := s.fields(); fmt.Sprint(again) != fmt.Sprint(typed) {
		s.must(fmt.Errorf("typed %v, and after the new start it is %v", typed, again))
	}
	s.must(steps(
		func() error { return s.w.clickTo(s.ctx, "wizard.next", "wizard.3") },
		func() error { return s.w.click(s.ctx, "route."+s.person.Route) },
		func() error { return s.w.clickTo(s.ctx, "wizard.next", "wizard.4") },
		func() error { return s.w.clickTo(s.ctx, "wizard.next", "job.pin") },
	))
	s.w.kill()
	s.holds("")

	s.open()
	s.page("case", "after-the-kill")
	s.must(s.w.clickTo(s.ctx, "case.continue", "job.pin"))
	s.answer(s.person.PIN)
	s.page("job.done", "done")
	s.holds(central.StateReceived)
	s.onCard(1, 1)
	s.close()
	s.must(s.collect())
	s.sameFiles(s.holds(central.StateReceived))
	s.must(says("Signature is Valid", "pdfsig", "-nocert", s.out+"/application-signed.pdf"))
	for _, word := range []string{s.person.Details["institution"], s.person.Details["email"]} {
		s.must(says(word, "pdftotext", "-layout", s.out+"/application.pdf", "-"))
	}
}

// fields is what the page of the details holds, by control.
func (s *scene) fields() map[string]string {
	s.t.Helper()
	m, err := s.w.shown()
	s.must(err)
	out := map[string]string{}
	for _, c := range m.Controls {
		if c.Kind == "entry" || c.Kind == "choice" {
			out[c.ID] = c.Text
		}
	}
	for id, value := range s.person.Details {
		if c, ok := find(m, "field."+id); !ok || c.Kind == "entry" && c.Text != value {
			s.must(fmt.Errorf("field %s holds %q, typed was %q", id, c.Text, value))
		}
	}
	return out
}

// The program starts without a card and says so. The card is put in, twice: the page shows it within three seconds.
func TestCardPutIn(t *testing.T) {
	s := newScene(t, stage.Head())
	s.reader()
	quickest := time.Minute // of two: other tests use the same processor
	for round := range 2 {
		s.must(s.card.Pull())
		if round == 0 {
			s.open()
		}
		_, err := s.w.wait(s.ctx, "what is missing", cardMissing)
		s.must(err)
		s.must(s.w.picture("no-card"))
		s.must(s.card.PutBack())
		began := time.Now()
		_, err = s.w.control(s.ctx, "home.renew")
		s.must(err)
		quickest = min(quickest, time.Since(began))
		s.must(s.w.picture("card"))
	}
	t.Logf("the certificate was shown %d ms after the card was put in", quickest.Milliseconds())
	if quickest > 10*time.Second {
		t.Error("that took longer than 10 s")
	}
	s.onCard(1, 1)
	s.holds("")
	s.noDocuments()
	s.close()
}

// cardMissing: the first page says what is missing and offers nothing that needs a card.
func cardMissing(m ui.Map) bool {
	_, again := find(m, "home.again")
	_, renew := find(m, "home.renew")
	return m.Page == "home" && !m.Busy && again && !renew
}

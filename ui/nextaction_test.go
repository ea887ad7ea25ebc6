package ui

import (
	"slices"
	"strings"
	"testing"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/token"
	"rekey/ui/control"
	"rekey/ui/i18n"
)

// issuedOnPaper is a head's case whose certificate was issued while the paper still waits for a signature.
func issuedOnPaper(d *fakeDesk) cases.Case {
	c := cases.Case{ID: "paper", Procedure: "ru-vipnet-tfoms", Reason: "renewal", Route: "transport", Holder: head(false).HolderName, CardSerial: head(false).CardSerial,
		HolderKey: "x", Office: "issued", Events: 9, CreatedAt: d.now}
	for _, x := range [][3]string{{"holder", procedure.Form, "done"}, {"holder", procedure.Send, "done"}, {"head", procedure.SignPaper, "pending"},
		{"office", procedure.Approve, "done"}, {"authority", procedure.Issue, "done"}, {"holder", procedure.Install, "pending"}, {"holder", procedure.Choose, "pending"}} {
		c.Steps = append(c.Steps, cases.Step{ID: x[1], Who: x[0], What: x[1], State: cases.StepState(x[2]), At: d.now})
	}
	return c
}

// What Rekey can do now is the next step everywhere; paper that waits beside it is open, and not the next.
func TestOneNextStep(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	c := issuedOnPaper(d)
	now := func(steps []control.Step) (texts []string, next string) {
		for _, x := range steps {
			if texts = append(texts, x.Text); x.State == control.StepNow {
				next = x.Text
			}
		}
		return texts, next
	}
	paper, install, choose := s.T("step.sign-paper"), s.T("step.install"), s.T("step.choose")
	texts, next := now(s.shortSteps(c))
	if want := []string{paper, install, choose}; !slices.Equal(texts, want) || next != install {
		t.Errorf("the panel lists %q, next %q", texts, next)
	}
	if _, next := now(s.stepList(c, nil)); next != install || !strings.Contains(s.caseSentence(c), install) {
		t.Errorf("the case: next %q, %q", next, s.caseSentence(c))
	}
	c.Steps[5].State, c.New = cases.Done, "new"
	if texts, next = now(s.shortSteps(c)); next != choose || !slices.Contains(texts, paper) {
		t.Errorf("installed: %q, next %q", texts, next)
	}
	c.Steps[6].State = cases.Done
	if texts, next = now(s.shortSteps(c)); next != paper {
		t.Errorf("chosen: %q, next %q", texts, next)
	}
	c.Steps[2].State = cases.Done
	if next := nextStep(c); next != nil || len(s.shortSteps(c)) != 0 {
		t.Errorf("all done: next %+v", next)
	}
	early := cases.Case{Steps: []cases.Step{{ID: "a", What: procedure.Form, State: cases.Done}, {ID: "b", What: procedure.Send, State: cases.Done},
		{ID: "c", What: procedure.Approve, State: cases.Pending}, {ID: "d", What: procedure.Receive, State: cases.Pending}}}
	if texts, next = now(s.shortSteps(early)); !slices.Equal(texts, []string{s.T("done.send"), s.T("step.approve"), s.T("step.receive")}) || next != s.T("step.approve") {
		t.Errorf("sent: %q, next %q", texts, next)
	}
}

// The pill of the panel "New certificate" speaks of the certificate or names the application: an adjective alone would agree with the wrong one.
func TestNewPanelSpeaksOfTheCertificate(t *testing.T) {
	for _, lang := range i18n.Languages {
		s := open(t, newFake(t), lang, "light")
		h := *s.shownHolder()
		c := issuedOnPaper(newFake(t))
		h.Case, c.Office = &c, ""
		c.Steps[1].State = cases.Pending
		s.view.Holders = []app.Holder{h}
		s.show()
		s.says(s.T("new.office.none"))
		if pill, _, _ := s.officePill(c); pill != s.T("office.none") {
			t.Errorf("%s: the case's own pill is %q", lang, pill)
		}
	}
}

// With a draft and trouble with the card, one thing comes first.
func TestOneMainButton(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	s.tap("nav.home")
	one := func(want string) {
		t.Helper()
		h := s.shownHolder()
		if first := s.draftFirst(h); s.primary != want || first != (want == "draft.continue") {
			t.Errorf("Return presses %s, the draft first: %v; want %s", s.primary, first, want)
		}
	}
	one("draft.continue")
	d.entries, d.readers = nil, nil
	d.findings = []app.Finding{{Layer: "reader", Kind: "no-reader"}}
	s.reload()
	s.rest()
	one("draft.continue")
	d.drafts = map[string]app.Draft{}
	s.reload()
	s.rest()
	one("home.again")
}

// Without the system's service that is the one thing said, in this system's words; else the layers come from the ground up.
func TestFirstFailingLayerFirst(t *testing.T) {
	d := newFake(t)
	d.entries, d.readers = nil, nil
	d.findings = []app.Finding{{Layer: "reader", Kind: "no-reader"}, {Layer: "load", Kind: "module-load", Module: "/opt/vendor/libcard.so"}}
	s := open(t, d, "en", "light")
	text := s.texts()
	if load, reader := strings.Index(text, s.T("finding.module-load.what")), strings.Index(text, s.T("finding.no-reader.what")); load < 0 || reader < load {
		t.Errorf("load at %d, reader at %d", load, reader)
	}
	s.says("libcard.so", s.T("side.finding.no-reader"))
	d.findings = append(d.findings, app.Finding{Layer: "service", Kind: "service"})
	s.reload()
	s.rest()
	for system, others := range map[string][]string{"linux": {"SCardSvr", "Windows", "Linux"}, "windows": {"pcscd", "Windows", "Linux"}, "darwin": {"pcscd", "SCardSvr"}} {
		s.system = system
		s.Go(pageHome)
		s.rest()
		s.says(s.T("finding.service.what"), s.known("finding.service.do.", system, s.T("finding.service.do")), s.T("side.finding.service"))
		for _, other := range append(others, s.T("finding.module-load.what"), s.T("page.cards")+"”") {
			if strings.Contains(s.texts(), other) {
				t.Errorf("on %s it says %q", system, other)
			}
		}
	}
}

// A card that is not set up is a card: the foot says what the page says.
func TestFootKnowsTheBlankCard(t *testing.T) {
	for _, lang := range i18n.Languages {
		d := newFake(t)
		d.entries, d.readers = nil, []token.Reader{{Name: "Reader", Card: &token.Card{Blank: true}}}
		d.findings = []app.Finding{{Layer: "card", Kind: "blank-card", Reader: "Reader"}}
		s := open(t, d, lang, "light")
		s.says(s.T("side.finding.blank-card"))
		if strings.Contains(s.texts(), s.T("side.no-card")) {
			t.Errorf("%s: %q", lang, s.T("side.no-card"))
		}
	}
}

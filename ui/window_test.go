package ui

import (
	"testing"

	"rekey/app"
)

func finding(kind string) app.Finding { return app.Finding{Kind: kind} }

func TestLanguageSwitch(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	for _, lang := range []string{"tr", "ru", "vi", "fa", "en"} {
		s.tapChoice("language", lang)
		if s.lang != lang || d.Setting(SettingLanguage) != lang {
			t.Errorf("language %s, kept %s, want %s", s.lang, d.Setting(SettingLanguage), lang)
		}
		s.picture("50-home-" + lang)
	}
}

func TestPages(t *testing.T) {
	for _, mode := range []string{"light", "dark"} {
		s := open(t, newFake(t), "en", mode)
		for _, p := range sidePages {
			s.tap("nav." + p.page)
			s.picture("60-" + p.page + "-" + mode)
		}
	}
}

func TestAltDigits(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	s.shortcut(4)
	s.onPage("cards")
}

func TestDraftGoesOn(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	s.tap("home.renew")
	s.tap("wizard.next")
	s.write("field.institution", "Family health centre 1")
	s.stop()

	again := open(t, d, "en", "light")
	again.picture("70-home-draft-en")
	again.tap("draft.continue")
	again.onPage("wizard.2")
	if got := again.find("field.institution").Caption(); got != "Family health centre 1" {
		t.Errorf("lost a word: %q", got)
	}
	again.tap("nav.home")
	again.tap("draft.drop")
	again.picture("71-drop-en")
	again.tap("drop.drop")
	if _, open := d.OpenDraft(); open {
		t.Error("the draft is still there")
	}
}

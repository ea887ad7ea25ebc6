package ui

import (
	"testing"

	"rekey/ui/i18n"
	"rekey/ui/look"
)

// BenchmarkTexts is the reading of all texts, which happens before the first frame.
func BenchmarkTexts(b *testing.B) {
	for b.Loop() {
		if _, err := i18n.Load(assets()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkShow is one drawing of the start page.
func BenchmarkShow(b *testing.B) {
	s := open(b, newFake(b), "tr", "light")
	for b.Loop() {
		s.show()
	}
}

// BenchmarkSpeak is one change of the look.
func BenchmarkSpeak(b *testing.B) {
	for b.Loop() {
		look.New(assets(), look.Light, false, 1)
	}
}

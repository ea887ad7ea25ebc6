package form

import "testing"

// BenchmarkApplicationForm renders the Turkish form in two copies; the issue allows 20 ms.
func BenchmarkApplicationForm(b *testing.B) {
	in := turkish(b, testFonts(b))
	for b.Loop() {
		if _, err := Render(in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRussianForm has the monospaced face too.
func BenchmarkRussianForm(b *testing.B) {
	in := russian(b, testFonts(b))
	for b.Loop() {
		if _, err := Render(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoadFonts(b *testing.B) {
	for b.Loop() {
		testFonts(b)
	}
}

package form

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// BenchmarkApplicationForm renders the Turkish form in two copies; the issue allows 20 ms.
func BenchmarkApplicationForm(b *testing.B) { benchmark(b, turkish(b, testFonts(b))) }

// BenchmarkRussianForm has the monospaced face too.
func BenchmarkRussianForm(b *testing.B) { benchmark(b, russian(b, testFonts(b))) }

// BenchmarkPersianForm joins letters, in two copies.
func BenchmarkPersianForm(b *testing.B) {
	in := persianForm(b, testFonts(b), "referral")
	in.Copies = 2
	benchmark(b, in)
}

// BenchmarkSixtyRows is the longest list, in two copies.
func BenchmarkSixtyRows(b *testing.B) {
	in := vietnamese(b, testFonts(b), "01", 60)
	in.Copies = 2
	benchmark(b, in)
}

func benchmark(b *testing.B, in Input) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Render(in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkThousandForms renders a thousand different forms of two copies and keeps none, whatever -benchtime says. It
// fails when one takes more than 20 ms, or the heap more than 200 MB.
func BenchmarkThousandForms(b *testing.B) {
	in := turkish(b, testFonts(b))
	var memory runtime.MemStats
	var peak uint64
	start := time.Now()
	for i := range 1000 {
		in.Case = fmt.Sprintf("2026-%06d", i)
		if _, err := Render(in); err != nil {
			b.Fatal(err)
		}
		if i%20 == 0 {
			runtime.ReadMemStats(&memory)
			peak = max(peak, memory.HeapInuse)
		}
	}
	each := float64(time.Since(start).Microseconds()) / 1000 / 1000
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(each, "ms/form")
	b.ReportMetric(float64(peak)/(1<<20), "MB-heap")
	if each > 20 || peak > 200<<20 {
		b.Errorf("%.1f ms a form, %d MB", each, peak>>20)
	}
}

func BenchmarkLoadFonts(b *testing.B) {
	for b.Loop() {
		testFonts(b)
	}
}

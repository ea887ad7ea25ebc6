package form

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestEveryForm: each file of assets/forms is tried with values by a sample, and without any on each route: an empty form to
// be filled in by hand, that says who laid it out.
func TestEveryForm(t *testing.T) {
	fonts := testFonts(t)
	sampled := map[string]bool{}
	for _, s := range samples(t) {
		sampled[s.in.Form.ID] = true
	}
	files, err := filepath.Glob(filepath.Join(assets, "forms", "*.yaml"))
	if err != nil || len(files) < 15 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(id, func(t *testing.T) {
			if !sampled[id] {
				t.Error("no sample prints this form")
			}
			form := testForm(t, id)
			for _, route := range []string{RoutePaper, RouteESigned, RouteTransport} {
				in := Input{Form: form, Fonts: fonts, Copies: 1, Route: route, Date: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)}
				pdf := render(t, in)
				insideMargins(t, pdf, in)
				if text := unmarked(pdfText(t, pdf)); !strings.Contains(text, "Rekey") || strings.Contains(text, "<no value>") {
					t.Errorf("%s: it does not say who laid it out, or prints a missing value\n%s", route, text)
				}
			}
			if data, _ := os.ReadFile(file); !strings.Contains(string(data), "source:") {
				t.Error("no source")
			}
		})
	}
}

package form

import (
	"errors"
	"strings"
	"testing"
)

const good = `form: x
language: tr
title: T
source: S
date-format: 02.01.2006
page-mark: "{{.Copy}}"
blocks:
  - title: {text: "{{.Title}}"}
  - fields:
      cells:
        - {label: A, value: "{{.Details.a}}"}
`

func TestParse(t *testing.T) {
	if _, err := Parse("x.yaml", []byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown key":      {"title: T", "title: T\ncolour: red", "x.yaml:4: field colour not found"},
		"unknown in cell":  {"{label: A,", "{label: A, bold: yes,", "x.yaml:11: field bold not found"},
		"broken yaml":      {"language: tr", "language: [tr", "x.yaml:"},
		"no title":         {"title: T\n", "", "x.yaml:1: title is missing"},
		"language":         {"language: tr", "language: 12", "x.yaml:2: "},
		"wrong id":         {"form: x", "form: y", "x.yaml:1: form is \"y\""},
		"two kinds":        {"  - fields:", "  - notes: [n]\n    fields:", "x.yaml:9: a block has exactly one of"},
		"no kind":          {"  - fields:", "  - routes: [paper]\n  - fields:", "x.yaml:9: a block has exactly one of"},
		"route":            {"  - fields:", "  - routes: [pigeon]\n    fields:", "x.yaml:9: route \"pigeon\""},
		"no label":         {"label: A, ", "", "x.yaml:11: label is missing"},
		"span":             {"{label: A,", "{label: A, span: 13,", "x.yaml:11: span is 1 to 12"},
		"bad template":     {"{{.Details.a}}", "{{.Detials.a}}", "x.yaml:11: template"},
		"open template":    {"{{.Details.a}}", "{{.Details.a", "x.yaml:11: template"},
		"second document":  {"form: x", "form: x\n---\nform: z", "x.yaml"},
		"place without id": {"  - fields:", "  - signatures: {places: [{caption: C, side: left}]}\n  - fields:", "x.yaml:9: a signature place needs an id"},
		"place side":       {"  - fields:", "  - signatures: {places: [{id: a, caption: C, side: up}]}\n  - fields:", "x.yaml:9: side is left or right"},
		"option":           {"  - fields:", "  - choices: {chosen: a, options: [{label: C}]}\n  - fields:", "x.yaml:9: of is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("x.yaml", []byte(strings.Replace(good, c.old, c.new, 1)))
			var e *Error
			if !errors.As(err, &e) || e.Kind != KindData || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestReasonWithoutBox: a reason that no box takes is an error, not an unmarked form.
func TestReasonWithoutBox(t *testing.T) {
	text := strings.Replace(good, "  - fields:", "  - choices: {chosen: \"{{.Reason}}\", options: [{label: C, of: [renewal]}]}\n  - fields:", 1)
	f, err := Parse("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	in := turkish(t, testFonts(t))
	in.Form = f
	if _, err := Render(in); err != nil {
		t.Error(err)
	}
	in.Reason = "lost"
	if _, err := Render(in); err == nil || !strings.Contains(err.Error(), "no box") {
		t.Errorf("got %v", err)
	}
}

// TestWrapLosesNothing tries texts at many widths.
func TestWrapLosesNothing(t *testing.T) {
	l := newLayout(Input{Fonts: testFonts(t)})
	for _, text := range []string{
		"Государственное бюджетное учреждение здравоохранения", strings.Repeat("a.b-c@", 80), "İ ı Ş ş Ğ ğ", "x", "a  b",
		"e\u0301" + strings.Repeat("u\u0308", 50), "one\n\ntwo words\nthree",
	} {
		for width := 1.0; width < 80; width += 3.7 {
			lines := l.wrap(text, regular, 10, width)
			if plain(strings.Join(lines, "")) != plain(text) {
				t.Fatalf("%q at %.1f mm became %q", text, width, lines)
			}
			for _, line := range lines {
				if w := l.width(line, regular, 10); w > width && len([]rune(line)) > 2 {
					t.Errorf("%q is %.1f mm wide, %.1f allowed", line, w, width)
				}
			}
		}
	}
}

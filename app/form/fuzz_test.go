package form

import (
	"bytes"
	"errors"
	"testing"
)

// FuzzRender: whatever a value is, there is a form, or an error that says what is wrong with the value; never a panic.
func FuzzRender(f *testing.F) {
	for _, s := range []string{"", "İpek Şule", "سلام\u200cدنیا (۱۲۳) abc", "\u2066\u2069\u2066x", "a\u0301\u0301\u0301", "{{.Case}}", "ﷺ لا", "\xff\x00", "\n\n\t", "ب12-34/x%"} {
		f.Add(s)
	}
	fonts := testFonts(f)
	latin, persian, list := turkish(f, fonts), persianForm(f, fonts, "referral"), vietnamese(f, fonts, "05", 2)
	f.Fuzz(func(t *testing.T, value string) {
		for _, in := range []Input{latin, persian, list} {
			details := map[string]string{}
			for key := range in.Details {
				details[key] = value
			}
			in.Details = details
			if in.Case = value; len(in.Rows) > 0 {
				in.Rows = []map[string]string{{"certificate_name": value, "email": value}}
			}
			pdf, err := Render(in)
			var e *Error
			if err != nil && !errors.As(err, &e) || err == nil && !bytes.HasPrefix(pdf, []byte("%PDF-1.7")) {
				t.Fatalf("%q: %v", value, err)
			}
		}
	})
}

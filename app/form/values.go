package form

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// markValues is what a template sees: the printed values of an Input, and the numbers of the page at hand.
type markValues struct {
	Title, Case, Route, Reason, Date string
	Details, Certificate             map[string]string
	KeyAlgorithm, KeyFingerprint     string
	PublicKey                        string // hex
	Copy, Copies, Page, Pages        int
	Row                              map[string]string // of a table
	Number                           int               // of the row, from 1
}

// rowValues is the row of a table that is being laid out.
type rowValues struct {
	row    map[string]string
	number int
}

func (l *layout) values() markValues {
	return markValues{
		Title: l.in.Form.Title, Case: l.in.Case, Route: l.in.Route, Reason: l.in.Reason,
		Date: l.date(), Row: l.row.row, Number: l.row.number,
		Details: l.in.Details, Certificate: l.in.Certificate,
		KeyAlgorithm: l.in.KeyAlgorithm, KeyFingerprint: l.in.KeyFingerprint,
		PublicKey: hex.EncodeToString(l.in.PublicKey), Copies: l.in.Copies,
	}
}

func (l *layout) date() string {
	if l.in.DateText != "" {
		return l.in.DateText
	}
	return l.in.Date.Format(l.in.Form.DateFormat)
}

// persian writes the digits of a number as Persian does: "1405" is "۱۴۰۵".
func persian(value any) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r - '0' + '۰'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '۰'
		}
		return r
	}, fmt.Sprint(value))
}

// leftToRight keeps a number such as 2026-000151 from being turned around in a line from right to left.
func (l *layout) leftToRight(value string) string {
	if !l.rtl || value == "" {
		return value
	}
	return "\u2066" + value + "\u2069"
}

// execute fills a template. A name that a map does not have is empty; a field that does not exist is an error.
func (l *layout) execute(text string, values markValues) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	t := l.templates[text]
	if t == nil {
		var err error
		t, err = template.New("value").Option("missingkey=zero").Funcs(template.FuncMap{
			"word": l.word, "mask": mask, "list": list, "persian": persian, "ltr": l.leftToRight,
		}).Parse(text)
		if err != nil {
			return "", err
		}
		l.templates[text] = t
	}
	var b strings.Builder
	if err := t.Execute(&b, values); err != nil {
		return "", err
	}
	return b.String(), nil
}

func (l *layout) word(id string) string {
	if w, found := l.in.Form.Words[id]; found {
		return w
	}
	return id
}

// mask writes a number in groups: mask "###-###-### ##" "11223344595". A value of another length stays as it is.
func mask(pattern, value string) string {
	letters := []rune(strings.NewReplacer(" ", "", "-", "").Replace(value))
	if len(letters) != strings.Count(pattern, "#") {
		return value
	}
	var b strings.Builder
	for _, c := range pattern {
		if c == '#' {
			c, letters = letters[0], letters[1:]
		}
		b.WriteRune(c)
	}
	return b.String()
}

// list joins what is not empty with commas.
func list(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.Join(parts, ", ")
}

// fill gives the printed text of a template. The first error stops the layout in the end.
func (l *layout) fill(text string) string {
	s, err := l.execute(text, l.values())
	if err != nil {
		l.fail(&Error{"render form", KindData, fmt.Errorf("%s: %w", l.in.Form.name, err)})
	}
	return clean(s)
}

// clean makes text printable: composed letters, plain spaces, "\n" for every kind of line end, no control or invisible
// characters. No-break spaces stay, and in Arabic script what joins letters and keeps them apart.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ").Replace(strings.ToValidUTF8(s, "\ufffd"))
	joined := strings.ContainsFunc(s, isRightToLeft)
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u00a0' || joined && (isJoiner(r) || isIsolate(r)):
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s))
}

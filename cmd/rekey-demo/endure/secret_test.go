package endure

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"rekey/cmd/rekey-demo/stage"
)

// secret is a text that must not stand in certain places.
type secret struct {
	what  string // name, number, PIN, key …: told instead of the text itself
	forms [][]byte
	whole bool // it is digits only and counts only where no further digit or hex letter touches it
}

// newSecret gives the text in the forms in which programs write it.
func newSecret(what, text string) secret {
	s := secret{what: what, whole: digits.MatchString(text)}
	escaped := strconv.QuoteToASCII(text)
	for _, form := range []string{text, strings.ToUpper(text), strings.ToLower(text), escaped[1 : len(escaped)-1], url.QueryEscape(text), url.PathEscape(text)} {
		s.add([]byte(form))
	}
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	s.add(wide)
	if !s.whole {
		s.add(fmt.Appendf(nil, "%x", text))
	}
	return s
}

var digits = regexp.MustCompile(`^[0-9]+$`)

func (s *secret) add(form []byte) {
	if !slices.ContainsFunc(s.forms, func(f []byte) bool { return bytes.Equal(f, form) }) {
		s.forms = append(s.forms, form)
	}
}

// in says whether the secret stands in the text.
func (s secret) in(text []byte) bool {
	for _, form := range s.forms {
		for rest := text; ; {
			i := bytes.Index(rest, form)
			if i < 0 {
				break
			}
			before, after := i > 0 && joins(rest[i-1]), i+len(form) < len(rest) && joins(rest[i+len(form)])
			if !s.whole || !before && !after {
				return true
			}
			rest = rest[i+1:]
		}
	}
	return false
}

func joins(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b == '.' }

// texts are the bytes of many places, by their names.
type texts map[string][]byte

// folder adds every file below dir but those that skip names.
func (x texts) folder(t *testing.T, dir string, skip func(path string) bool) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || skip(path) {
			return err
		}
		data, err := os.ReadFile(path)
		x[path] = append([]byte(filepath.Base(path)+"\n"), data...)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// found tells where which secret stands.
func (x texts) found(secrets []secret) []string {
	var out []string
	for place, text := range x {
		for _, s := range secrets {
			if s.in(text) {
				out = append(out, place+": "+s.what)
			}
		}
	}
	slices.Sort(out)
	return out
}

// personal are the names, numbers and ways of contact of a person; the PIN is a secret of its own.
func personal(p stage.Person) []secret {
	var out []secret
	for _, a := range p.Subject {
		if len(a.Value) > 3 {
			out = append(out, newSecret(p.Name+" subject "+a.OID, a.Value))
		}
	}
	for name, value := range p.Details {
		out = append(out, newSecret(p.Name+" "+name, value))
		if number := strings.Map(onlyDigits, value); len(number) > 8 && name == "phone" {
			out = append(out, newSecret(p.Name+" "+name, number))
		}
	}
	return slices.DeleteFunc(out, func(s secret) bool { return strings.HasSuffix(s.what, " holder_kind") }) // a word of the procedure
}

func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

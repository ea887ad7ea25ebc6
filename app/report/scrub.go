package report

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rekey/app/register"
	"rekey/token"
)

// scrub takes out of texts what could say whose card it is.
type scrub struct {
	home    string
	serials []string // of the cards
	persons []string // what the certificates say about their holders, the longest first
	known   []string // that, and the issuers and the cards' labels
}

const removed = "[removed]"

func newScrub(in Input) *scrub {
	s := &scrub{home: strings.TrimRight(in.Home, `/\`)}
	for _, e := range in.Entries {
		s.serials = append(s.serials, e.CardSerial)
		s.learn(e.HolderName, e.Organisation, e.NationalID)
		for _, a := range e.Subject {
			s.learn(a.Value)
		}
	}
	s.persons = order(slices.Clone(s.known))
	for _, e := range in.Entries {
		s.learn(e.CardLabel, e.IssuerName, e.Serial, e.Fingerprint, e.SHA1)
		for _, a := range e.Issuer {
			s.learn(a.Value)
		}
	}
	for _, r := range in.Snapshot.Readers {
		if r.Card != nil {
			s.serials = append(s.serials, r.Card.Serial)
			s.learn(r.Card.Label)
		}
	}
	s.known = order(s.known)
	return s
}

// order puts the longest first, so that a whole name goes before its parts.
func order(words []string) []string {
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(words)
}

// learn keeps whole values and, of those with blanks, their words: a text may quote a surname alone.
func (s *scrub) learn(values ...string) {
	for _, v := range values {
		for _, part := range append(strings.Fields(v), strings.TrimSpace(v)) {
			if utf8.RuneCountInString(part) >= 3 { // "RU" and "of" say nothing of a person
				s.known = append(s.known, part)
			}
		}
	}
}

var (
	homes = regexp.MustCompile(`(?i)(/home/|/Users/|[A-Z]:\\Users\\)[^/\\:"'\s]+|/root\b`)
	// runs are numbers long enough to be somebody's: eight or more hex digits, or digits with dashes and single blanks inside.
	runs = regexp.MustCompile(`[0-9A-Fa-f]{8,}|[0-9](?:[ -]?[0-9]){7,}`)
	// codes are return codes of PKCS#11 (CKR_…), which are worth keeping.
	codes = regexp.MustCompile(`^0{4}[0-9A-Fa-f]{4}$|^8000[0-9A-Fa-f]{4}$`)
)

// text cleans a text that others have written.
func (s *scrub) text(text string) string {
	text = s.path(text)
	for _, serial := range s.serials {
		if len(serial) >= 4 {
			text = strings.ReplaceAll(text, serial, masked(serial))
		}
	}
	text = without(text, s.known)
	return runs.ReplaceAllStringFunc(text, func(run string) string {
		if !strings.ContainsAny(run, "0123456789") || codes.MatchString(run) {
			return run
		}
		return "[number]"
	})
}

// path hides whose home folder it is, and holders' names in it.
func (s *scrub) path(p string) string {
	if len(s.home) > 1 {
		p = strings.ReplaceAll(p, s.home, "~")
	}
	return without(homes.ReplaceAllString(p, "~"), s.persons)
}

func without(text string, words []string) string {
	for _, w := range words {
		text = replaceWord(text, w, removed)
	}
	return text
}

// replaceWord replaces whole words only, and without regard to case as far as case does not change the length of the text.
func replaceWord(text, old, with string) string {
	low, oldLow := strings.ToLower(text), strings.ToLower(old)
	if len(low) != len(text) || len(oldLow) != len(old) {
		low, oldLow = text, old
	}
	var b strings.Builder
	before := ' '
	for {
		i := strings.Index(low, oldLow)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		end := i + len(old)
		if i > 0 {
			before, _ = utf8.DecodeLastRuneInString(text[:i])
		}
		after, _ := utf8.DecodeRuneInString(text[end:])
		b.WriteString(text[:i])
		if unicode.IsLetter(before) || unicode.IsLetter(after) {
			b.WriteString(text[i:end])
		} else {
			b.WriteString(with)
		}
		before, _ = utf8.DecodeLastRuneInString(text[:end])
		text, low = text[end:], low[end:]
	}
}

// masked keeps the last four characters of a serial number, and of a short one fewer.
func masked(serial string) string {
	r := []rune(strings.TrimSpace(serial))
	if len(r) == 0 {
		return ""
	}
	return "…" + string(r[len(r)-min(4, len(r)/2):])
}

// device cleans the name of a reader: numbers in it are those of the device, and of SoftHSM's card.
func (s *scrub) device(name string) string {
	name = runs.ReplaceAllStringFunc(name, func(run string) string {
		if !strings.ContainsAny(run, "0123456789") {
			return run
		}
		return masked(run)
	})
	return s.text(name)
}

func (s *scrub) fault(f Finding) Fault {
	out := Fault{Kind: f.Kind, Module: s.path(f.Module), Reader: s.device(f.Reader)}
	if f.Kind != "broken-certificate" { // the certificate's own words say it: see Certificate.Problem
		out.Detail = s.text(f.Detail)
	}
	return out
}

func (s *scrub) module(m token.ModuleState, files map[string]File) Module {
	out := Module{Path: s.path(m.Path), State: OK, Detail: s.text(m.Err), Readers: m.Readers}
	if m.Kind != "" {
		out.State = string(m.Kind)
	}
	if f, ok := files[m.Path]; ok {
		f.Modified = f.Modified.UTC().Truncate(time.Second)
		out.File = &f
	}
	return out
}

func (s *scrub) reader(r token.Reader) Reader {
	out := Reader{Name: s.device(r.Name), Module: s.path(r.Module), Fault: s.text(r.Fault)}
	if r.Card != nil {
		out.Card = &Card{
			Serial: masked(r.Card.Serial), Manufacturer: s.text(r.Card.Manufacturer), Model: s.text(r.Card.Model), Blank: r.Card.Blank, PINFlags: pinFlags(r.Card.PIN),
		}
	}
	return out
}

func pinFlags(p token.PINState) []string {
	out := []string{}
	for _, f := range []struct {
		set  bool
		word string
	}{{p.Pad, "pad"}, {p.CountLow, "count-low"}, {p.FinalTry, "final-try"}, {p.Locked, "locked"}, {p.ToBeChanged, "to-be-changed"}, {p.NotSet, "not-set"}} {
		if f.set {
			out = append(out, f.word)
		}
	}
	return out
}

// countries are two letters; anything else in their place is not shown.
var country = regexp.MustCompile(`^[A-Z]{2}$`)

func (s *scrub) certificate(e register.Entry) Certificate {
	out := Certificate{
		Card: masked(e.CardSerial), Purpose: e.Purpose, Qualified: "no " + e.QualifiedWhy.ID, Key: e.KeyAlgorithm, Signature: e.Signature().Name,
		KeyOnCard: e.KeyOnCard, State: e.State, ValidFrom: day(e.NotBefore), ValidUntil: day(e.NotAfter), Size: len(e.DER), Problem: e.ProblemID,
	}
	if e.Qualified {
		out.Qualified = "yes " + e.QualifiedWhy.ID
	}
	if e.Problem != "" {
		out.Qualified = ""
	}
	if country.MatchString(e.Country) {
		out.Country = e.Country
	}
	return out
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// Package i18n holds the window's texts in five languages and writes numbers and dates as each
// country does.
//
// It promises: a text that one language lacks is shown in English, a plural is chosen by the rules of CLDR, and
// the language can be changed at any time by taking another Printer.
// It never decides what is said.
package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Languages are the languages of the window, in the order of the choice.
var Languages = []string{"en", "tr", "ru", "vi", "fa"}

// Names are the languages' own names.
var Names = map[string]string{"en": "English", "tr": "Türkçe", "ru": "Русский", "vi": "Tiếng Việt", "fa": "فارسی"}

// Message is one text, or one for each plural form (one, few, many, other).
type Message map[string]string

// UnmarshalJSON takes a string for a text without plurals.
func (m *Message) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		var one string
		if err := json.Unmarshal(data, &one); err != nil {
			return err
		}
		*m = Message{"": one}
		return nil
	}
	forms := map[string]string{}
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	*m = forms
	return nil
}

// Catalog is every text by language and key.
type Catalog map[string]map[string]Message

// Load reads the texts of some languages, of all when none is named, at once: the first picture of the window waits for it.
func Load(assets fs.FS, languages ...string) (Catalog, error) {
	if len(languages) == 0 {
		languages = Languages
	}
	all, errs := make([]map[string]Message, len(languages)), make([]error, len(languages))
	var wait sync.WaitGroup
	for i, lang := range languages {
		wait.Go(func() { all[i], errs[i] = read(assets, lang) })
	}
	wait.Wait()
	c := Catalog{}
	for i, lang := range languages {
		c[lang] = all[i]
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

// Add reads a language that is not there yet.
func (c Catalog) Add(assets fs.FS, lang string) error {
	if c[lang] != nil {
		return nil
	}
	texts, err := read(assets, lang)
	if err == nil {
		c[lang] = texts
	}
	return err
}

func read(assets fs.FS, lang string) (map[string]Message, error) {
	data, err := fs.ReadFile(assets, "lang/"+lang+".json")
	if err != nil {
		return nil, fmt.Errorf("load texts: %w", err)
	}
	texts := map[string]Message{}
	if err := json.Unmarshal(data, &texts); err != nil {
		return nil, fmt.Errorf("load texts of %s: %w", lang, err)
	}
	return texts, nil
}

// Keys are the keys of a language, sorted.
func (c Catalog) Keys(lang string) []string { return slices.Sorted(maps.Keys(c[lang])) }

// Known gives the first of the wanted language tags that there are texts in, else English.
func Known(wanted ...string) string {
	for _, w := range wanted {
		base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(w), "_", "-"), "-")
		if slices.Contains(Languages, base) {
			return base
		}
	}
	return "en"
}

// Printer says things in one language.
type Printer struct {
	catalog Catalog
	lang    string
	tag     language.Tag
}

// In gives the printer of a language.
func (c Catalog) In(lang string) *Printer {
	lang = Known(lang)
	return &Printer{catalog: c, lang: lang, tag: language.Make(lang)}
}

// Lang is the language tag: en, tr, ru, vi or fa.
func (p *Printer) Lang() string { return p.lang }

// RTL says whether the language is written from right to left.
func (p *Printer) RTL() bool { return p.lang == "fa" }

// Has says whether there is a text, in English at least.
func (p *Printer) Has(key string) bool {
	_, ok := p.message(key)
	return ok
}

// Text gives a text without placeholders, or otherwise when there is none.
func (p *Printer) Text(key, otherwise string) string {
	if m, ok := p.message(key); ok {
		return m[""]
	}
	return otherwise
}

func (p *Printer) message(key string) (Message, bool) {
	if m, ok := p.catalog[p.lang][key]; ok {
		return m, true
	}
	m, ok := p.catalog["en"][key]
	return m, ok
}

// T gives a text. args are pairs of a placeholder's name and its value; an int named "n" chooses the plural form.
// An unknown key comes back as it is, so that it is seen.
func (p *Printer) T(key string, args ...any) string {
	m, ok := p.message(key)
	if !ok {
		return key
	}
	text, single := m[""]
	for i := 0; i+1 < len(args); i += 2 {
		if n, ok := args[i+1].(int); ok && args[i] == "n" && !single {
			text = m[p.form(n)]
			if text == "" {
				text = m["other"]
			}
		}
	}
	for i := 0; i+1 < len(args); i += 2 {
		value := fmt.Sprint(args[i+1])
		if n, ok := args[i+1].(int); ok {
			value = p.Number(n)
		} else if p.RTL() {
			value = isolated(value)
		}
		text = strings.ReplaceAll(text, fmt.Sprintf("{%v}", args[i]), value)
	}
	return text
}

// isolated lets a path, a name or a number in Latin letters keep its own direction inside of a text that runs from right to left (UAX #9).
func isolated(s string) string {
	latin := false
	for _, r := range s {
		if r >= 0x0590 && r <= 0x08FF && unicode.IsLetter(r) || r == '\u2066' {
			return s
		}
		latin = latin || r < 0x0590 && (unicode.IsLetter(r) || unicode.IsDigit(r))
	}
	if !latin {
		return s
	}
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = "\u2066" + lines[i] + "\u2069"
	}
	return strings.Join(lines, "\n")
}

var forms = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func (p *Printer) form(n int) string {
	if n < 0 {
		n = -n
	}
	return forms[plural.Cardinal.MatchPlural(p.tag, n, 0, 0, 0, 0)]
}

package procedure_test

import (
	"encoding/json"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"rekey/app/procedure"
)

// eachText calls f with every text below v.
func eachText(v reflect.Value, where string, f func(where string, t procedure.Text)) {
	switch v.Kind() {
	case reflect.Map:
		if t, ok := v.Interface().(procedure.Text); ok && len(t) > 0 {
			f(where, t)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			eachText(v.Elem(), where, f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), where, f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				eachText(v.Field(i), where+"."+field.Name, f)
			}
		}
	}
}

var number = regexp.MustCompile(`[0-9]{2,}`)

// latin writes Persian figures as the others do.
func latin(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '۰' && r <= '۹' {
			return r - '۰' + '0'
		}
		return r
	}, s)
}

// TestEveryTextInFiveLanguages: whoever reads the window in another language than the authority's reads no English, and no figure was lost
// on the way.
func TestEveryTextInFiveLanguages(t *testing.T) {
	all, err := procedure.Load(files(), "procedures")
	if err != nil {
		t.Fatal(err)
	}
	texts := 0
	for _, p := range all {
		eachText(reflect.ValueOf(p), p.ID, func(where string, text procedure.Text) {
			texts++
			for _, lang := range []string{"tr", "ru", "vi", "fa"} {
				said := text[lang]
				if said == "" {
					t.Errorf("%s: %q is not said in %s", where, text["en"], lang)
				}
				if strings.ContainsAny(said, "✓✗→") {
					t.Errorf("%s: %q in %s has a symbol that the font lacks", where, text["en"], lang)
				}
				if lang == p.Language {
					continue // the source itself: its English may say more or less
				}
				for _, n := range number.FindAllString(text["en"], -1) {
					if said != "" && !slices.Contains(number.FindAllString(latin(said), -1), n) {
						t.Errorf("%s: %q has lost %s in %s: %q", where, text["en"], n, lang, said)
					}
				}
			}
		})
	}
	if texts < 300 {
		t.Fatalf("only %d texts looked at", texts)
	}
}

// TestNoWordIsLeftOver: a translation whose English is nowhere any more is old.
func TestNoWordIsLeftOver(t *testing.T) {
	all, err := procedure.Load(files(), "procedures")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, p := range all {
		eachText(reflect.ValueOf(p), p.ID, func(_ string, text procedure.Text) { used[text["en"]] = true })
	}
	for _, lang := range []string{"tr", "ru", "vi", "fa"} {
		data, err := fs.ReadFile(files(), "procedures/words/"+lang+".json")
		if err != nil {
			t.Fatal(err)
		}
		var words map[string]string
		if err := json.Unmarshal(data, &words); err != nil {
			t.Fatal(err)
		}
		for english := range words {
			if !used[english] {
				t.Errorf("%s: no procedure says %q", lang, english)
			}
		}
	}
}

func TestWordsCompleteAndNeverReplace(t *testing.T) {
	generic, err := fs.ReadFile(files(), "procedures/generic.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all, err := procedure.Load(fstest.MapFS{
		"p/generic.yaml":  {Data: generic},
		"p/words/ru.json": {Data: []byte(`{"Any certification authority": "Любой удостоверяющий центр", "Name": "Другое", "Office": "Контора"}`)},
	}, "p")
	if err != nil {
		t.Fatal(err)
	}
	p := all[0]
	if got := p.Title.In("ru"); got != "Любой удостоверяющий центр" {
		t.Errorf("title: %q", got)
	}
	if got := p.Fields[0].Label.In("ru"); got != "Имя" {
		t.Errorf("the file's own text was replaced by %q", got)
	}
	if got := p.Title.In("fa"); got != "Any certification authority" {
		t.Errorf("without words: %q", got)
	}
	contact := procedure.Contact{ID: "office", Label: procedure.Text{"en": "Office"}, Value: "1"}
	now, errs := procedure.Apply(p, []procedure.Override{{Procedure: "generic", AsOf: procedure.Day{Time: day("2026-01-02")}, Source: "a letter", Contacts: []procedure.Contact{contact}}})
	if len(errs) > 0 || len(now.Contacts) != 1 {
		t.Fatalf("%v, %v", errs, now.Contacts)
	}
	if got := now.Contacts[0].Label.In("ru"); got != "Контора" {
		t.Errorf("a text of the office: %q", got)
	}
	if len(p.Contacts) != 0 || len(contact.Label) != 1 {
		t.Error("the procedure or the override was changed")
	}
	if _, err := procedure.Load(fstest.MapFS{"p/generic.yaml": {Data: generic}, "p/words/ru.json": {Data: []byte(`{"Name": 1}`)}}, "p"); err == nil || !strings.Contains(err.Error(), "ru.json") {
		t.Errorf("a broken file of words: %v", err)
	}
}

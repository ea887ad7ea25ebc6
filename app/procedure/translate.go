package procedure

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
)

// translations are by language and by the English text. A procedure file says its texts in English and in its office's language;
// these give the rest, so that a text that many procedures have is translated once.
type translations map[string]map[string]string

// loadTranslations reads DIR/words/LANG.json, each an object of English texts and their translations. A language without a file has no words.
func loadTranslations(files fs.FS, dir string) (translations, error) {
	all := translations{}
	for _, lang := range languages {
		name := path.Join(dir, "words", lang+".json")
		data, err := fs.ReadFile(files, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("procedures: %w", err)
		}
		var texts map[string]string
		if err := json.Unmarshal(data, &texts); err != nil {
			return nil, fmt.Errorf("procedures: %s: %w", name, err)
		}
		all[lang] = texts
	}
	return all, nil
}

// complete gives every text below at, a pointer, in the languages in which it is not said yet. What was there stays as it is.
func (all translations) complete(at any) { all.walk(reflect.ValueOf(at)) }

var textType = reflect.TypeFor[Text]()

// walk goes through every field, so that a text that is added to a procedure later is not forgotten.
func (all translations) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Map:
		if v.Type() == textType && v.Len() > 0 {
			v.Set(reflect.ValueOf(all.inAll(v.Interface().(Text))))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			all.walk(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			all.walk(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				all.walk(v.Field(i))
			}
		}
	}
}

func (all translations) inAll(t Text) Text {
	full := maps.Clone(t)
	for lang, texts := range all {
		if _, said := full[lang]; !said && texts[t["en"]] != "" {
			full[lang] = texts[t["en"]]
		}
	}
	return full
}

package control

import (
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// sortKeys gives what texts are sorted by: the alphabet of the language (CLDR), without regard to case first.
func sortKeys(lang string, count int, text func(row int) string) []string {
	by := collate.New(language.Make(lang))
	var buffer collate.Buffer
	keys := make([]string, count)
	for i := range keys {
		keys[i] = string(by.KeyFromString(&buffer, text(i)))
		buffer.Reset()
	}
	return keys
}

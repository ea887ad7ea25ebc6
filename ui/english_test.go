package ui

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/ui/i18n"
)

// note keeps which texts a page shows in a language.
func note(said map[string]map[string]string, lang, page string, on fyne.Canvas) {
	if said[lang] == nil {
		said[lang] = map[string]string{}
	}
	trees := append([]fyne.CanvasObject{on.Content()}, on.Overlays().List()...)
	for _, tree := range trees {
		for _, d := range textsOf(tree, fyne.Position{}, false) {
			if _, ok := said[lang][d.text.String()]; !ok {
				said[lang][d.text.String()] = page
			}
		}
	}
}

// stillEnglish finds what the other languages show in the very words of the English window, but for data and proper names.
func stillEnglish(t *testing.T, said map[string]map[string]string) {
	t.Helper()
	english := map[string]bool{}
	for text := range said["en"] {
		for _, part := range parts(text) {
			english[part] = true
		}
	}
	for _, lang := range i18n.Languages[1:] {
		found := map[string]string{}
		for text, page := range said[lang] {
			for _, part := range parts(text) {
				if english[part] && latinWord.MatchString(part) && !sameEverywhere.MatchString(part) {
					found[part] = page
				}
			}
		}
		for _, part := range slices.Sorted(maps.Keys(found)) {
			t.Errorf("%s: %s shows in English: %q", lang, found[part], part)
		}
	}
}

// parts are the sentences and names that are joined in one text.
func parts(text string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(text, " · ", "\n"), func(r rune) bool { return r == '\n' || r == ':' || r == '\u2068' || r == '\u2069' })
}

var latinWord = regexp.MustCompile(`[A-Za-z]{2,}`)

// sameEverywhere are the data of the tests, names of things and keys, and technical details.
var sameEverywhere = regexp.MustCompile(`^ *(` + strings.Join([]string{
	`.*(Ayşe|ÇAĞLAR|Çağlar|Adana|Nolu|NES|SoftHSM|Rutoken|ACR39U|E-İmza).*`,
	`.*(/|www\.|@).*`, `https?`, `[a-z0-9-]+\.(pdf|p7s|csv|xml|db|so)`, `[0-9a-f]+`,
	`Rekey( test)?`, `PIN`, `IBAN`, `BIC`, `TR78 [0-9 ]+`, `E-mail`, `Esc`, `Tab, Shift\+Tab`, `Alt\+1 … Alt\+7`,
	`no room for a backup`, `locked`, // what the system says
	`([0-9A-Fa-f]{2,4} )*[0-9A-Fa-f]{2,4}`, `RSA|ECDSA|OCSP|SHA-1|SHA-256|TR|RU`, `CN=Another name|Deneme Kurumu|T\.C\. Kimlik No`, // what certificates say
	`The stamp is missing\.`, // what the office says
}, "|") + `)$`)

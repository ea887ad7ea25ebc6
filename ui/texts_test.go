package ui

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rekey/app"
	"rekey/app/identity"
	"rekey/app/procedure"
	"rekey/ui/i18n"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// TestTexts: five languages with the same keys, the same placeholders, nothing empty, the plural forms that CLDR wants.
func TestTexts(t *testing.T) {
	c, err := i18n.Load(assets())
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string][]string{"en": {"one", "other"}, "tr": {"one", "other"}, "ru": {"few", "many", "one", "other"}, "vi": {"other"}, "fa": {"one", "other"}}
	for _, lang := range i18n.Languages {
		if got, want := c.Keys(lang), c.Keys("en"); !slices.Equal(got, want) {
			t.Errorf("%s: keys differ from English: %v", lang, difference(got, want))
		}
		for key, m := range c[lang] {
			want := marks(c["en"][key])
			for form, text := range m {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s %s %s is empty", lang, key, form)
				}
				if got := marks(i18n.Message{"": text}); !slices.Equal(got, want) {
					t.Errorf("%s %s %s: placeholders %v, want %v", lang, key, form, got, want)
				}
				if strings.ContainsAny(text, "✓✗→") {
					t.Errorf("%s %s has a symbol that the font lacks", lang, key)
				}
			}
			if _, single := m[""]; !single {
				if got := slices.Sorted(maps.Keys(m)); !slices.Equal(got, forms[lang]) {
					t.Errorf("%s %s: plural forms %v, want %v", lang, key, got, forms[lang])
				}
			}
		}
	}
}

func marks(m i18n.Message) []string {
	for _, text := range m {
		found := placeholder.FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	return nil
}

func difference(a, b []string) []string {
	var out []string
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, "+"+x)
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			out = append(out, "-"+x)
		}
	}
	return out
}

// TestKeysInCode: every key that the code names is there, and so are those that are put together from data.
func TestKeysInCode(t *testing.T) {
	c, err := i18n.Load(assets())
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%v, %d files", err, len(files))
	}
	call := regexp.MustCompile(`\bT\("([^"]+)"([,)])`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			if _, ok := c["en"][m[1]]; !ok {
				t.Errorf("%s uses %q, which has no text", file, m[1])
			}
		}
	}
	want := map[string][]string{
		"page.":        {pageHome, pageCases, pageDocuments, pageCards, pageSettings, pageRenew, pageHelp, pageCase, pageWizard, pageJob, pageNewPIN, pageCertificate},
		"certificate.": {"show", "hide", "link.checked", "link.bad", "link.unchecked", "link.no-issuer", "link.unreadable"},
		"who.":         {"holder", "head", "clerk", "office", "authority", "courier"},
		"state.":       {"current", "new", "expired", "other"},
		"office.":      {"received", "approved", "returned", "issued"},
		"pin.":         {"make-key", "e-sign", "sign-request", "install", "choose", "enrol"},
		"blocked.":     {"expired", "no-key-algorithm", "broken-certificate"},
		"plan.":        {"fee-old", "expired", "early", "carrier-unsafe", "key-fallback"},
		"purpose.":     {"signing", "encryption", "authentication", "authority", "other"},
		"rule.":        identity.Rules(),
		"look.":        {"system", "light", "dark", "contrast"},
		"diagnosis.":   layers,
		"outbox.":      {"case", "addition", "holder", "certificate", "card", "photo", "receipt", "revocation"},
		"rescue.":      {"damaged", "gone", "key", "key.do", "busy", "busy.do", "newer", "newer.do"},
		"settings.":    {"ca.bad", "ca.hint", "central.bad", "pin.bad", "pin.hint", "proxy.bad", "proxy.hint", "tsa.bad", "tsa.hint"},
		"doc.":         {"application", "application-signed", "request", "receipt", "scan", "certificate", "payment", "payment-text"},
	}
	for _, kind := range []string{"no-modules", "service", "no-reader", "no-card", "blank-card", "module-load", "module-crash", "module-hang", "no-certificate", "filtered", "mute-card", "card-error", "broken-certificate"} {
		want["finding."] = append(want["finding."], kind+".what", kind+".do")
	}
	for _, kind := range []app.Kind{app.BadInput, app.NotFound, app.NoCard, app.CardRemoved, app.CardError, app.ModuleError, app.Unsupported, app.PINWrong, app.PINFinal, app.PINLocked,
		app.PINLength, app.PINCancelled, app.Expired, app.Offline, app.ServerAnswer, app.Refused, app.NotAdmitted, app.Untrusted, app.ProxyTrouble, app.NoSignIn, app.DiskFull, app.StoreBusy, app.StoreDamaged, app.Internal} {
		want["error."] = append(want["error."], string(kind)+".what", string(kind)+".do")
	}
	for _, what := range procedure.Words() {
		want["step."] = append(want["step."], what)
		want["done."] = append(want["done."], what)
	}
	for prefix, words := range want {
		for _, word := range words {
			if _, ok := c["en"][prefix+word]; !ok {
				t.Errorf("no text %s%s", prefix, word)
			}
		}
	}
}

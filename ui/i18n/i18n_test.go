package i18n

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestDates(t *testing.T) {
	day := time.Date(2026, 12, 14, 12, 0, 0, 0, time.Local)
	for lang, want := range map[string]string{
		"en": "14\u00a0December 2026", "tr": "14\u00a0Aralık 2026", "ru": "14\u00a0декабря 2026\u00a0г.", "vi": "14/12/2026", "fa": "۲۳\u00a0آذر ۱۴۰۵",
	} {
		if got := (Catalog{}).In(lang).Date(day); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestShortDates(t *testing.T) {
	day := time.Date(2026, 3, 4, 12, 0, 0, 0, time.Local)
	for lang, want := range map[string]string{"en": "4\u00a0Mar 2026", "tr": "04.03.2026", "ru": "04.03.2026", "vi": "04/03/2026", "fa": "۱۴۰۴/۱۲/۱۳"} {
		p := (Catalog{}).In(lang)
		if got := p.ShortDate(day); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
		if got := p.ShortDate(time.Time{}); got != "–" {
			t.Errorf("%s: no day is %q", lang, got)
		}
	}
}

// What was today is told by its time of day, and the rest by its day too.
func TestRecent(t *testing.T) {
	c := Catalog{}
	now := time.Date(2026, 3, 4, 22, 0, 0, 0, time.Local)
	for lang, want := range map[string][2]string{
		"en": {"today 06:30", "3\u00a0Mar 2026\u00a006:30"}, "tr": {"bugün 06:30", "03.03.2026\u00a006:30"}, "fa": {"امروز ۰۶:۳۰", "۱۴۰۴/۱۲/۱۲\u00a0۰۶:۳۰"},
	} {
		word, _, _ := strings.Cut(want[0], " ")
		c[lang] = map[string]Message{"day.today": {"": word + " {time}"}}
		for i, at := range []time.Time{time.Date(2026, 3, 4, 6, 30, 0, 0, time.Local), time.Date(2026, 3, 3, 6, 30, 0, 0, time.Local)} {
			if got := bare(c.In(lang).Recent(at, now)); got != want[i] {
				t.Errorf("%s: %q, want %q", lang, got, want[i])
			}
		}
	}
}

// bare is s without the marks that keep figures in a line of Persian in order.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, s)
}

func TestCapital(t *testing.T) {
	for word, want := range map[[2]string]string{{"tr", "il müdürlüğü"}: "İl müdürlüğü", {"en", "you"}: "You", {"ru", "вы"}: "Вы", {"fa", "شما"}: "شما", {"vi", "đơn vị"}: "Đơn vị"} {
		if got := (Catalog{}).In(word[0]).Capital(word[1]); got != want {
			t.Errorf("%v: %q, want %q", word, got, want)
		}
	}
}

func TestSolarHijri(t *testing.T) {
	for day, want := range map[string][3]int{
		"2026-03-21": {1405, 1, 1}, "2025-03-21": {1404, 1, 1}, "2025-03-20": {1403, 12, 30},
		"2024-03-20": {1403, 1, 1}, "2019-10-12": {1398, 7, 20}, "2000-01-01": {1378, 10, 11},
	} {
		at, _ := time.Parse("2006-01-02", day)
		y, m, d := solarHijri(at)
		if [3]int{y, m, d} != want {
			t.Errorf("%s: %d-%d-%d, want %v", day, y, m, d, want)
		}
	}
}

func TestPlurals(t *testing.T) {
	c := Catalog{
		"en": {"days": {"one": "{n} day", "other": "{n} days"}},
		"ru": {"days": {"one": "{n} день", "few": "{n} дня", "many": "{n} дней", "other": "{n} дня"}},
		"fa": {"days": {"other": "{n} روز"}},
	}
	for _, x := range []struct {
		lang string
		n    int
		want string
	}{
		{"en", 1, "1 day"}, {"en", 23, "23 days"}, {"ru", 1, "1 день"}, {"ru", 23, "23 дня"}, {"ru", 11, "11 дней"},
		{"ru", 40, "40 дней"}, {"fa", 23, "۲۳ روز"}, {"vi", 5, "5 days"},
	} {
		if got := c.In(x.lang).T("days", "n", x.n); got != x.want {
			t.Errorf("%s %d: %q, want %q", x.lang, x.n, got, x.want)
		}
	}
}

func TestAmounts(t *testing.T) {
	for _, x := range []struct{ lang, amount, currency, want string }{
		{"tr", "1240", "TRY", "₺1.240"}, {"en", "1240.50", "TRY", "1,240.50\u00a0TL"},
		{"ru", "1240", "RUB", "1\u00a0240\u00a0₽"}, {"fa", "1240", "TRY", "۱٬۲۴۰\u00a0لیر"},
	} {
		if got := (Catalog{}).In(x.lang).Amount(x.amount, x.currency); got != x.want {
			t.Errorf("%s: %q, want %q", x.lang, got, x.want)
		}
	}
}

// Whole numbers are in groups as the country writes them; a year and the bits of a key are not.
func TestNumbers(t *testing.T) {
	for _, row := range []struct{ lang, year, many, minus string }{
		{"tr", "2026", "12.500", "-1.234.567"}, {"ru", "2026", "12\u00a0500", "-1\u00a0234\u00a0567"}, {"vi", "2026", "12.500", "-1.234.567"},
		{"fa", "۲۰۲۶", "۱۲٬۵۰۰", "-۱٬۲۳۴٬۵۶۷"}, {"en", "2026", "12,500", "-1,234,567"},
	} {
		p := (Catalog{}).In(row.lang)
		if p.Number(2026) != row.year || p.Number(12_500) != row.many || p.Number(-1_234_567) != row.minus || p.Number(0) == "" {
			t.Errorf("%s: %s %s %s", row.lang, p.Number(2026), p.Number(12_500), p.Number(-1_234_567))
		}
	}
}

func TestPersianIsolatesWhatRunsTheOtherWay(t *testing.T) {
	c := Catalog{"en": {"x": {"": "at {a}"}}, "fa": {"x": {"": "در {a}"}}}
	for given, want := range map[string]string{"/home/x": "در \u2066/home/x\u2069", "آذر 1": "در آذر 1", "۲۳": "در ۲۳", "a\nb": "در \u2066a\u2069\n\u2066b\u2069", "–": "در –", "۱۱۲٫۱۰ TL (x)": "در \u2066۱۱۲٫۱۰ TL (x)\u2069"} {
		if got := c.In("fa").T("x", "a", given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
	if got := c.In("en").T("x", "a", "/home/x"); got != "at /home/x" {
		t.Errorf("%q", got)
	}
}

// A language is read when it is wanted.
func TestLanguageIsAdded(t *testing.T) {
	files := fstest.MapFS{"lang/en.json": {Data: []byte(`{"a": "one"}`)}, "lang/tr.json": {Data: []byte(`{"a": "bir"}`)}}
	c, err := Load(files, "en")
	if err != nil || c.In("tr").T("a") != "one" {
		t.Fatal(err, c)
	}
	if err := c.Add(files, "tr"); err != nil || c.In("tr").T("a") != "bir" {
		t.Error(err, c)
	}
	if err := c.Add(files, "ru"); err == nil || c.In("ru").T("a") != "one" {
		t.Error("a language that is not there:", err)
	}
}

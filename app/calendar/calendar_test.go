package calendar_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"rekey/app/calendar"
)

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestWorkingDaysOfRussia(t *testing.T) {
	all, err := calendar.Load(os.DirFS("../../assets"), "calendars")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		from        string
		n           int
		want        string
		unconfirmed bool
	}{
		{"2026-11-23", 2, "2026-11-25", false}, // Monday to Wednesday
		{"2026-11-20", 2, "2026-11-24", false}, // over a weekend
		{"2026-11-03", 1, "2026-11-05", false}, // 4 November is a holiday
		{"2026-12-30", 1, "2027-01-11", true},  // 31 December is off; 2027 is not in the data: holidays by law and the weekend
		{"2025-10-31", 1, "2025-11-01", false}, // a working Saturday
		{"2025-11-01", 1, "2025-11-05", false}, // 3 November is off for it
		{"2024-12-27", 2, "2025-01-09", false}, // Saturday 28 December 2024 works
		{"2026-05-08", 1, "2026-05-12", false}, // 11 May is off
	}
	for _, tt := range tests {
		got, unconfirmed := all["RU"].AddWorking(day(tt.from), tt.n)
		if !got.Equal(day(tt.want)) || unconfirmed != tt.unconfirmed {
			t.Errorf("%s + %d: got %s, %v; want %s, %v", tt.from, tt.n, got.Format(time.DateOnly), unconfirmed, tt.want, tt.unconfirmed)
		}
	}
}

// The production calendars have 248, 247 and 247 working days (domain/russia.md §7).
func TestYearsHaveTheirWorkingDays(t *testing.T) {
	ru := load(t)["RU"]
	for year, want := range map[int]int{2024: 248, 2025: 247, 2026: 247} {
		n, unconfirmed := ru.WorkingDays(time.Date(year-1, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC))
		if n != want || unconfirmed {
			t.Errorf("%d: %d working days, want %d", year, n, want)
		}
	}
	if !ru.Short(day("2026-11-03")) || ru.Short(day("2026-11-05")) {
		t.Error("short days")
	}
}

func TestOtherCountriesAreUnconfirmedWithoutTheirMoonDays(t *testing.T) {
	all := load(t)
	for _, tt := range []struct {
		country, day string
		works        bool
	}{
		{"TR", "2026-10-29", false}, {"TR", "2026-10-28", true}, {"TR", "2026-11-22", false},
		{"VN", "2026-09-02", false}, {"VN", "2026-11-23", true},
		{"IR", "2026-03-21", false}, // 1 Farvardin 1405, a Saturday
		{"IR", "2026-11-20", false}, // Friday
		{"IR", "2026-11-19", true},  // Thursday: open or not, nobody confirms it
		{"IR", "2026-11-22", true},  // Sunday
	} {
		if works, confirmed := all[tt.country].Working(day(tt.day)); works != tt.works || confirmed {
			t.Errorf("%s %s: %v, %v", tt.country, tt.day, works, confirmed)
		}
	}
}

// The form of the file is that of xmlcalendar; the year is made up.
const xml2031 = `<?xml version="1.0" encoding="UTF-8"?>
<calendar year="2031" lang="ru" date="2030.09.01"><holidays><holiday id="1" title="x"/></holidays>
<days><day d="01.01" t="1" h="1"/><day d="02.22" t="2"/><day d="03.07" t="2"/><day d="05.10" t="3"/></days></calendar>`

func TestFurtherYearsAreImported(t *testing.T) {
	ru := load(t)["RU"]
	more, err := calendar.Import("calendar.xml", []byte(xml2031))
	if err != nil {
		t.Fatal(err)
	}
	merged, err := ru.Merge(more)
	if err != nil || !merged.Known(2031) || !merged.Known(2026) || ru.Known(2031) {
		t.Fatalf("%v %+v", err, merged)
	}
	// 22 February 2031 and 10 May 2031 are Saturdays; 8 March is a holiday by law though the file leaves it out.
	for date, want := range map[string]bool{"2031-02-22": true, "2031-05-10": true, "2031-03-07": true, "2031-03-08": false, "2031-01-01": false} {
		if works, confirmed := merged.Working(day(date)); works != want || !confirmed {
			t.Errorf("%s: %v, %v", date, works, confirmed)
		}
	}
	if more, err = calendar.Import("tr.yaml", []byte("country: TR\nyears: {2027: {off: [\"03-10\"], source: Diyanet}}")); err != nil || !more.Known(2027) {
		t.Error(err)
	}
	if _, err := ru.Merge(more); err == nil {
		t.Error("a Turkish year became Russian")
	}
	for name, bad := range map[string]string{
		"twice":      `<calendar year="2031" lang="ru"><days><day d="01.01" t="1"/><day d="01.01" t="1"/></days></calendar>`,
		"no day":     `<calendar year="2031" lang="ru"><days><day d="02.30" t="1"/></days></calendar>`,
		"type":       `<calendar year="2031" lang="ru"><days><day d="02.20" t="9"/></days></calendar>`,
		"year":       `<calendar year="x" lang="ru"></calendar>`,
		"country":    `<calendar year="2031"></calendar>`,
		"cut off":    `<calendar year="2031" lang="ru"><days>`,
		"encoding":   `<?xml version="1.0" encoding="windows-1251"?><calendar year="2031" lang="ru"/>`,
		"key":        "country: RU\nyear: {}",
		"no years":   "country: RU",
		"both":       "country: RU\nyears: {2031: {off: [\"03-10\"], working: [\"03-10\"]}}",
		"empty":      "",
		"no weekend": "country: RU\nweekend: [caturday]\nyears: {2031: {}}",
	} {
		if _, err := calendar.Import("f", []byte(bad)); err == nil || !strings.HasPrefix(err.Error(), "f: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJalali(t *testing.T) {
	for gregorian, want := range map[string]string{"2025-03-20": "۱۴۰۳/۱۲/۳۰", "2025-03-21": "۱۴۰۴/۰۱/۰۱", "2019-10-12": "۱۳۹۸/۰۷/۲۰"} {
		if got := calendar.PersianDate(day(gregorian)); got != want {
			t.Errorf("%s: %s", gregorian, got)
		}
	}
	for d := day("1960-01-01"); d.Year() < 2090; d = d.AddDate(0, 0, 1) {
		y, m, dom := calendar.Jalali(d)
		if back, err := calendar.FromJalali(y, m, dom); err != nil || !back.Equal(d) {
			t.Fatalf("%s: %d/%d/%d, %v %v", d, y, m, dom, back, err)
		}
	}
	for _, bad := range [][3]int{{1404, 12, 30}, {1404, 7, 31}, {1404, 13, 1}, {1404, 0, 1}, {0, 1, 1}} {
		if d, err := calendar.FromJalali(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%v: %s", bad, d)
		}
	}
}

func TestWarnings(t *testing.T) {
	for _, tt := range []struct{ from, due, want string }{
		{"2026-11-23", "2026-11-30", "2026-11-26 2026-11-28"},
		{"2026-11-23", "2026-11-27", "2026-11-25"}, // half and two days before are one day
		{"2026-11-23", "2026-11-24", ""},
		{"2026-11-23", "2026-11-23", ""},
		{"2026-10-24", "2026-10-31", "2026-10-27 2026-10-29"},
	} {
		var got []string
		for _, d := range calendar.Warnings(day(tt.from), day(tt.due), true, 2) {
			got = append(got, d.Format(time.DateOnly))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s to %s: %v", tt.from, tt.due, got)
		}
	}
}

func load(t *testing.T) map[string]calendar.Calendar {
	t.Helper()
	all, err := calendar.Load(os.DirFS("../../assets"), "calendars")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMonthsEndOnAnExistingDay(t *testing.T) {
	tests := map[string]string{"2026-01-31": "2026-02-28", "2026-11-21": "2026-12-21", "2027-12-31": "2028-01-31", "2028-01-30": "2028-02-29"}
	for from, want := range tests {
		if got := calendar.AddMonths(day(from), 1); !got.Equal(day(want)) {
			t.Errorf("%s: %s, want %s", from, got.Format(time.DateOnly), want)
		}
	}
}

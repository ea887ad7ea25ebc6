package calendar_test

import (
	"os"
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
		{"2026-12-30", 1, "2027-01-01", true},  // 31 December is off; 2027 is not in the data
		{"2026-05-08", 1, "2026-05-12", false}, // 11 May is off
	}
	for _, tt := range tests {
		got, unconfirmed := all["RU"].AddWorking(day(tt.from), tt.n)
		if !got.Equal(day(tt.want)) || unconfirmed != tt.unconfirmed {
			t.Errorf("%s + %d: got %s, %v; want %s, %v", tt.from, tt.n, got.Format(time.DateOnly), unconfirmed, tt.want, tt.unconfirmed)
		}
	}
}

// The production calendar of 2026 has 247 working days (domain/russia.md §7).
func TestYear2026HasItsWorkingDays(t *testing.T) {
	all, err := calendar.Load(os.DirFS("../../assets"), "calendars")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for d := day("2026-01-01"); d.Year() == 2026; d = d.AddDate(0, 0, 1) {
		if works, _ := all["RU"].Working(d); works {
			n++
		}
	}
	if n != 247 {
		t.Errorf("%d working days, want 247", n)
	}
}

func TestMonthsEndOnAnExistingDay(t *testing.T) {
	tests := map[string]string{"2026-01-31": "2026-02-28", "2026-11-21": "2026-12-21", "2027-12-31": "2028-01-31", "2028-01-30": "2028-02-29"}
	for from, want := range tests {
		if got := calendar.AddMonths(day(from), 1); !got.Equal(day(want)) {
			t.Errorf("%s: %s, want %s", from, got.Format(time.DateOnly), want)
		}
	}
}

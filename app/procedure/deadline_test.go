package procedure_test

import (
	"strings"
	"testing"
	"time"

	"rekey/app/calendar"
	"rekey/app/procedure"
)

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

func dates(days []time.Time) string {
	var all []string
	for _, d := range days {
		all = append(all, d.Format("01-02"))
	}
	return strings.Join(all, " ")
}

func TestDeadlinesOfTheInstruction(t *testing.T) {
	calendars, err := calendar.Load(files(), "calendars")
	if err != nil {
		t.Fatal(err)
	}
	renewal, _ := load(t, "ru-vipnet-tfoms").Reason("renewal")
	deadlines := map[string]procedure.Deadline{}
	for _, s := range renewal.Routes[0].Steps {
		if s.Deadline != nil {
			deadlines[s.ID] = *s.Deadline
		}
	}
	for _, c := range []struct{ step, from, due, warnings string }{
		{"issue", "2026-11-20", "2026-11-24", "11-22"},
		{"issue", "2026-11-03", "2026-11-06", "11-04"},
		{"deliver", "2026-11-23", "2026-11-30", "11-26 11-28"},
		{"return-paper", "2026-11-23", "2026-12-23", "12-08 12-21"},
		{"return-paper", "2026-01-31", "2026-02-28", "02-14 02-26"},
	} {
		d := deadlines[c.step]
		due, unconfirmed := d.Due(day(c.from), calendars["RU"])
		if !due.Equal(day(c.due)) || unconfirmed || dates(d.Warnings(day(c.from), due)) != c.warnings {
			t.Errorf("%s from %s: %s, %v, %s", c.step, c.from, due.Format(time.DateOnly), unconfirmed, dates(d.Warnings(day(c.from), due)))
		}
	}
	if d := deadlines["deliver"]; d.Missed["ru"] == "" || d.Blocks["ru"] == "" {
		t.Error("not said what is lost")
	}
	d, from, due := deadlines["deliver"], day("2026-11-23"), day("2026-11-30")
	for now, want := range map[string]procedure.Stage{"2026-11-25": procedure.Running, "2026-11-26": procedure.Warned, "2026-11-27": procedure.Warned,
		"2026-11-28": procedure.Urgent, "2026-11-30": procedure.Today, "2026-12-01": procedure.Missed} {
		if got, left := d.Stage(from, due, day(now).Add(23*time.Hour)); got != want || left != calendar.Days(day(now), due) {
			t.Errorf("%s: %s, %d", now, got, left)
		}
	}
	photo, _ := load(t, "ir-tamin-photo").Reason("photo")
	hours := photo.Routes[0].Steps[2].Deadline
	at := time.Date(2026, 11, 21, 15, 4, 0, 0, time.UTC)
	if due, _ := hours.Due(at, calendar.Calendar{}); !due.Equal(at.Add(48 * time.Hour)) {
		t.Errorf("48 hours: %s", due)
	}
}

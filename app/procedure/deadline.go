package procedure

import (
	"time"

	"rekey/app/calendar"
)

// Deadline counts from the day a step was done. Exactly one of Days, Working, Months and Hours is given.
type Deadline struct {
	From    string `yaml:"from"`         // step ID, or "opened"
	Days    int    `yaml:"days"`         // calendar days
	Working int    `yaml:"working_days"` // or working days of the procedure's country
	Months  int    `yaml:"months"`       // or calendar months
	Hours   int    `yaml:"hours"`        // or hours, from the moment
	Missed  Text   `yaml:"missed"`       // what is lost
	Blocks  Text   `yaml:"blocks"`       // what stops until the step is done
	Warn    *Warn  `yaml:"warn"`         // nil: at half and two days before
	Source  string `yaml:"source"`
}

// Warn says when a running deadline is called to mind.
type Warn struct {
	Half   bool  `yaml:"half"`
	Before []int `yaml:"before"` // days before the last day
}

// usual: at half of the time and two days before the end.
var usual = Warn{Half: true, Before: []int{2}}

// Due gives the last day of the deadline, which counts as in time; for hours the moment. The day of the event does not count.
// Unconfirmed is true when working days were counted that no calendar confirms.
func (d Deadline) Due(from time.Time, days calendar.Calendar) (due time.Time, unconfirmed bool) {
	switch day := calendar.Date(from); {
	case d.Hours > 0:
		return from.Add(time.Duration(d.Hours) * time.Hour), false
	case d.Working > 0:
		return days.AddWorking(day, d.Working)
	case d.Months > 0:
		return calendar.AddMonths(day, d.Months), false
	default:
		return day.AddDate(0, 0, d.Days), false
	}
}

// Warnings gives the days on which a deadline that runs from from to due is called to mind, in order.
func (d Deadline) Warnings(from, due time.Time) []time.Time {
	w := usual
	if d.Warn != nil {
		w = *d.Warn
	}
	return calendar.Warnings(from, due, w.Half, w.Before...)
}

// Stage is how near a deadline is.
type Stage string

// Stages of a deadline, the more pressing the later. Append only.
const (
	Running Stage = "running" // no warning yet
	Warned  Stage = "warned"  // the first warning day has come
	Urgent  Stage = "urgent"  // the last warning day has come
	Today   Stage = "today"   // the last day
	Missed  Stage = "missed"
)

// Stage says how near the deadline is at now, and how many days are left: 0 on the last day, below 0 when it is missed. All
// times are compared in the location of due.
func (d Deadline) Stage(from, due, now time.Time) (stage Stage, daysLeft int) {
	now = now.In(due.Location())
	left := calendar.Days(now, due)
	if d.Hours > 0 && now.After(due) || left < 0 {
		return Missed, min(left, 0)
	}
	if left == 0 {
		return Today, 0
	}
	warnings := d.Warnings(from, due)
	passed := 0
	for _, day := range warnings {
		if calendar.Days(day, now) >= 0 {
			passed++
		}
	}
	switch {
	case passed == 0:
		return Running, left
	case passed == len(warnings) && passed > 1 || left <= 2:
		return Urgent, left
	}
	return Warned, left
}

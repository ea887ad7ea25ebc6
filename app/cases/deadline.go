package cases

import (
	"time"

	"rekey/app/calendar"
	"rekey/app/procedure"
)

// WithDeadlines gives a copy of the case in which Due is the last day of every step whose deadline runs: the step that
// it counts from is done. The day of that event itself does not count.
func WithDeadlines(c Case, steps []procedure.Step, days calendar.Calendar) Case {
	done := map[string]time.Time{}
	for _, s := range c.Steps {
		if s.State == Done {
			done[s.ID] = s.At.Local()
		}
	}
	c.Steps = append([]Step(nil), c.Steps...)
	for i := range c.Steps {
		for _, s := range steps {
			if s.ID != c.Steps[i].ID || s.Deadline == nil {
				continue
			}
			if from, runs := done[s.Deadline.From]; runs {
				c.Steps[i].Due = due(from, *s.Deadline, days)
			}
		}
	}
	return c
}

func due(from time.Time, d procedure.Deadline, days calendar.Calendar) time.Time {
	day := calendar.Date(from)
	switch {
	case d.Working > 0:
		day, _ = days.AddWorking(day, d.Working)
	case d.Months > 0:
		day = calendar.AddMonths(day, d.Months)
	default:
		day = day.AddDate(0, 0, d.Days)
	}
	return day
}

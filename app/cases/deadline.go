package cases

import (
	"time"

	"rekey/app/calendar"
	"rekey/app/procedure"
)

// WithDeadlines gives a copy of the case in which Due is the last day of every step whose deadline runs: the step that
// it counts from is done. The day of that event itself does not count.
func WithDeadlines(c Case, steps []procedure.Step, days calendar.Calendar) Case {
	done := map[string]time.Time{procedure.Opened: c.CreatedAt.Local()}
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
				c.Steps[i].Due, c.Steps[i].Unconfirmed = s.Deadline.Due(from, days)
			}
		}
	}
	return c
}

// Package calendar counts deadlines: calendar days, months and the working days of a country.
//
// It promises pure functions of dates. The days off are data (assets/calendars) with their sources; further years are
// imported from a file (Import) or sent by the central API (Merge). A year that the data does not cover is counted by
// the weekend and the fixed holidays alone, and is said to be unconfirmed: so is each day that the law leaves open.
//
// It never asks the clock or the network, and never knows what a deadline is for.
package calendar

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Calendar is the working days of one country.
type Calendar struct {
	Country string       `yaml:"country" json:"country"` // ISO 3166-1 alpha-2
	Weekend []string     `yaml:"weekend" json:"weekend"` // lower-case English day names; empty: Saturday and Sunday
	Unsure  []string     `yaml:"unsure" json:"unsure"`   // week days that some offices are closed on: counted as working days, unconfirmed
	Fixed   []string     `yaml:"fixed" json:"fixed"`     // MM-DD, each year: holidays by law
	Solar   []string     `yaml:"solar" json:"solar"`     // MM-DD of the solar Hijri calendar, each year
	Sources []string     `yaml:"sources" json:"sources"`
	Years   map[int]Year `yaml:"years" json:"years"` // the years that are known completely
}

// Year names the days that differ from the weekly rule, as MM-DD.
type Year struct {
	Off     []string `yaml:"off" json:"off"`
	Working []string `yaml:"working" json:"working"` // Saturdays, Sundays and holidays on which people do work
	Short   []string `yaml:"short" json:"short"`     // working days that end an hour earlier
	Source  string   `yaml:"source" json:"source"`
}

// Load reads every *.yaml of a folder, by country.
func Load(files fs.FS, dir string) (map[string]Calendar, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("calendars: %w", err)
	}
	all := map[string]Calendar{}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("calendars: %w", err)
		}
		c, err := parseYAML(name, data)
		if err != nil {
			return nil, err
		}
		if _, twice := all[c.Country]; twice {
			return nil, fmt.Errorf("%s: a second calendar of %s", name, c.Country)
		}
		all[c.Country] = c
	}
	return all, nil
}

// Working says whether people work on that day, and whether the data confirms it.
func (c Calendar) Working(day time.Time) (works, confirmed bool) {
	weekend := c.Weekend
	if len(weekend) == 0 {
		weekend = []string{"saturday", "sunday"}
	}
	weekday, date := strings.ToLower(day.Weekday().String()), day.Format("01-02")
	off := slices.Contains(weekend, weekday) || slices.Contains(c.Fixed, date) || c.solarHoliday(day)
	year, known := c.Years[day.Year()]
	switch {
	case slices.Contains(year.Off, date):
		off = true
	case slices.Contains(year.Working, date):
		off = false
	}
	return !off, known && (off || !slices.Contains(c.Unsure, weekday))
}

// Short says whether that working day ends an hour earlier.
func (c Calendar) Short(day time.Time) bool {
	return slices.Contains(c.Years[day.Year()].Short, day.Format("01-02"))
}

func (c Calendar) solarHoliday(day time.Time) bool {
	if len(c.Solar) == 0 {
		return false
	}
	_, month, dom := Jalali(day)
	return slices.Contains(c.Solar, fmt.Sprintf("%02d-%02d", month, dom))
}

// Known says whether the working days of the year are confirmed.
func (c Calendar) Known(year int) bool {
	_, known := c.Years[year]
	return known
}

// AddWorking gives the n-th working day after the day of the event, which itself does not count.
// Unconfirmed is true when a day was counted that no data covers.
func (c Calendar) AddWorking(from time.Time, n int) (due time.Time, unconfirmed bool) {
	day := Date(from)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		works, confirmed := c.Working(day)
		unconfirmed = unconfirmed || !confirmed
		if works {
			n--
		}
	}
	return day, unconfirmed
}

// WorkingDays counts the working days after from up to and with to; 0 when to is not later.
func (c Calendar) WorkingDays(from, to time.Time) (n int, unconfirmed bool) {
	for day := Date(from).AddDate(0, 0, 1); !day.After(Date(to)); day = day.AddDate(0, 0, 1) {
		works, confirmed := c.Working(day)
		unconfirmed = unconfirmed || !confirmed
		if works {
			n++
		}
	}
	return n, unconfirmed
}

// AddMonths gives the same day n months later, or the last day of that month when it has no such day.
func AddMonths(from time.Time, n int) time.Time {
	y, m, d := from.Date()
	last := time.Date(y, m+time.Month(n)+1, 0, 0, 0, 0, 0, from.Location()).Day()
	return time.Date(y, m+time.Month(n), min(d, last), 0, 0, 0, 0, from.Location())
}

// Date cuts the clock off.
func Date(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// Days is the number of calendar days from one day to another, by date: summer time does not matter.
func Days(from, to time.Time) int {
	utc := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(utc(to).Sub(utc(from)).Hours() / 24)
}

// Warnings gives the days on which a running deadline is called to mind: the day half-way (the earlier one when the
// middle falls between two) and, for each number in before, that many days before the last day. Days that are not
// after the beginning are left out, doubles too; the result is in order.
func Warnings(from, due time.Time, half bool, before ...int) []time.Time {
	from, due = Date(from), Date(due)
	var days []time.Time
	if half {
		days = append(days, from.AddDate(0, 0, Days(from, due)/2))
	}
	for _, n := range before {
		days = append(days, due.AddDate(0, 0, -n))
	}
	days = slices.DeleteFunc(days, func(d time.Time) bool { return !d.After(from) || d.After(due) })
	slices.SortFunc(days, time.Time.Compare)
	return slices.CompactFunc(days, time.Time.Equal)
}

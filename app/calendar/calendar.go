// Package calendar counts deadlines: calendar days, months and the working days of a country.
//
// Pure functions of dates. The days off are data (assets/calendars); a year that the data does not
// cover is counted by the weekend alone and said to be unconfirmed.
package calendar

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Calendar is the working days of one country.
type Calendar struct {
	Country string       `yaml:"country"`
	Weekend []string     `yaml:"weekend"` // lower-case English day names
	Years   map[int]Year `yaml:"years"`
}

// Year names the days that differ from the weekly rule, as MM-DD.
type Year struct {
	Off     []string `yaml:"off"`
	Working []string `yaml:"working"`
}

// Load reads every *.yaml of a folder.
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
		dec := yaml.NewDecoder(bytes.NewReader(data))
		dec.KnownFields(true)
		var c Calendar
		if err := dec.Decode(&c); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
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
	off := slices.Contains(weekend, strings.ToLower(day.Weekday().String()))
	year, known := c.Years[day.Year()]
	switch date := day.Format("01-02"); {
	case slices.Contains(year.Off, date):
		off = true
	case slices.Contains(year.Working, date):
		off = false
	}
	return !off, known
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

package calendar

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Limits of what is read: a calendar of one country is some kilobytes.
const (
	maxFile  = 1 << 20 // bytes
	maxYears = 100
)

// A whole year of working days lies in this range in every country known here.
const (
	leastWorking = 200
	mostWorking  = 320
)

// Import reads further years from a file: XML as github.com/xmlcalendar/data keeps them (one year of one country), or
// YAML as in assets/calendars. The name is for the errors and as the source. What comes back holds only what the file says;
// Merge joins it with what is known.
func Import(name string, data []byte) (Calendar, error) {
	if len(data) > maxFile {
		return Calendar{}, fmt.Errorf("%s: larger than %d bytes", name, maxFile)
	}
	if bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))), []byte("<")) {
		return parseXML(name, data)
	}
	c, err := parseYAML(name, data)
	if err == nil && len(c.Years) == 0 {
		err = fmt.Errorf("%s: no years", name)
	}
	return c, err
}

// Merge gives the calendar with the years of more, which win over the same years of c. The country must be the same.
func (c Calendar) Merge(more Calendar) (Calendar, error) {
	if c.Country != "" && c.Country != more.Country {
		return c, fmt.Errorf("calendar of %s does not belong to %s", more.Country, c.Country)
	}
	c.Country = more.Country
	years := maps.Clone(c.Years)
	if years == nil {
		years = map[int]Year{}
	}
	for year, days := range more.Years {
		years[year] = days
	}
	c.Years = years
	return c, c.Check()
}

func parseYAML(name string, data []byte) (Calendar, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	var c Calendar
	if err := dec.Decode(&c); err != nil {
		return Calendar{}, fmt.Errorf("%s: %w", name, err)
	}
	for year, days := range c.Years {
		if days.Source == "" {
			days.Source = name
			c.Years[year] = days
		}
	}
	if err := c.Check(); err != nil {
		return Calendar{}, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// xmlYear is a file of xmlcalendar: t is 1 for a day off, 2 for a short working day, 3 for a working Saturday or
// Sunday. f and h say from where a day was moved and which holiday it is; they are not needed here.
type xmlYear struct {
	XMLName xml.Name `xml:"calendar"`
	Year    string   `xml:"year,attr"`
	Lang    string   `xml:"lang,attr"`
	Country string   `xml:"country,attr"`
	Days    []struct {
		Date string `xml:"d,attr"`
		Type string `xml:"t,attr"`
	} `xml:"days>day"`
}

func parseXML(name string, data []byte) (Calendar, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	// The files are UTF-8; another declared encoding is refused rather than guessed.
	dec.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("encoding %s is not known", label)
	}
	var x xmlYear
	if err := dec.Decode(&x); err != nil {
		return Calendar{}, fmt.Errorf("%s: %w", name, err)
	}
	year, err := strconv.Atoi(x.Year)
	if err != nil {
		return Calendar{}, fmt.Errorf("%s: %q is not a year", name, x.Year)
	}
	country := x.Country
	if country == "" {
		country = x.Lang
	}
	c := Calendar{Country: strings.ToUpper(country)}
	y := Year{Source: name}
	for _, d := range x.Days {
		date := strings.Replace(d.Date, ".", "-", 1)
		day, err := dayOf(year, date)
		if err != nil {
			return Calendar{}, fmt.Errorf("%s: %w", name, err)
		}
		switch d.Type {
		case "1":
			y.Off = append(y.Off, date)
			continue
		case "2":
			y.Short = append(y.Short, date)
		case "3":
		default:
			return Calendar{}, fmt.Errorf("%s: day %s has the unknown type %q", name, d.Date, d.Type)
		}
		if wd := day.Weekday(); wd == time.Saturday || wd == time.Sunday {
			y.Working = append(y.Working, date)
		}
	}
	c.Years = map[int]Year{year: y}
	if err := c.Check(); err != nil {
		return Calendar{}, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// Check finds what cannot be: unknown names, days that do not exist, a day named twice or both ways, a short day
// off, a year with hardly any or too many working days.
func (c Calendar) Check() error {
	if len(c.Country) != 2 || strings.ToUpper(c.Country) != c.Country {
		return fmt.Errorf("country %q is not a code such as RU", c.Country)
	}
	weekdays := []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
	for _, d := range slices.Concat(c.Weekend, c.Unsure) {
		if !slices.Contains(weekdays, d) {
			return fmt.Errorf("%q is not a day of the week", d)
		}
	}
	for _, d := range c.Fixed {
		if _, err := dayOf(2024, d); err != nil { // a leap year: 29 February may be a holiday
			return err
		}
	}
	for _, d := range c.Solar {
		var month, day int
		if _, err := fmt.Sscanf(d, "%02d-%02d", &month, &day); err != nil || len(d) != 5 {
			return fmt.Errorf("%q is not a day such as 01-13", d)
		}
		if _, err := FromJalali(1403, month, day); err != nil { // a leap year
			return err
		}
	}
	if len(c.Years) > maxYears {
		return errors.New("too many years")
	}
	for year, days := range c.Years {
		if err := c.checkYear(year, days); err != nil {
			return fmt.Errorf("year %d: %w", year, err)
		}
	}
	return nil
}

func (c Calendar) checkYear(year int, y Year) error {
	if year < 1990 || year > 2100 {
		return errors.New("is out of range")
	}
	for _, list := range [][]string{y.Off, y.Working, y.Short} {
		for i, d := range list {
			if _, err := dayOf(year, d); err != nil {
				return err
			}
			if slices.Contains(list[:i], d) {
				return fmt.Errorf("%s is named twice", d)
			}
		}
	}
	for _, d := range y.Off {
		if slices.Contains(y.Working, d) || slices.Contains(y.Short, d) {
			return fmt.Errorf("%s is off and working", d)
		}
	}
	n, _ := c.WorkingDays(time.Date(year-1, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC))
	if n < leastWorking || n > mostWorking {
		return fmt.Errorf("%d working days cannot be", n)
	}
	return nil
}

func dayOf(year int, monthDay string) (time.Time, error) {
	day, err := time.Parse("2006-01-02", fmt.Sprintf("%04d-%s", year, monthDay))
	if err != nil || len(monthDay) != 5 {
		return time.Time{}, fmt.Errorf("%q is not a day such as 12-31 of %d", monthDay, year)
	}
	return day, nil
}

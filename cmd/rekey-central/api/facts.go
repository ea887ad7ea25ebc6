package api

import (
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"

	"rekey/app/calendar"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-central/api/stub"
)

// facts are what is embedded in the program about procedures and working days.
type facts struct {
	procedures []*procedure.Procedure
	calendars  map[string]calendar.Calendar
}

func readFacts(files fs.FS) (f facts, err error) {
	if f.procedures, err = procedure.Load(files, "procedures"); err != nil {
		return f, err
	}
	f.calendars, err = calendar.Load(files, "calendars")
	return f, err
}

// current gives the overrides of today.
func (s *server) current() (all []procedure.Override, err error) {
	files, err := s.files()
	for _, f := range files {
		if f.Err == nil {
			all = append(all, f.Override)
		}
	}
	return all, err
}

// Procedures lists the facts of every procedure, after the overrides.
func (s *server) Procedures(w http.ResponseWriter, r *http.Request, _ stub.ProceduresParams) {
	all, err := s.procedures()
	s.fact(w, r, central.Page[procedureFacts]{Items: all}, err)
}

// Procedure gives one.
func (s *server) Procedure(w http.ResponseWriter, r *http.Request, id string, _ stub.ProcedureParams) {
	all, err := s.procedures()
	i := slices.IndexFunc(all, func(p procedureFacts) bool { return p.ID == id })
	if err == nil && i < 0 {
		err = problem(http.StatusNotFound, "there is no such procedure")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.fact(w, r, all[i], nil)
}

// Calendars lists the working days of every country, after the overrides.
func (s *server) Calendars(w http.ResponseWriter, r *http.Request, _ stub.CalendarsParams) {
	all, err := s.calendars()
	page := central.Page[calendar.Calendar]{Items: []calendar.Calendar{}}
	for _, country := range slices.Sorted(maps.Keys(all)) {
		page.Items = append(page.Items, all[country])
	}
	s.fact(w, r, page, err)
}

// Calendar gives one.
func (s *server) Calendar(w http.ResponseWriter, r *http.Request, country string, _ stub.CalendarParams) {
	all, err := s.calendars()
	c, known := all[country]
	if err == nil && !known {
		err = problem(http.StatusNotFound, "there is no calendar of this country")
	}
	s.fact(w, r, c, err)
}

func (s *server) fact(w http.ResponseWriter, r *http.Request, value any, err error) {
	var body []byte
	if err == nil {
		body, err = json.Marshal(value)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	cached(w, r, body)
}

// calendars: an override that does not fit is left out, as clients do.
func (s *server) calendars() (map[string]calendar.Calendar, error) {
	all, err := s.current()
	if err != nil {
		return nil, err
	}
	merged, _ := procedure.ApplyCalendars(s.facts.calendars, all)
	return merged, nil
}

func (s *server) procedures() ([]procedureFacts, error) {
	all, err := s.current()
	if err != nil {
		return nil, err
	}
	list := []procedureFacts{}
	for _, p := range s.facts.procedures {
		own := slices.DeleteFunc(slices.Clone(all), func(o procedure.Override) bool { return o.Procedure != p.ID })
		now, _ := procedure.Apply(p, own) // what does not fit is left out, as clients do
		list = append(list, factsOf(now))
	}
	slices.SortFunc(list, func(a, b procedureFacts) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}

package calendar_test

import (
	"io/fs"
	"testing"
	"time"

	"rekey/app/calendar"
	"rekey/assets"
)

// FuzzImport: a calendar from a file, XML or YAML, is whole and can be counted with, or is refused.
func FuzzImport(f *testing.F) {
	for _, name := range []string{"ir", "ru", "tr", "vn"} {
		data, err := fs.ReadFile(assets.Files, "calendars/"+name+".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`<?xml version="1.0" encoding="UTF-8"?><calendar year="2026" country="ru"><days><day d="01.01" t="1"/><day d="02.29" t="2"/></days></calendar>`))
	f.Add([]byte(`<calendar year="-1"><days><day d="99.99"/></days>`))
	f.Add([]byte("country: xx\nyears: {99999999: {}}"))
	f.Add([]byte("<!DOCTYPE a [<!ENTITY b \"&b;\">]><a>&b;</a>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := calendar.Import("fuzz", data)
		if err != nil {
			return
		}
		if err := c.Check(); err != nil {
			t.Errorf("taken and yet wrong: %v", err)
		}
		day := time.Date(2026, 2, 27, 0, 0, 0, 0, time.UTC)
		if due, _ := c.AddWorking(day, 5); due.Before(day) {
			t.Errorf("five working days after %v is %v", day, due)
		}
	})
}

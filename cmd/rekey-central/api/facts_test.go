package api

import (
	"os"
	"path/filepath"
	"testing"

	"rekey/app/calendar"
	"rekey/app/central"
	"rekey/cmd/rekey-central/overrides"
)

// What is embedded is what is served, until the office says something newer.
func TestProceduresAndCalendars(t *testing.T) {
	dir := t.TempDir()
	b := start(t, dir)
	list := b.want(200, b.ask(ownerKey, "GET", "/v1/procedures", nil))
	all := read[central.Page[procedureFacts]](t, list).Items
	if len(all) < 6 {
		t.Fatalf("%d procedures", len(all))
	}
	for i := 1; i < len(all); i++ {
		if all[i-1].ID >= all[i].ID {
			t.Errorf("%s before %s", all[i-1].ID, all[i].ID)
		}
	}
	one := b.want(200, b.ask(b.officer, "GET", "/v1/procedures/tr-kamusm-nes", nil))
	before := read[procedureFacts](t, one)
	if before.Title["en"] == "" || before.Country != "TR" || len(before.Contacts) == 0 {
		t.Errorf("got %s", one.body)
	}
	for path, tag := range map[string]string{"/v1/procedures": list.header.Get("ETag"), "/v1/procedures/tr-kamusm-nes": one.header.Get("ETag")} {
		if r := b.want(304, b.ask(ownerKey, "GET", path, nil, "If-None-Match", tag)); len(r.body) != 0 {
			t.Errorf("%s: %s", path, r.body)
		}
	}
	b.want(404, b.ask(ownerKey, "GET", "/v1/procedures/no-such", nil))
	b.want(404, b.ask(ownerKey, "GET", "/v1/calendars/XX", nil))
	if c := read[calendar.Calendar](t, b.want(200, b.ask(ownerKey, "GET", "/v1/calendars/RU", nil))); !c.Known(2025) || c.Known(2090) {
		t.Errorf("got %+v", c)
	}
	folder := filepath.Join(dir, overrides.Folder)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"procedure":"tr-kamusm-nes","as_of":"2099-01-01","source":"the office",
		"fees":[{"reason":"renewal","amount":"123.45","currency":"TRY"},{"reason":"no-such","amount":"1","currency":"TRY"}],
		"windows":{"reminder_days":77},"calendars":[{"country":"RU","years":{"2090":{"off":["01-02"]}}}]}`
	if err := os.WriteFile(filepath.Join(folder, "a.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := b.want(200, b.ask(ownerKey, "GET", "/v1/procedures/tr-kamusm-nes", nil, "If-None-Match", one.header.Get("ETag")))
	now := read[procedureFacts](t, r)
	if w := now.Windows; w.Reminder != 77 || w.AsOf == nil || w.AsOf.Format("2006-01-02") != "2099-01-01" || w.origin.Source != "the office" || !w.origin.Confirmed {
		t.Errorf("got %+v", w)
	}
	found := 0
	for _, f := range now.Fees {
		if f.Reason == "no-such" {
			t.Errorf("got %+v", f)
		}
		if f.Reason == "renewal" && f.Amount == "123.45" && f.origin.Source == "the office" {
			found++
		}
	}
	if found != 1 {
		t.Errorf("got %s", r.body)
	}
	if c := read[calendar.Calendar](t, b.want(200, b.ask(ownerKey, "GET", "/v1/calendars/RU", nil))); !c.Known(2090) || !c.Known(2025) {
		t.Errorf("got %+v", c)
	}
}

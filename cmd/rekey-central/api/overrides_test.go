package api

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/cmd/rekey-central/overrides"
)

const overrideText = "procedure: tr-kamusm-nes\nas_of: 2026-01-01\nsource: office\nwindows: {reminder_days: 30}\n"

func TestOverrides(t *testing.T) {
	dir := t.TempDir()
	b := start(t, dir)
	ask := func(tag string) reply {
		if tag == "" {
			return b.ask(ownerKey, "GET", "/v1/overrides", nil)
		}
		return b.ask(ownerKey, "GET", "/v1/overrides", nil, "If-None-Match", tag)
	}
	if r := b.want(200, ask("")); strings.TrimSpace(string(r.body)) != `{"overrides":[]}` {
		t.Errorf("got %s", r.body)
	}
	folder := filepath.Join(dir, overrides.Folder)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("b.yaml", overrideText)
	put("a.json", `{"procedure":"generic","as_of":"2026-02-01","source":"office"}`)
	put("broken.yaml", "procedure: tr-kamusm-nes\n")
	first := b.want(200, ask(""))
	if got := read[overrides.List](t, first); len(got.Overrides) != 2 || got.Overrides[0].Procedure != "generic" || got.Overrides[1].Windows.Reminder != 30 {
		t.Errorf("got %s", first.body)
	}
	tag := first.header.Get("ETag")
	for _, match := range []string{tag, `"other", ` + tag, "W/" + tag, "*"} {
		if r := b.want(304, ask(match)); len(r.body) != 0 || r.header.Get("ETag") != tag {
			t.Errorf("%s: %q %v", match, r.body, r.header)
		}
	}
	if r := b.want(200, b.ask(b.officer, "GET", "/v1/overrides", nil, "Range", "bytes=0-3")); len(r.body) != len(first.body) {
		t.Errorf("got %q", r.body)
	}
	put("b.yaml", strings.Replace(overrideText, "30", "31", 1))
	if r := b.want(200, ask(tag)); r.header.Get("ETag") == tag || read[overrides.List](t, r).Overrides[1].Windows.Reminder != 31 {
		t.Errorf("got %s", r.body)
	}
	b.want(400, b.bad().ask(ownerKey, "GET", "/v1/overrides?after=1", nil))
	if log := b.log.String(); strings.Count(log, "broken.yaml") == 0 || strings.Count(log, "override left out") != 1 || strings.Contains(log, dir) {
		t.Error(log)
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app/procedure"
)

func TestOverridesCheck(t *testing.T) {
	dir := t.TempDir()
	if out := mustDo(t, "overrides", "check", "--data", dir); !strings.Contains(out, "no overrides") {
		t.Error(out)
	}
	folder := filepath.Join(dir, "overrides")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "2026-tr.yaml"), []byte(overrideExample), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := mustDo(t, "overrides", "check", "--data", dir); out != "served  2026-tr.yaml: tr-kamusm-nes as of 2026-01-01, source: letter of the office\n" {
		t.Error(out)
	}
	if err := os.WriteFile(filepath.Join(folder, "a.json"), []byte(`{"procedure":"generic"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, complaint := do(t, "overrides", "check", "--data", dir)
	if status != exitFailed || !strings.Contains(out, "wrong   a.json: as_of") || !strings.Contains(out, "served  2026-tr.yaml") || !strings.Contains(complaint, "1 of 2 files") {
		t.Errorf("%d %s %s", status, out, complaint)
	}
	if status, _, _ := do(t, "overrides", "check", "--data", filepath.Join(dir, "none")); status != exitFailed {
		t.Errorf("a folder that is not there: status %d", status)
	}
	if status, _, _ := do(t, "overrides", "check"); status != exitUsage {
		t.Errorf("no folder: status %d", status)
	}
}

// The example of the help is what it promises to be, and is in the help.
func TestOverrideExample(t *testing.T) {
	o, err := procedure.ParseOverride("example", []byte(overrideExample))
	if err != nil || len(o.Fees) != 1 || o.Windows.Reminder != 30 || len(o.Copies) != 1 || len(o.Contacts) != 1 {
		t.Errorf("%v %+v", err, o)
	}
	if out := mustDo(t, "overrides", "--help"); !strings.Contains(out, overrideExample) {
		t.Error(out)
	}
}

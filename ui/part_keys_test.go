package ui

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
)

// Return in a path that is being given takes it; it does not press what ends the page.
func TestReturnEndsThePartOfThePage(t *testing.T) {
	d := &ableDesk{fakeDesk: newFake(t)}
	s := open(t, d, "en", "light")
	s.Go(pageSettings)
	s.rest()
	s.write("settings.module", "/usr/lib/other.so")
	s.win.Canvas().Focus(s.find("settings.module").(fyne.Focusable))
	s.key(fyne.KeyReturn)
	if len(d.modules) != 1 || d.modules[0] != "/usr/lib/other.so" {
		t.Errorf("modules %q", d.modules)
	}

	s = open(t, newFake(t), "vi", "light")
	toTable(s)
	field := s.wizard.rows().Fields[0].ID
	s.tap("rows.add")
	s.write("cell."+field, "Nguyễn Thử")
	s.win.Canvas().Focus(s.find("cell." + field).(fyne.Focusable))
	s.key(fyne.KeyEscape)
	s.onPage("wizard.2")
	if s.has("row.save") || len(s.wizard.draft.Rows) != 0 {
		t.Errorf("Esc does not close the row: %v, %d rows", s.has("row.save"), len(s.wizard.draft.Rows))
	}
	s.tap("rows.add")
	s.write("cell."+field, "Nguyễn Thử")
	s.win.Canvas().Focus(s.find("cell." + field).(fyne.Focusable))
	s.key(fyne.KeyReturn)
	s.onPage("wizard.2")
	if s.wizard.table.said != "" && len(s.wizard.draft.Rows) == 0 && !s.has("row.save") {
		t.Errorf("Return did something else: %q", s.wizard.table.said)
	}
	file := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(file, []byte(field+"\nLê Thử\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s.has("row.cancel") {
		s.tap("row.cancel")
	}
	before := len(s.wizard.draft.Rows)
	s.write("rows.path", file)
	s.win.Canvas().Focus(s.find("rows.path").(fyne.Focusable))
	s.key(fyne.KeyReturn)
	s.onPage("wizard.2")
	if len(s.wizard.draft.Rows) != before+1 {
		t.Errorf("%d rows after Return in the path, %d before", len(s.wizard.draft.Rows), before)
	}
}

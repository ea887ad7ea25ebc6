package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/app/cases"
	"rekey/app/procedure"
)

// TestReturnedTableIsCorrected: the rows of a returned list are mended, a word that was typed survives closing the window, and a wrong cell is
// named in the user's language.
func TestReturnedTableIsCorrected(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "vi", "light")
	toTable(s)
	fields := s.wizard.rows().Fields
	number, mail := fields[1], fields[slices.IndexFunc(fields, func(f procedure.Field) bool { return f.ID == "email" })]
	fill := func(address string) {
		for _, f := range fields {
			if len(f.Choices) == 0 {
				s.write("cell."+f.ID, map[bool]string{true: address, false: "Nguyễn Văn Dụ"}[f.Check == "email"])
			}
		}
	}
	s.tap("rows.add")
	fill("van-thu@example.gov.vn")
	s.tap("row.save")
	draft := s.wizard.draft
	c, err := d.Start(draft)
	if err != nil {
		t.Fatal(err)
	}
	c.Office, c.Why = "returned", "Hàng 1: thiếu số hiệu."
	for i := range c.Steps {
		if cases.Machine(c.Steps[i].What) {
			c.Steps[i].State = cases.Failed
		}
	}
	d.put(c)
	s.wizard = nil
	s.Go(pageCases)
	s.rest()
	s.openCase(c.ID)
	s.tap("case.correct")
	s.picture("88-case-correct-rows-vi")
	s.key(fyne.KeyTab)
	s.win.Canvas().Focus(s.find("rows.list"))
	s.key(fyne.KeyHome)
	s.key(fyne.KeyReturn)
	s.write("cell."+number.ID, "5401 0123")

	// The window is closed with the row open, and comes back to it.
	s.stop()
	s = open(t, d, "vi", "light")
	s.onPage("wizard.2")
	if got := s.find("cell." + number.ID).Caption(); got != "5401 0123" {
		t.Errorf("after closing: %q", got)
	}
	if _, draft := d.OpenDraft(); draft {
		t.Error("a correction is kept as a draft of a new case")
	}
	s.write("cell."+mail.ID, "van-thu")
	if got := s.wizard.table.cells[mail.ID].Said(); got != s.T("rule.email.at") {
		t.Errorf("beside the cell while typing: %q", got)
	}
	s.tap("row.save")
	if len(s.wizard.draft.Row) == 0 || s.wizard.draft.Rows[0][number.ID] == "5401 0123" {
		t.Error("a wrong row is taken")
	}
	s.picture("88-case-correct-row-vi")
	s.write("cell."+mail.ID, "van-thu@example.gov.vn")
	s.tap("row.save")
	// What slips by the window is refused by the Desk, and said with row and column.
	s.wizard.setRows(append(slices.Clone(s.wizard.draft.Rows), map[string]string{fields[0].ID: "Trần Thị Mẫu", mail.ID: "mau"}))
	s.tap("wizard.next")
	s.onPage("wizard.2")
	if said := s.wizard.table.said; !strings.Contains(said, mail.Label.In("vi")) || !strings.Contains(said, s.T("rule.email.at")) || strings.Contains(said, "needs an @") {
		t.Errorf("said of the table: %q", said)
	}
	s.tap("row.cancel")
	s.wizard.setRows(s.wizard.draft.Rows[:1])
	s.tap("wizard.next")
	s.until("work", func() bool { return s.page == pageJob })
	after, _ := d.Case(c.ID)
	if len(after.Rows) != 1 || after.Rows[0][number.ID] != "5401 0123" || len(d.kept) != 1 || len(d.drafts) != 0 {
		t.Errorf("rows %v, %d cases, drafts %v", after.Rows, len(d.kept), d.drafts)
	}
}

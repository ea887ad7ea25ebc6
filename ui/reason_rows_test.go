package ui

import (
	"reflect"
	"testing"
)

// TestChangedReasonKeepsTheTable: who looks at another reason and comes back finds the rows that were written.
func TestChangedReasonKeepsTheTable(t *testing.T) {
	s := open(t, newFake(t), "vi", "light")
	toTable(s)
	first := s.wizard.draft.Reason
	rows := []map[string]string{{s.wizard.rows().Fields[0].ID: "Nguyễn Văn Dụ"}}
	s.wizard.setRows(rows)
	for s.page == pageWizard && !s.has("wizard.reason."+first) {
		s.tap("wizard.back")
	}
	other := ""
	for _, r := range otherReasons(s.procedures["vn-vgca-bhxh"]) {
		if r.ID != first && r.Rows != nil && !reflect.DeepEqual(r.Rows, s.wizard.rows()) && s.has("wizard.reason."+r.ID) {
			other = r.ID
		}
	}
	if other == "" {
		for _, r := range otherReasons(s.procedures["vn-vgca-bhxh"]) {
			if r.ID != first && r.Rows == nil && s.has("wizard.reason."+r.ID) {
				other = r.ID
			}
		}
	}
	s.tap("wizard.reason." + other)
	if s.wizard.draft.Reason != other || len(s.wizard.draft.Rows) != 0 {
		t.Fatalf("%s has the rows of %s: %v", s.wizard.draft.Reason, first, s.wizard.draft.Rows)
	}
	s.tap("wizard.reason." + first)
	if s.wizard.draft.Reason != first || !reflect.DeepEqual(s.wizard.draft.Rows, rows) {
		t.Errorf("%s: %v", s.wizard.draft.Reason, s.wizard.draft.Rows)
	}
}

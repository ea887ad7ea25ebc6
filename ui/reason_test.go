package ui

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
)

func TestGuidanceOpensNoCase(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "tr", "light")
	s.tap("home.renew")
	before := s.wizard.draft
	s.tap("wizard.reason.damaged-reader")
	s.picture("91-guidance-tr")
	if s.has("wizard.next") || s.wizard.draft.Reason != before.Reason {
		t.Errorf("a note leads on: %v", s.ids())
	}
	s.key(fyne.KeyReturn)
	s.onPage("wizard.1")
	s.tap("wizard.reason.renewal")
	if !s.has("wizard.next") {
		t.Error("no way on from the reason that was there before")
	}
	s.tap("wizard.reason.lost")
	if got := s.wizard.draft; got.Reason != "lost" || got.Fingerprint != doctor().Fingerprint {
		t.Errorf("draft %+v", got)
	}
	s.tap("wizard.certificate.none")
	if got := s.wizard.draft; got.Reason != "lost" || got.Fingerprint != "" || s.has("wizard.reason.renewal") {
		t.Errorf("draft %+v, %v", got, s.ids())
	}
	s.picture("92-no-certificate-tr")
}

// TestFirstIssueWithoutCertificate: procedure, reason, details, the card for the new key.
func TestFirstIssueWithoutCertificate(t *testing.T) {
	d := newFake(t)
	d.entries = nil
	s := open(t, d, "en", "light")
	s.tap("nav.renew")
	s.tapChoice("renew.procedure", "tr-kamusm-nes")
	s.tap("renew.reason.damaged-reader")
	s.picture("93-renew-guidance-en")
	s.tapChoice("renew.procedure", "generic")
	s.picture("94-renew-other-en")
	s.tap("renew.reason.first-issue")
	s.onPage("wizard.2")
	for _, f := range s.wizard.asks() {
		if c := s.has("field." + f.ID); c && len(f.Choices) == 0 {
			s.write("field."+f.ID, map[bool]string{true: "head@example.org", false: "Example"}[f.Check == "email"])
		}
	}
	s.tap("wizard.next")
	s.onPage("wizard.3")
	s.picture("95-card-for-key-en")
	if s.find("wizard.next").Enabled() {
		t.Error("goes on without a card for the new key")
	}
	s.tap("wizard.card.77aa20b1")
	s.tap("wizard.next")
	s.tap("wizard.next")
	s.onPage("job.pin")
	if len(d.kept) != 1 || d.kept[0].Reason != "first-issue" || d.kept[0].Current != "" || d.kept[0].CardSerial != "77aa20b1" {
		t.Errorf("kept %+v", d.kept)
	}
}

// TestRows: add, edit, remove, import, and what the Desk says about the table.
func TestRows(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "vi", "light")
	toTable(s)
	s.tap("wizard.next")
	s.onPage("wizard.2") // a row at least
	if s.wizard.table.said == "" {
		t.Error("an empty table goes")
	}
	s.picture("96-rows-none-vi")
	fields := s.wizard.rows().Fields
	add := func(word string) {
		s.tap("rows.add")
		s.tap("row.save") // nothing is filled in
		for _, f := range fields {
			if len(f.Choices) == 0 {
				s.write("cell."+f.ID, map[bool]string{true: "hop-thu@example.gov.vn", false: word}[f.Check == "email"])
			}
		}
	}
	add("Nguyễn Văn Dụ")
	s.picture("97-row-vi")
	s.tap("wizard.next")
	s.onPage("wizard.2") // the row is still open
	s.tap("row.save")
	add("Trần Thị Mẫu")
	s.tap("row.save")
	if len(s.wizard.draft.Rows) != 2 {
		t.Fatalf("rows %v", s.wizard.draft.Rows)
	}
	file := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(file, []byte("\ufeff"+fields[0].ID+";"+fields[1].Label.In("vi")+";email\nLê Thử;Một;khong-co-a-cong\nPhạm Thử;Hai;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.dropped(fyne.NewPos(10, 10), []fyne.URI{storage.NewFileURI(file)})
	s.rest()
	if got := s.wizard.draft.Rows; len(got) != 4 || got[3][fields[1].ID] != "Hai" {
		t.Fatalf("rows %v", got)
	}
	bad := filepath.Join(t.TempDir(), "rows.yaml")
	if err := os.WriteFile(bad, []byte("rows:\n- {nonsense: 1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.write("rows.path", bad)
	s.tap("rows.import")
	if len(s.wizard.draft.Rows) != 4 || s.wizard.table.said == "" {
		t.Errorf("rows %v", s.wizard.draft.Rows)
	}
	s.picture("98-rows-vi")
	s.win.Canvas().Focus(s.find("rows.list"))
	s.key(fyne.KeyEnd)
	s.tap("rows.remove")
	s.win.Canvas().Focus(s.find("rows.list"))
	s.key(fyne.KeyDown)
	s.key(fyne.KeyReturn)
	if !s.has("row.save") {
		t.Fatalf("no row is open: %v", s.ids())
	}
	test.Type(s.find("cell."+fields[0].ID), "x")
	s.rest()
	s.tap("row.save")
	kept := d.drafts[s.wizard.draft.ID].Rows
	if len(kept) != 3 {
		t.Errorf("kept %v", kept)
	}
	s.tap("wizard.next")
	s.onPage("wizard.3")
	if s.has("wizard.card.77aa20b1") {
		s.tap("wizard.card.77aa20b1")
	}
	s.tap("wizard.next")
	s.onPage("wizard.4")
	s.picture("99-rows-check-vi")
	hasEmail := false
	for _, f := range fields {
		hasEmail = hasEmail || f.ID == "email"
	}
	s.tap("wizard.next")
	if hasEmail {
		s.onPage("wizard.2")
		s.picture("99-rows-wrong-vi")
		if s.wizard.table.said == "" || !s.has("cell.email") || s.wizard.table.cells["email"].Said() != s.T("rule.email.at") {
			t.Errorf("what is wrong with the table is not said: %q", s.wizard.table.said)
		}
	}
}

// toTable opens the first reason of Vietnam's procedure that has a table, its other details filled in.
func toTable(s *stage) {
	s.t.Helper()
	s.tap("nav.renew")
	s.tapChoice("renew.procedure", "vn-vgca-bhxh")
	id := ""
	for _, r := range otherReasons(s.procedures["vn-vgca-bhxh"]) {
		if r.Rows != nil && id == "" {
			id = r.ID
		}
	}
	s.tap("renew.reason." + id)
	s.onPage("wizard.2")
	for _, f := range s.wizard.asks() {
		switch {
		case !s.has("field." + f.ID):
		case len(f.Choices) > 0:
			for _, c := range f.Choices {
				if s.wizard.reason().For(c.ID) || f.ID != "holder_kind" {
					s.tapChoice("field."+f.ID, c.ID)
					break
				}
			}
		default:
			s.write("field."+f.ID, map[bool]string{true: "vanphong@example.gov.vn", false: "Ví dụ"}[f.Check == "email"])
		}
	}
}

package ui

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"rekey/app"
	"rekey/app/cases"
)

// ableDesk is a fakeDesk with the abilities that a Desk may have.
type ableDesk struct {
	*fakeDesk
	modules  []string
	attached []string
}

func (d *ableDesk) Attach(caseID, kind, name string, data []byte) (cases.Case, error) {
	c, err := d.Case(caseID)
	if err != nil {
		return c, err
	}
	d.attached = append(d.attached, kind+" "+name)
	c.Documents = append(slices.Clone(c.Documents), cases.Document{Kind: kind, Name: name, Size: int64(len(data)), At: d.now})
	d.put(c)
	return c, nil
}

func (d *ableDesk) SupportReport() (string, error) { return "report of the desk", nil }

func (d *ableDesk) AddedModules() []string { return d.modules }

func (d *ableDesk) AddModule(path string) error {
	if !filepath.IsAbs(path) {
		return &app.Error{Op: "add module", Kind: app.BadInput, Err: errors.New("no absolute path")}
	}
	d.modules = append(d.modules, path)
	return nil
}

func (d *ableDesk) RemoveModule(path string) error {
	d.modules = slices.DeleteFunc(d.modules, func(x string) bool { return x == path })
	return nil
}

var (
	_ Attacher     = (*ableDesk)(nil)
	_ Reporter     = (*ableDesk)(nil)
	_ ModuleKeeper = (*ableDesk)(nil)
)

func TestReceiptIsDropped(t *testing.T) {
	d := &ableDesk{fakeDesk: newFake(t)}
	s := open(t, d, "tr", "light")
	renewDoctor(s)
	id := d.kept[0].ID
	s.openCase(id)
	s.picture("15-case-attach-tr")
	file := filepath.Join(t.TempDir(), "dekont.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.7 receipt"), 0o600); err != nil {
		t.Fatal(err)
	}
	// Beside the places: what the case waits for, a receipt.
	s.dropped(fyne.NewPos(1, 1), []fyne.URI{storage.NewFileURI(file)})
	s.rest()
	place := s.app.Driver().AbsolutePositionForObject(s.drops[1].place)
	s.dropped(place.AddXY(5, 5), []fyne.URI{storage.NewFileURI(file)})
	s.rest()
	if want := []string{"receipt dekont.pdf", "scan dekont.pdf"}; !slices.Equal(d.attached, want) {
		t.Errorf("attached %v, want %v", d.attached, want)
	}
	bad := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(bad, []byte("<html>not a PDF</html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.dropped(fyne.NewPos(1, 1), []fyne.URI{storage.NewFileURI(bad)})
	s.rest()
	if len(d.attached) != 2 || s.note == nil {
		t.Errorf("a page that calls itself PDF was attached: %v", d.attached)
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.WriteFile(filepath.Join(home, "tarama.pdf"), []byte("%PDF-1.7 scan"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.tap("attach.scan")
	s.picture("16-attach-list-tr")
	s.win.Canvas().Focus(s.find("attach.files"))
	s.key(fyne.KeyReturn)
	if len(d.attached) != 3 || d.attached[2] != "scan tarama.pdf" {
		t.Errorf("attached %v", d.attached)
	}
}

func TestModulesAndReport(t *testing.T) {
	d := &ableDesk{fakeDesk: newFake(t)}
	s := open(t, d, "en", "light")
	s.tap("nav.settings")
	s.write("settings.module", "/opt/vendor/libcard.so")
	s.tap("settings.module.add")
	if !slices.Equal(d.modules, []string{"/opt/vendor/libcard.so"}) {
		t.Errorf("modules %v", d.modules)
	}
	s.picture("61-settings-modules-en")
	s.tap("settings.module.0.remove")
	if len(d.modules) != 0 {
		t.Errorf("modules %v", d.modules)
	}
	s.tap("nav.cards")
	s.tap("cards.report")
	if got := s.app.Clipboard().Content(); got != "report of the desk" {
		t.Errorf("clipboard: %q", got)
	}
}

// TestOwnReport: the window's own report names no person and no number of a card.
func TestOwnReport(t *testing.T) {
	s := open(t, newFake(t), "en", "light")
	s.tap("nav.cards")
	test.Tap(s.find("cards.report").(fyne.Tappable))
	s.rest()
	got := s.app.Clipboard().Content()
	for _, secret := range []string{doctor().HolderName, doctor().NationalID, doctor().CardSerial, doctor().CardLabel, doctor().Fingerprint} {
		if strings.Contains(got, secret) {
			t.Errorf("the report tells %q", secret)
		}
	}
	if !strings.Contains(got, "ACS ACR39U") || !strings.Contains(got, "libakisp11.so") {
		t.Errorf("the report lacks readers or modules:\n%s", got)
	}
}

// renewDoctor walks through the doctor's renewal.
func renewDoctor(s *stage) {
	s.t.Helper()
	s.tap("home.renew")
	s.tap("wizard.next")
	fillTurkish(s)
	for range 3 {
		s.tap("wizard.next")
	}
	s.write("pin.entry", "246810")
	s.tap("pin.ok")
	s.onPage("job.done")
}

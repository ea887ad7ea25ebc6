package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/ui/control"
)

// officeDesk is a fakeDesk whose exchange with the office the test decides.
type officeDesk struct {
	*fakeDesk
	box      app.Outbox
	state    app.StoreState
	revoked  map[string]bool
	enrolled string
	away     error // what an exchange brings
}

func (d *officeDesk) Sync(ctx context.Context) (app.SyncResult, error) {
	r, err := d.fakeDesk.Sync(ctx)
	if d.away != nil {
		r, err = app.SyncResult{Waiting: d.box.Waiting}, d.away
	}
	return r, err
}

func (d *officeDesk) Outbox() (app.Outbox, error) { return d.box, nil }

func (d *officeDesk) Look(ctx context.Context) (app.View, error) {
	v, err := d.fakeDesk.Look(ctx)
	v.Outbox, v.Store, v.Revoked = d.box, d.state, d.revoked
	return v, err
}

func (d *officeDesk) Configure(name, value string) error {
	bad := map[string]bool{app.SettingPin: len(value) != 44, app.SettingCA: !strings.Contains(value, "CERTIFICATE"), app.SettingTSA: !strings.HasPrefix(value, "http")}
	if value != "" && bad[name] {
		return &app.Error{Op: "settings", Kind: app.BadInput, Err: errors.New("wrong")}
	}
	return d.SetSetting(name, value)
}

func (d *officeDesk) Enrol(ctx context.Context, cardSerial string, ask app.Ask) (central.Me, error) {
	ask.Progress(app.Progress{What: app.StepEnrol})
	if err := d.ask(ctx, ask, cardSerial, app.StepEnrol); err != nil {
		return central.Me{}, err
	}
	d.enrolled = cardSerial
	return central.Me{Account: "1", Role: central.RoleHolder}, nil
}

var (
	_ Configurer = (*officeDesk)(nil)
	_ Enroller   = (*officeDesk)(nil)
)

// texts are all words that the window shows now.
func (s *stage) texts() string {
	var all []string
	for _, o := range test.LaidOutObjects(s.win.Content()) {
		if w, ok := o.(interface{ String() string }); ok {
			all = append(all, w.String())
		}
	}
	return strings.Join(all, "\n")
}

func (s *stage) says(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if got := s.texts(); !strings.Contains(got, w) {
			s.t.Errorf("the window does not say %q:\n%s", w, got)
		}
	}
}

// What waits, for how long, when it goes again and what the office refused: in the side bar and on the page of cases.
func TestOutboxIsShown(t *testing.T) {
	d := &officeDesk{fakeDesk: newFake(t)}
	since := fakeNow.Add(-3 * time.Hour)
	d.box = app.Outbox{Configured: true, Waiting: 2, Oldest: since, LastError: string(app.Refused), Items: []app.Unsent{
		{Kind: "case", Case: "none", Since: since, Attempts: 3, Next: fakeNow.Add(8 * time.Minute), LastError: string(app.ServerAnswer)},
		{Kind: "receipt", Since: since, Refused: "not readable"},
	}}
	s := open(t, d, "en", "light")
	s.says("3 hours")
	s.tap("nav.cases")
	s.says("Application", "next try:", "9:20", "Payment receipt", "not readable")
	s.picture("70-cases-outbox-en")
	s.tap("outbox.now")
	s.says("Exchanged with the office")
}

// The office does not know us, or is perhaps not the office: a sentence with what to do, a way to the settings, and one notification.
func TestOfficeNeedsThePerson(t *testing.T) {
	for _, kind := range personActs {
		d := &officeDesk{fakeDesk: newFake(t)}
		d.box = app.Outbox{Configured: true, LastError: string(kind), Detail: "technical words"}
		s := open(t, d, "en", "light")
		s.says(s.T("error."+string(kind)+".what"), s.T("error."+string(kind)+".do"))
		test.AssertNotificationSent(t, fyne.NewNotification(s.T("error."+string(kind)+".what"), s.T("error."+string(kind)+".do")), func() { s.tellOffice("", string(kind)); s.rest() })
		test.AssertNotificationSent(t, nil, func() { s.tellOffice(string(kind), string(kind)); s.rest() })
		s.tap("office.settings")
		s.onPage(pageSettings)
		s.says(s.T("error." + string(kind) + ".what"))
	}
}

func TestOfficeSettings(t *testing.T) {
	d := &officeDesk{fakeDesk: newFake(t)}
	s := open(t, d, "en", "light")
	s.tap("nav.settings")
	if s.find("settings.enrol").Enabled() {
		t.Error("one can sign in to nobody")
	}
	s.write("settings.central", "https://office.example")
	s.write("settings.pin", "too short")
	s.tap("settings.save")
	s.says(s.T("settings.pin.bad"))
	if d.Setting(app.SettingPin) != "" {
		t.Error("a wrong pin was kept")
	}
	s.write("settings.pin", strings.Repeat("A", 43)+"=")
	s.write("settings.proxy", "http://proxy.example:3128")
	s.write("settings.tsa", "http://stamp.example/tsa")
	file := filepath.Join(t.TempDir(), "ca.pem")
	s.write("settings.ca", file)
	s.tap("settings.save")
	s.says(s.T("settings.ca.bad"))
	if err := os.WriteFile(file, []byte("-----BEGIN CERTIFICATE-----"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.tap("settings.save")
	s.says(s.T("settings.saved"), s.T("settings.ca.kept"))
	for key, want := range map[string]string{SettingCentral: "https://office.example", app.SettingProxy: "http://proxy.example:3128", app.SettingTSA: "http://stamp.example/tsa", app.SettingCA: "-----BEGIN CERTIFICATE-----"} {
		if got := d.Setting(key); got != want {
			t.Errorf("%s: %q", key, got)
		}
	}
	s.write("settings.key", "a-key-that-the-office-has-made-00")
	s.tap("settings.save")
	s.says(s.T("settings.saved"))
	if got := d.Setting(app.SettingKey); got != "a-key-that-the-office-has-made-00" || strings.Contains(s.texts(), got) {
		t.Errorf("key %q, or it is shown", got)
	}
	s.picture("71-settings-office-en")
	s.tap("settings.ca.remove")
	if d.Setting(app.SettingCA) != "" {
		t.Error("the authority is still there")
	}
	s.tap("settings.enrol")
	s.write("pin.entry", "246810")
	s.tap("pin.ok")
	s.onPage("job.done")
	s.says(s.T("enrol.done"))
	if d.enrolled != doctor().CardSerial || len(d.pins) != 1 {
		t.Errorf("%q, %d PINs", d.enrolled, len(d.pins))
	}
}

// A conflict stands among the steps, where it belongs in time; the certificate that the office has revoked is not passed over.
func TestConflictAndRevocationAreShown(t *testing.T) {
	d := &officeDesk{fakeDesk: newFake(t), revoked: map[string]bool{doctor().Fingerprint: true}}
	s := open(t, d, "en", "light")
	s.says(s.T("home.revoked"))
	renewDoctor(s)
	d.kept[0].Conflicts = []cases.Conflict{{At: fakeNow, Office: "returned", Why: "the stamp is missing", Again: true}, {At: fakeNow, Office: "approved"}}
	s.tap("nav.cases")
	s.openCase(d.kept[0].ID)
	s.says(s.T("conflict.again"), "the stamp is missing", s.T("conflict.kept"))
	s.picture("72-case-conflict-en")
	lines := s.stepList(d.kept[0], nil)
	i := slices.IndexFunc(lines, func(l control.Step) bool { return l.Text == s.T("conflict.again") })
	if i < 1 || i > len(lines)-2 || lines[i+1].Text != s.T("conflict.kept") {
		t.Errorf("the conflicts stand at %d of %d", i, len(lines))
	}
}

func TestStoreIsShown(t *testing.T) {
	d := &officeDesk{fakeDesk: newFake(t), state: app.StoreState{Keyring: true, KeyNote: "locked", Tightened: []string{"rekey.db"}, Backup: "no room for a backup", Trouble: app.DiskFull}}
	s := open(t, d, "en", "light")
	s.tap("nav.cards")
	s.says(s.T("store.key-ring"), s.T("error.disk-full.what"), "locked", "rekey.db", "no room for a backup")
	s.picture("73-cards-store-en")
}

// One setting that cannot be right stops at its field, in the order of the page: what stands above it is kept each time.
func TestOfficeSettingsAreKeptInOrder(t *testing.T) {
	for range 12 {
		d := &officeDesk{fakeDesk: newFake(t)}
		s := open(t, d, "en", "light")
		s.Go(pageSettings)
		s.rest()
		s.write("settings.central", "https://office.example")
		s.write("settings.pin", "too short")
		s.write("settings.proxy", "http://proxy.example:3128")
		s.tap("settings.save")
		if s.fault != "settings.pin" || d.Setting(SettingCentral) != "https://office.example" || d.Setting(app.SettingProxy) != "" {
			t.Fatalf("%s is wrong, kept %q and %q", s.fault, d.Setting(SettingCentral), d.Setting(app.SettingProxy))
		}
	}
}

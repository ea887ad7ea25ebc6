package ui

import (
	"errors"
	"strings"
	"time"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/register"
)

// officePages shows what the exchange with the office, the store and a crash put onto the pages.
func officePages(s *stage, d *officeDesk, look func(name string)) {
	since := fakeNow.Add(-3 * time.Hour)
	look("40-home-office")
	d.box = app.Outbox{Configured: true, Waiting: 3, Oldest: since, LastError: string(app.NotAdmitted), Detail: "401", Items: []app.Unsent{
		{Kind: "case", Case: "draft-1", Since: since, Attempts: 3, Next: fakeNow.Add(8 * time.Minute), LastError: string(app.ServerAnswer)},
		{Kind: "receipt", Since: since, Next: fakeNow},
		{Kind: "revocation", Since: since, Refused: "The receipt cannot be read."},
	}}
	s.reload()
	s.rest()
	s.tap("nav.cases")
	look("41-cases-outbox")
	s.tap("nav.settings")
	s.write("settings.central", "https://office.example")
	s.write("settings.pin", "too short")
	s.write("settings.proxy", "http://proxy.example:3128")
	s.tap("settings.save")
	look("42-settings-wrong")
	s.scrollTo(620)
	look("43-settings-office")
	s.write("settings.pin", strings.Repeat("A", 43)+"=")
	s.tap("settings.save")
	s.tap("settings.enrol")
	look("44-enrol")
	s.tap("pin.cancel")
	s.crash = "panic: somewhere"
	s.tap("nav.cards")
	look("45-cards-store")
	s.crash = ""
	d.kept[0].Conflicts = []cases.Conflict{{At: fakeNow, Office: "returned", Why: "The stamp is missing.", Again: true}, {At: fakeNow, Office: "approved"}}
	s.tap("nav.cases")
	s.openCase(d.kept[0].ID)
	look("46-case-conflict")
	waits := d.box
	d.box = app.Outbox{Configured: true, Reached: fakeNow.Add(-time.Hour), LastError: string(app.Offline)}
	d.away = &app.Error{Op: "sync", Kind: app.Offline, Err: errors.New("no route")}
	s.reload()
	s.rest()
	s.tap("case.sync")
	s.scrollTo(10000)
	look("46-case-not-fetched")
	d.box, d.away = waits, nil
	paper := issuedOnPaper(d.fakeDesk)
	paper.HolderKey = register.HolderKey(head(false).Certificate)
	d.kept = append(d.kept, paper)
	s.reload()
	s.rest()
	s.tap("nav.home")
	s.tapChoice("home.holder", paper.HolderKey)
	look("40-home-issued")
	d.kept = d.kept[:len(d.kept)-1]
	s.reload()
	s.rest()
	s.tapChoice("home.holder", register.HolderKey(doctor().Certificate))
	unsend(s, d)
	look("49-case-unsent")
	s.tap("nav.home")
	look("49-home-unsent")
}

// newOfficeDesk is a desk with everything that can go wrong at the office and on this machine.
func newOfficeDesk(d *fakeDesk) *officeDesk {
	return &officeDesk{fakeDesk: d, revoked: map[string]bool{doctor().Fingerprint: true},
		box:   app.Outbox{Configured: true, Waiting: 1, Oldest: fakeNow.Add(-50 * time.Hour), LastError: string(app.Untrusted), Detail: "x509"},
		state: app.StoreState{Keyring: true, KeyNote: "locked", Tightened: []string{"rekey.db"}, Backup: "no room for a backup", Trouble: app.DiskFull}}
}

// rescuePages shows the small window before the main one.
func rescuePages(s *stage, look func(name string)) {
	look("47-rescue")
	s.press("rescue.restore", func() bool { return s.has("rescue.start") })
	look("48-rescue-done")
}

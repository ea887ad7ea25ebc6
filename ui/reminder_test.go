package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/register"
)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, time.Local)
	if err != nil {
		panic(err)
	}
	return t
}

func TestRemindNow(t *testing.T) {
	night, never := Quiet{20, 8}, Quiet{}
	end := at("2026-12-31 23:00")
	for name, x := range map[string]struct {
		now   string
		last  reminded
		quiet Quiet
		want  int // 0: no reminder
	}{
		"far away":                      {"2026-09-01 10:00", reminded{}, night, 0},
		"90 days":                       {"2026-10-02 10:00", reminded{}, night, 90},
		"89 days, reminded of 90":       {"2026-10-03 10:00", reminded{90, "2026-10-02"}, night, 0},
		"60 days":                       {"2026-11-01 10:00", reminded{90, "2026-10-02"}, night, 60},
		"first look at 20 days":         {"2026-12-11 10:00", reminded{}, night, 30},
		"14 slept over, 7 reached":      {"2026-12-24 10:00", reminded{30, "2026-12-01"}, night, 7},
		"last day":                      {"2026-12-30 10:00", reminded{7, "2026-12-24"}, night, 1},
		"ends today":                    {"2026-12-31 10:00", reminded{7, "2026-12-24"}, night, 1},
		"ends today, reminded":          {"2026-12-31 10:00", reminded{1, "2026-12-30"}, night, 0},
		"ended":                         {"2027-01-01 10:00", reminded{}, night, 0},
		"quiet in the evening":          {"2026-12-30 20:00", reminded{}, night, 0},
		"quiet at night":                {"2026-12-30 07:59", reminded{}, night, 0},
		"not quiet in the morning":      {"2026-12-30 08:00", reminded{}, night, 1},
		"no quiet hours":                {"2026-12-30 03:00", reminded{}, never, 1},
		"never twice a day":             {"2026-12-30 15:00", reminded{7, "2026-12-30"}, night, 0},
		"new certificate, old reminder": {"2026-10-02 10:00", reminded{}, night, 90},
	} {
		next, due := remindNow(end, at(x.now), x.last, x.quiet)
		if due != (x.want > 0) || due && (next.at != x.want || next.day != x.now[:10]) || !due && next != x.last {
			t.Errorf("%s: %v %+v, want %d", name, due, next, x.want)
		}
	}
	if q := quietOf("18-9"); q != (Quiet{18, 9}) || quietOf("x") != night || quietOf("25-3") != night || quietOf(q.String()) != q {
		t.Error("quiet hours are read wrongly")
	}
	if r := remindedOf("30 2026-11-21"); r != (reminded{30, "2026-11-21"}) || remindedOf("") != (reminded{}) || remindedOf(r.String()) != r {
		t.Error("the last reminder is read wrongly")
	}
}

// TestRemindsOnce: the window reminds of the doctor's 23 days and the head's 40, each once.
func TestRemindsOnce(t *testing.T) {
	d := newFake(t)
	s := open(t, d, "en", "light")
	if got := d.Setting(settingReminded + short(doctor().Fingerprint)); got != "30 2026-11-21" {
		t.Errorf("kept: %q", got)
	}
	if got := d.Setting(settingReminded + short(head(false).Fingerprint)); got != "60 2026-11-21" {
		t.Errorf("kept: %q", got)
	}
	test.AssertNotificationSent(t, nil, func() { s.remind(); s.rest() })
	delete(d.settings, settingReminded+short(doctor().Fingerprint))
	want := fyne.NewNotification("Your signature expires in 23\u00a0days", doctor().HolderName+"\n"+s.T("remind.text"))
	test.AssertNotificationSent(t, want, func() { s.remind(); s.rest() })
	s.rest()
	delete(d.settings, settingReminded+short(doctor().Fingerprint))
	d.kept = append(d.kept, cases.Case{ID: "c", HolderKey: register.HolderKey(doctor().Certificate), Steps: []cases.Step{{What: "sign"}}})
	begun := fyne.NewNotification("Your signature expires in 23\u00a0days", doctor().HolderName+"\n"+s.T("remind.open"))
	test.AssertNotificationSent(t, begun, func() { s.remind(); s.rest() })
	d.away = []app.End{{Holder: "Dr. Away", Fingerprint: "0123456789abcdef", NotAfter: fakeNow.AddDate(0, 0, 14)}}
	away := fyne.NewNotification("Your signature expires in 14\u00a0days", "Dr. Away\n"+s.T("remind.text"))
	test.AssertNotificationSent(t, away, func() { s.remind(); s.rest() })
	delete(d.settings, settingReminded+short(doctor().Fingerprint))
	d.settings[SettingReminders] = "off"
	test.AssertNotificationSent(t, nil, func() { s.remind(); s.rest() })
}

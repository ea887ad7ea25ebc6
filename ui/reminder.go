package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
)

// remindAt are the days before the end at which the holder is reminded.
var remindAt = []int{90, 60, 30, 14, 7, 1}

// Quiet are hours of the day without reminders, From … To; equal means: none. They may run over midnight.
type Quiet struct{ From, To int }

// String writes the hours as they are kept: "20-8".
func (q Quiet) String() string { return fmt.Sprintf("%d-%d", q.From, q.To) }

// quietOf reads kept hours; what is not kept, or damaged, is from 20 to 8 o'clock.
func quietOf(kept string) Quiet {
	var q Quiet
	if n, err := fmt.Sscanf(kept, "%d-%d", &q.From, &q.To); err != nil || n != 2 || q.From < 0 || q.From > 23 || q.To < 0 || q.To > 23 {
		return Quiet{20, 8}
	}
	return q
}

// Holds says whether a moment lies in the quiet hours, by its own clock.
func (q Quiet) Holds(at time.Time) bool {
	h := at.Hour()
	switch {
	case q.From == q.To:
		return false
	case q.From < q.To:
		return h >= q.From && h < q.To
	}
	return h >= q.From || h < q.To
}

// reminded is the last reminder about one certificate, as it is kept: "30 2026-11-21".
type reminded struct {
	at  int    // which of remindAt, 0: none yet
	day string // local day
}

func (r reminded) String() string { return fmt.Sprintf("%d %s", r.at, r.day) }

func remindedOf(kept string) reminded {
	var r reminded
	if _, err := fmt.Sscanf(kept, "%d %s", &r.at, &r.day); err != nil {
		return reminded{}
	}
	return r
}

// remindNow says whether the holder of a certificate is to be reminded at this moment, and gives what to keep then. It is a pure
// function of dates: once for each of remindAt (the nearest one that has been reached; those slept over are not made up for), never
// in quiet hours, never twice on one day, and no more once the certificate has ended.
func remindNow(end, now time.Time, last reminded, quiet Quiet) (reminded, bool) {
	days := daysUntil(end, now)
	today := now.Format(time.DateOnly)
	if days < 0 || quiet.Holds(now) || last.day == today {
		return last, false
	}
	reached := 0
	for _, n := range remindAt {
		if days <= n {
			reached = n
		}
	}
	if reached == 0 || last.at != 0 && last.at <= reached {
		return last, false
	}
	return reminded{reached, today}, true
}

// daysUntil counts calendar days in the clock of now.
func daysUntil(end, now time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(now.Location()).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	if end.Before(now) {
		return -1
	}
	return int(day(end).Sub(day(now)).Hours() / 24)
}

func (w *Window) quiet() Quiet { return quietOf(w.desk.Setting(SettingQuiet)) }

// remind sends the reminders that are due: of every signature whose card was in a reader of this computer, wherever the card is now.
// Who has a case open is reminded to finish it.
func (w *Window) remind() {
	if !w.looked || w.desk.Setting(SettingReminders) == "off" {
		return
	}
	ends, err := w.desk.Ends()
	w.report(err)
	for _, end := range ends {
		key := settingReminded + short(end.Fingerprint)
		next, due := remindNow(end.NotAfter, w.now(), remindedOf(w.desk.Setting(key)), w.quiet())
		if !due {
			continue
		}
		w.keep(key, next.String())
		text := "remind.text"
		if end.Open {
			text = "remind.open"
		}
		w.notify(w.T("home.ends", "n", daysUntil(end.NotAfter, w.now())), strings.TrimSpace(end.Holder+"\n"+w.T(text)))
	}
}

// keepReminding looks now and then, so that a window that stays open for weeks reminds too.
func (w *Window) keepReminding() {
	tick := time.NewTicker(remindEvery)
	defer tick.Stop()
	for {
		select {
		case <-w.ctx.Done():
			return
		case <-tick.C:
			w.post(w.remind)
		}
	}
}

const remindEvery = 20 * time.Minute

// notify shows a notification of the system. The system may take its time over it.
func (w *Window) notify(title, text string) {
	work(w, func(context.Context) (struct{}, error) {
		w.app.SendNotification(fyne.NewNotification(title, text))
		return struct{}{}, nil
	}, func(struct{}, error) {})
}

// longWork is how long something must have run for its end to be worth a notification.
const longWork = 10 * time.Second

// notifyEnd tells of the end of work that took long: the person may be looking at something else by then.
func (w *Window) notifyEnd(began time.Time, what string) {
	if !began.IsZero() && w.now().Sub(began) >= longWork {
		w.notify(w.T("app.name"), what)
	}
}

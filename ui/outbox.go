package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/ui/control"
	"rekey/ui/look"
)

// personActs are the failures of the exchange that time does not mend: the person is told what to do.
var personActs = []app.Kind{app.NotAdmitted, app.Untrusted, app.ProxyTrouble}

// outboxState is the last line at the foot: what has not reached the office yet, and for how long? And does the office answer at all?
func (w *Window) outboxState() control.State {
	colour, text := look.Green, w.T("side.sent")
	switch box := w.view.Outbox; {
	case !w.looked:
		return control.State{}
	case !box.Configured:
		colour, text = look.Muted, w.T("side.no-office")
	case box.Waiting > 0:
		colour, text = look.Amber, w.T("side.waiting", "n", box.Waiting)
		if age := w.now().Sub(box.Oldest); age >= time.Minute {
			text += " · " + w.age(age)
		}
	case box.LastError == string(app.Offline), slices.Contains(personActs, app.Kind(box.LastError)):
		colour, text = look.Amber, w.T("side.no-contact")
	}
	return control.State{Ink: colour, Text: text}
}

// age says a time that has passed, roughly.
func (w *Window) age(d time.Duration) string {
	switch {
	case d < time.Hour:
		return w.T("age.minutes", "n", int(d/time.Minute))
	case d < 48*time.Hour:
		return w.T("age.hours", "n", int(d/time.Hour))
	}
	return w.T("age.days", "n", int(d/(24*time.Hour)))
}

// officeBanner says what the person has to do so that the exchange goes on; nil: nothing.
func (w *Window) officeBanner() fyne.CanvasObject {
	box := w.view.Outbox
	if !w.looked || !slices.Contains(personActs, app.Kind(box.LastError)) {
		return nil
	}
	n := &notice{tone: control.Bad, what: w.T("error." + box.LastError + ".what"), do: w.T("error." + box.LastError + ".do"), detail: box.Detail}
	buttons := n.copyButton(w)
	if w.page != pageSettings {
		buttons = append(buttons, control.NewButton("office.settings", w.T("page.settings"), theme.SettingsIcon(), control.Secondary, func() { w.Go(pageSettings) }))
	}
	return control.Banner(n.tone, n.what, n.do, buttons...)
}

// tellOffice notifies once when the exchange begins to need the person.
func (w *Window) tellOffice(before, now string) {
	if before != now && slices.Contains(personActs, app.Kind(now)) {
		w.notify(w.T("error."+now+".what"), w.T("error."+now+".do"))
	}
}

// outboxPanel lists what waits, since when, when it is tried again, and what went wrong; nil: nothing waits.
func (w *Window) outboxPanel() fyne.CanvasObject {
	box := w.view.Outbox
	if len(box.Items) == 0 || !box.Configured {
		return nil
	}
	now := control.NewButton("outbox.now", w.T("outbox.now"), theme.MailSendIcon(), control.Secondary, w.sync)
	if w.stopSync != nil {
		now = control.NewButton("outbox.stop", w.T("cancel"), theme.CancelIcon(), control.Secondary, w.stopSync)
	}
	lines := []fyne.CanvasObject{control.Head(w.T("outbox.title"), now)}
	if done := w.unsentOf - w.unsentLeft; w.stopSync != nil && w.unsentOf > 1 && done >= 0 {
		lines = append(lines, control.Progress(float32(done)/float32(w.unsentOf), w.T("job.count", "done", done, "of", w.unsentOf)))
	}
	for i, it := range box.Items {
		if i == mostWaiting {
			lines = append(lines, control.Small(w.T("outbox.more", "n", len(box.Items)-i)))
			break
		}
		lines = append(lines, w.waitingLine(it))
	}
	return control.Panel(lines...)
}

// mostWaiting is how many lines of the outbox are shown.
const mostWaiting = 6

func (w *Window) waitingLine(it app.Unsent) fyne.CanvasObject {
	what := w.known("outbox.", it.Kind, it.Kind)
	if c, ok := w.findCase(it.Case); ok {
		what += " · " + c.Holder
	}
	note := w.T("outbox.since", "moment", w.t.Moment(it.Since))
	switch {
	case it.Refused != "":
		note += "\n" + w.T("outbox.refused", "why", strings.TrimRight(it.Refused, ". "))
	case it.LastError != "" && w.t.Has("error."+it.LastError+".what"):
		note += " · " + w.nextTry(it.Next) + "\n" + w.T("error."+it.LastError+".what")
	default:
		note += " · " + w.nextTry(it.Next)
	}
	return look.TopRow(12, 1, control.Icon(theme.MailSendIcon(), look.Muted, 19), look.Column(1, control.Para(what), control.Small(note)))
}

func (w *Window) nextTry(at time.Time) string {
	if !at.After(w.now()) {
		return w.T("outbox.soon")
	}
	return w.T("outbox.next", "moment", w.t.Moment(at))
}

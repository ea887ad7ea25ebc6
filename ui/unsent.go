package ui

import (
	"slices"

	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/ui/control"
)

// unsent says that the case waits in the outbox and that nothing else is left for Rekey to do: going on would only try the same again.
func (w *Window) unsent(c cases.Case) bool {
	ahead := c.Ahead(issued(&c))
	return len(ahead) > 0 && !slices.ContainsFunc(ahead, func(what string) bool { return what != procedure.Send }) &&
		slices.ContainsFunc(w.view.Outbox.Items, func(it app.Unsent) bool { return it.Kind == "case" && it.Case == c.ID && it.Refused == "" })
}

// unsentWords say what a case that is not sent waits for.
func (w *Window) unsentWords() string {
	if !w.view.Outbox.Configured {
		return w.T("home.unsent.no-office")
	}
	return w.T("home.unsent.text")
}

// sendAction brings what waits to the office now; where no office is set up, it opens the settings.
func (w *Window) sendAction() action {
	a := action{w.T("home.unsent"), w.unsentWords(), "home.sync", w.T("home.unsent.now"), theme.ViewRefreshIcon(), control.Primary, w.sync}
	switch {
	case !w.view.Outbox.Configured:
		a.id, a.button, a.icon, a.do = "home.settings", w.T("page.settings"), theme.SettingsIcon(), func() { w.Go(pageSettings) }
	case w.stopSync != nil:
		a.id, a.button, a.icon, a.do = "home.sync.stop", w.T("cancel"), theme.CancelIcon(), w.stopSync
	}
	return a
}

// sendNow is the button of sendAction on another page.
func (w *Window) sendNow(page string, weight control.Weight) *control.Button {
	a := w.sendAction()
	return control.NewButton(page+a.id[len("home"):], a.button, a.icon, weight, a.do)
}

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// setTray keeps the program in the system's tray after the window is closed, when the person wants that: so it can remind in time.
// Otherwise closing the window ends the program. Fyne opens the tray only when the program starts: what is switched on later holds from the
// next start, or the window would close without a way back.
func (w *Window) setTray(starts bool) {
	tray, ok := w.app.(desktop.App)
	if !ok {
		return
	}
	w.trayed = w.trayed || starts && w.desk.Setting(SettingTray) == "on"
	if w.desk.Setting(SettingTray) != "on" || !w.trayed {
		w.inTray = false
		return
	}
	show := fyne.NewMenuItem(w.T("tray.open"), w.front)
	renew := fyne.NewMenuItem(w.T("page.wizard"), func() {
		w.front()
		w.leaveTo(pageRenew)
	})
	quit := fyne.NewMenuItem(w.T("tray.quit"), w.app.Quit)
	quit.IsQuit = true
	tray.SetSystemTrayMenu(fyne.NewMenu(w.T("app.name"), show, renew, fyne.NewMenuItemSeparator(), quit))
	w.inTray = true
}

// closing is what happens when the person closes the window: it goes into the tray where there is one, it asks in the middle of long work
// that ends with it, or it closes.
func (w *Window) closing() {
	switch {
	case w.inTray && trayHost():
		w.win.Hide()
	case w.papers != nil && w.papers.running:
		w.askClose()
	default:
		w.win.Close()
	}
}

// front brings the window before all others.
func (w *Window) front() {
	w.win.Show()
	w.win.RequestFocus()
}

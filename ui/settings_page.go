package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/control"
	"rekey/ui/i18n"
	"rekey/ui/look"
)

// settingsPage: language, look and scale, reminders, central API, card software.
func (w *Window) settingsPage() []fyne.CanvasObject {
	out := []fyne.CanvasObject{w.windowSettings(), w.reminderSettings(), w.officeSettings()}
	if k, ok := w.desk.(ModuleKeeper); ok {
		out = append(out, w.moduleSettings(k))
	}
	return append(out, control.Caption(w.T("settings.version", "version", firstOf(w.opts.Version, "–"))))
}

func (w *Window) windowSettings() fyne.CanvasObject {
	var langs, looks, sizes []control.Item
	for _, l := range i18n.Languages {
		langs = append(langs, control.Item{ID: l, Text: i18n.Names[l]})
	}
	for _, m := range []look.Mode{look.System, look.Light, look.Dark, look.Contrast} {
		looks = append(looks, control.Item{ID: string(m), Text: w.known("look.", string(m), string(m))})
	}
	for _, n := range scales {
		sizes = append(sizes, control.Item{ID: strconv.Itoa(n), Text: w.T("percent", "n", n)})
	}
	language := control.NewField(w.T("settings.language"), "", false, control.NewChoice("settings.language", langs, w.lang, w.setLanguage))
	appearance := control.NewField(w.T("settings.look"), "", false, control.NewChoice("settings.look", looks, string(w.look), func(m string) {
		w.look = look.Mode(m)
		w.speak()
		w.show()
		w.keep(SettingLook, m)
	}))
	size := control.NewField(w.T("settings.scale"), "", false, control.NewChoice("settings.scale", sizes, strconv.Itoa(w.scale), func(n string) {
		before := w.scale
		w.scale = scaleOf(n)
		w.speak()
		w.rescaled(before, w.scale)
		w.show()
		w.keep(SettingScale, n)
	}))
	return control.Panel(control.Sub(w.T("settings.window")), look.Grid(3, 18, language.Container, appearance.Container, size.Container))
}

func (w *Window) reminderSettings() fyne.CanvasObject {
	on := w.desk.Setting(SettingReminders) != "off"
	stay := w.desk.Setting(SettingTray) == "on"
	remind := control.NewCheck("settings.reminders", w.T("settings.reminders"), on, func() {
		w.keepAnd(SettingReminders, map[bool]string{true: "off", false: "on"}[on])
	})
	tray := control.NewCheck("settings.tray", w.T("settings.tray"), stay, func() {
		w.keepAnd(SettingTray, map[bool]string{true: "off", false: "on"}[stay])
	})
	var hours []control.Item
	for _, q := range []Quiet{{20, 8}, {18, 9}, {22, 7}, {0, 0}} {
		text := w.T("settings.quiet.none")
		if q.From != q.To {
			text = w.T("settings.quiet.hours", "from", w.t.Digits(fmt.Sprintf("%02d:00", q.From)), "to", w.t.Digits(fmt.Sprintf("%02d:00", q.To)))
		}
		hours = append(hours, control.Item{ID: q.String(), Text: text})
	}
	quiet := control.NewField(w.T("settings.quiet"), w.T("settings.quiet.hint"), false, control.NewChoice("settings.quiet", hours, w.quiet().String(), func(id string) {
		w.keep(SettingQuiet, id)
	}))
	return control.Panel(control.Sub(w.T("settings.reminding")), control.Small(w.T("settings.reminding.text")), remind, tray, look.Grid(2, 18, quiet.Container))
}

// keepAnd keeps a setting and draws the page anew when it is kept.
func (w *Window) keepAnd(key, value string) {
	w.keepThen(key, value, func() {
		w.setTray(false)
		switch {
		case key != SettingTray || value != "on":
		case !trayHost():
			w.note = &notice{tone: control.Due, what: w.T("settings.tray.none")}
		case !w.trayed:
			w.note = &notice{tone: control.Info, what: w.T("settings.tray.later")}
		}
		w.show()
	})
}

// moduleSettings adds a vendor's module that was not found by itself. Its path is shown; what is wrong with it the card page tells.
func (w *Window) moduleSettings(k ModuleKeeper) fyne.CanvasObject {
	lines := []fyne.CanvasObject{control.Sub(w.T("cards.modules")), control.Small(w.T("settings.modules.text"))}
	change := func(do func() error) {
		work(w, func(context.Context) (struct{}, error) { return struct{}{}, do() }, func(_ struct{}, err error) {
			w.report(err)
			if err == nil {
				w.reload()
				w.show()
			}
		})
	}
	for i, path := range k.AddedModules() {
		remove := control.NewButton("settings.module."+strconv.Itoa(i)+".remove", w.T("remove"), theme.DeleteIcon(), control.Quiet, func() {
			change(func() error { return k.RemoveModule(path) })
		})
		lines = append(lines, look.Row(12, 0, control.Para(path), remove))
	}
	entry := control.NewEntry("settings.module", w.module, 1, func(s string) { w.module = s })
	add := control.NewButton("settings.module.add", w.T("add"), theme.ContentAddIcon(), control.Secondary, func() {
		path := strings.TrimSpace(entry.Text)
		if path == "" {
			return
		}
		change(func() error { return k.AddModule(path) })
		w.module = ""
	})
	field := control.NewField(w.T("settings.module"), w.T("settings.module.hint"), false, entry).With(w.browseButton("settings.module.browse", w.T("settings.module"), entry))
	return control.Panel(append(lines, field.Container, look.Row(0, 0, look.Space(0, 0), add))...)
}

package ui

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/ui/control"
	"rekey/ui/look"
)

type officeSetting struct{ id, key, example string }

// officeFields are the settings of the way to the office, by the name of their control and of their texts.
var officeFields = []officeSetting{
	{"settings.central", SettingCentral, "https://"},
	{"settings.pin", app.SettingPin, ""},
	{"settings.proxy", app.SettingProxy, "http://"},
	{"settings.tsa", app.SettingTSA, "http://"},
}

// settingCA is the path that is typed for a file of authorities; its content is kept.
const settingCA = "settings.ca"

// officeSettings: the address of the central API, whom to trust there, the way to it, time stamps, and signing in with the card.
func (w *Window) officeSettings() fyne.CanvasObject {
	_, checks := w.desk.(Configurer)
	var fields []fyne.CanvasObject
	for i, f := range officeFields {
		if i > 0 && !checks {
			break
		}
		if _, typed := w.typed[f.id]; !typed {
			w.typed[f.id] = w.desk.Setting(f.key)
		}
		fields = append(fields, w.officeField(f.id, f.example))
	}
	lines := []fyne.CanvasObject{control.Sub(w.T("settings.office")), fields[0]}
	if checks {
		lines = append(lines, w.authorities(), look.Grid(2, 18, append(fields[1:], w.keyField())...))
	}
	foot := []fyne.CanvasObject{look.Space(0, 0)}
	if e, ok := w.desk.(Enroller); ok {
		foot = append(foot, w.enrolButton(e))
	}
	save := control.NewButton("settings.save", w.T("settings.save"), theme.DocumentSaveIcon(), control.Secondary, w.saveOffice)
	return control.Panel(append(lines, look.Row(10, 0, append(foot, save)...))...)
}

// officeField is where a setting is typed; what cannot be right is said below it.
func (w *Window) officeField(id, example string) fyne.CanvasObject {
	var field *control.Field
	entry := control.NewEntry(id, w.typed[id], 1, func(s string) {
		w.typed[id] = s
		w.fault = ""
		field.Say("", control.Plain)
	})
	entry.SetPlaceHolder(example)
	field = control.NewField(w.T(id), w.T(id+".hint"), false, entry)
	if id == settingCA {
		field.With(w.browseButton(id+".browse", w.T(id), entry))
	}
	if w.fault == id {
		field.Say(w.T(id+".bad")+" "+w.T(id+".hint"), control.Bad)
	}
	return field.Container
}

// settingKey is the control for a key that the office has made. What is typed stays in it until it is kept, and is never shown.
const settingKey = "settings.key"

func (w *Window) keyField() fyne.CanvasObject {
	if w.officeKey == nil {
		w.officeKey = control.NewSecret(settingKey, nil)
	}
	return control.NewField(w.T(settingKey), w.T(settingKey+".hint"), false, w.officeKey).Container
}

// authorities is the field for a file of authorities, or the line that says that they are kept.
func (w *Window) authorities() fyne.CanvasObject {
	if w.desk.Setting(app.SettingCA) != "" {
		remove := control.NewButton("settings.ca.remove", w.T("remove"), theme.DeleteIcon(), control.Quiet, func() {
			w.configure(map[string]string{app.SettingCA: ""}, "")
		})
		return look.Row(12, 0, control.Para(w.T("settings.ca.kept")), remove)
	}
	return w.officeField(settingCA, "")
}

// saveOffice keeps what differs, when it looks right.
func (w *Window) saveOffice() {
	changed := map[string]string{}
	w.fault = ""
	for _, f := range officeFields {
		typed, shown := w.typed[f.id]
		value := strings.TrimSpace(typed)
		if u, err := url.Parse(value); f.key == SettingCentral && value != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			w.wrong(f.id)
			return
		}
		if shown && value != w.desk.Setting(f.key) {
			changed[f.key] = value
		}
	}
	if w.officeKey != nil && !w.officeKey.Blank() {
		key := w.officeKey.Take()
		changed[app.SettingKey] = strings.TrimSpace(string(key))
		clear(key)
	}
	w.configure(changed, strings.TrimSpace(w.typed[settingCA]))
}

// wrong says that a field holds something that cannot be right.
func (w *Window) wrong(id string) {
	w.fault, w.note = id, nil
	w.show()
	w.focus(id)
}

// configure keeps settings, and the content of a file of authorities.
func (w *Window) configure(changed map[string]string, authorities string) {
	work(w, func(context.Context) (field string, err error) {
		if authorities != "" {
			data, err := os.ReadFile(authorities)
			if err != nil {
				return settingCA, err
			}
			changed[app.SettingCA] = string(data)
		}
		for _, key := range asShown(changed) { // up to the first that is wrong, as the eye reads them
			if err := w.keepOffice(key, changed[key]); err != nil {
				return fieldOf(key), err
			}
		}
		return "", nil
	}, func(field string, err error) {
		switch kind := app.KindOf(err); {
		case err != nil && (kind == app.BadInput || kind == app.NotFound):
			w.wrong(field)
		case err != nil:
			w.report(err)
		default:
			delete(w.typed, settingCA)
			w.note = &notice{tone: control.Fine, what: w.T("settings.saved")}
			w.show()
			w.reload()
		}
	})
}

// asShown gives the settings that have changed in the order in which the page shows them.
func asShown(changed map[string]string) []string {
	place := func(key string) int {
		return slices.IndexFunc(officeFields, func(f officeSetting) bool { return f.key == key })
	}
	return slices.SortedFunc(maps.Keys(changed), func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b)) })
}

func (w *Window) keepOffice(key, value string) error {
	if c, ok := w.desk.(Configurer); ok {
		return c.Configure(key, value)
	}
	return w.desk.SetSetting(key, value)
}

// fieldOf is the control of a setting.
func fieldOf(key string) string {
	if key == app.SettingKey {
		return settingKey
	}
	for _, f := range officeFields {
		if f.key == key {
			return f.id
		}
	}
	return settingCA
}

// enrolButton signs in to the office with the card that is shown; it wants one that can, and an address that is kept.
func (w *Window) enrolButton(e Enroller) fyne.CanvasObject {
	b := control.NewButton("settings.enrol", w.T("settings.enrol"), theme.LoginIcon(), control.Secondary, func() { w.startEnrol(e) })
	if w.shownHolder() == nil || w.desk.Setting(SettingCentral) == "" {
		b.Disable()
	}
	return b
}

func (w *Window) startEnrol(e Enroller) {
	serial := w.shownHolder().Current.CardSerial
	j := &job{w: w, title: w.T("settings.enrol"), what: app.StepEnrol}
	j.todo = func(ctx context.Context, ask app.Ask) (cases.Case, error) {
		_, err := e.Enrol(ctx, serial, ask)
		return cases.Case{}, err
	}
	w.begin(j)
}

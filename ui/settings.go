package ui

import (
	"context"
	"net/url"
	"strings"

	"rekey/ui/control"
)

// saveCentral keeps the office's address when it looks like one.
func (w *Window) saveCentral(address string) {
	address = strings.TrimSpace(address)
	if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		w.note = &notice{tone: control.Bad, what: w.T("settings.central.bad"), do: w.T("settings.central.hint")}
		w.show()
		w.focus("settings.central")
		return
	}
	work(w, func(context.Context) (struct{}, error) { return struct{}{}, w.desk.SetSetting(SettingCentral, address) },
		func(_ struct{}, err error) {
			if err != nil {
				w.report(err)
				return
			}
			w.note = &notice{tone: control.Fine, what: w.T("settings.saved")}
			w.show()
			w.reload()
		})
}

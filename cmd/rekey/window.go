package main

import (
	"os"

	"rekey/app"
	"rekey/assets"
	"rekey/ui"
	"rekey/ui/i18n"
	"rekey/ui/window"
)

// version is set when a release is built.
var version = "development"

// window opens the window and stays until it is closed.
func (c *command) window() error {
	return c.with(func(a *app.App) error {
		return window.Run(ui.Options{
			Desk: a, Assets: assets.Files, Lang: c.language(a), Look: a.Setting(app.SettingLook), MapFile: c.uiMap, Version: version,
		})
	})
}

// language is the one of the flag, else of the settings; "" means: of the system.
func (c *command) language(a *app.App) string {
	if c.lang != "" {
		return c.lang
	}
	return a.Setting(app.SettingLang)
}

// texts gives the texts in the user's language.
func (c *command) texts() (*i18n.Printer, error) {
	catalog, err := i18n.Load(assets.Files)
	if err != nil {
		return nil, err
	}
	return catalog.In(i18n.Known(c.lang, os.Getenv("LC_ALL"), os.Getenv("LANG"))), nil
}

package main

import (
	"context"
	"errors"
	"os"

	"rekey/app"
	"rekey/assets"
	"rekey/ui"
	"rekey/ui/crash"
	"rekey/ui/i18n"
	"rekey/ui/single"
	"rekey/ui/window"
)

// version is set when a release is built.
var version = "development"

// window opens the window and stays until it is closed. When one is open already for this store, that one comes to the front.
func (c *command) window() error {
	if err := c.places(); err != nil {
		return err
	}
	lock, err := single.Claim(context.Background(), c.store)
	if errors.Is(err, single.ErrRunning) {
		return nil
	}
	if err != nil {
		lock = nil // a window without this comfort is better than none
	} else {
		defer lock.Release()
	}
	last, _ := crash.Record(c.store)
	return c.with(func(a *app.App) error {
		return window.Run(ui.Options{
			Desk: desk{a, c}, Assets: assets.Files, Lang: c.language(a), Look: a.Setting(app.SettingLook), MapFile: c.uiMap, Version: version, Lock: lock, CrashFile: last,
		})
	})
}

// desk is the use cases with the one thing that only the command knows: the modules that the user has added.
type desk struct {
	*app.App
	c *command
}

var _ ui.Desk = desk{}

// AddedModules lists the paths of added modules.
func (d desk) AddedModules() []string {
	added, _ := d.c.addedModules()
	var paths []string
	for _, m := range added {
		paths = append(paths, m.Path)
	}
	return paths
}

// AddModule adds a module; it is used from the next start on.
func (d desk) AddModule(path string) error { return d.c.changeModules(path, true) }

// RemoveModule takes an added module away; it is used until the end of this run.
func (d desk) RemoveModule(path string) error { return d.c.changeModules(path, false) }

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

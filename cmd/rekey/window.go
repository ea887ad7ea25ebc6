package main

import (
	"context"
	"errors"
	"os"
	"time"

	"rekey/app"
	"rekey/assets"
	"rekey/store"
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
	c.warm = true
	var a *app.App
	defer func() {
		if a != nil {
			a.Close()
		}
	}()
	return window.Run(func() (ui.Options, error) {
		opened, err := c.open()
		if err != nil {
			return ui.Options{}, err
		}
		a = opened
		return ui.Options{
			Desk: desk{a, c}, Assets: assets.Files, Lang: c.lang, Look: a.Setting(app.SettingLook), MapFile: c.uiMap, Version: version, Lock: lock, CrashFile: last,
		}, nil
	}, c.rescue)
}

// rescue is what can be done about a store that could not be opened; false: nothing in a window.
func (c *command) rescue(err error) (ui.Rescue, bool) {
	options := store.Options{Keyring: !c.noKeyring}
	r := ui.Rescue{Assets: assets.Files, Lang: c.lang, File: c.store, Detail: err.Error()}
	r.Restore = func() (time.Time, []string, error) {
		done, err := store.Restore(c.store, "", "", options)
		var at time.Time
		for _, b := range store.Backups(c.store) {
			if b.File == done.From {
				at = b.At
			}
		}
		return at, done.Aside, err
	}
	r.StartNew = func() ([]string, error) {
		done, err := store.StartNew(c.store, options)
		return done.Aside, err
	}
	var busy *store.BusyError
	var damage *store.DamagedError
	switch {
	case errors.As(err, &busy):
		r.Trouble, r.Process, r.Since = ui.TroubleBusy, busy.PID, busy.Since
	case errors.As(err, &damage):
		r.File = damage.File
		r.Trouble = map[store.Part]ui.Trouble{store.PartGone: ui.TroubleGone, store.PartKey: ui.TroubleKey}[damage.Part]
		if r.Trouble == "" {
			r.Trouble = ui.TroubleDamaged
		}
		for _, b := range damage.Backups {
			r.Backups = append(r.Backups, b.At)
		}
	case store.KindOf(err) == store.Newer:
		r.Trouble = ui.TroubleNewer
	default:
		return r, false
	}
	return r, true
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

// texts gives the texts in the user's language.
func (c *command) texts() (*i18n.Printer, error) {
	catalog, err := i18n.Load(assets.Files)
	if err != nil {
		return nil, err
	}
	return catalog.In(i18n.Known(c.lang, os.Getenv("LC_ALL"), os.Getenv("LANG"))), nil
}

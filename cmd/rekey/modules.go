package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/assets"
	"rekey/token"
)

// addedFile, in the store's folder, holds the modules that the user has added. It is read before the store is opened.
const addedFile = "modules.json"

func (c *command) modulesCommand() *cobra.Command {
	list := &cobra.Command{
		Use:   "modules",
		Short: "List the PKCS#11 modules that are used",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := c.places(); err != nil {
				return err
			}
			found, err := c.modulePaths()
			if err != nil {
				return err
			}
			added, err := c.addedModules()
			if err != nil {
				return err
			}
			return c.print(map[string]any{"found": append([]string{}, found...), "added": append([]token.Added{}, added...)}, func() {
				for _, p := range found {
					c.say("found  %s", p)
				}
				for _, m := range added {
					c.say("added  %s  SHA-256 %s", m.Path, m.SHA256)
				}
			})
		},
	}
	list.AddCommand(
		&cobra.Command{Use: "add PATH", Short: "Add a module; its file is remembered by SHA-256", Args: cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error { return c.sayChange(args[0], true) }},
		&cobra.Command{Use: "remove PATH", Short: "Use an added module no longer", Args: cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error { return c.sayChange(args[0], false) }},
	)
	for _, sub := range list.Commands() {
		wrapArgs(sub)
	}
	return list
}

func (c *command) sayChange(path string, add bool) error {
	if err := c.places(); err != nil {
		return err
	}
	if err := c.changeModules(path, add); err != nil {
		return err
	}
	word := map[bool]string{true: "added", false: "removed"}[add]
	return c.print(map[string]string{word: path}, func() { c.say("%s %s", word, path) })
}

// changeModules adds a module to the list, or takes it away.
func (c *command) changeModules(path string, add bool) error {
	added, err := c.addedModules()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(added, func(m token.Added) bool { return m.Path == path })
	switch {
	case add:
		module, err := token.Trust(path)
		if err != nil {
			return err
		}
		if i >= 0 {
			added[i] = module
		} else {
			added = append(added, module)
		}
	case i < 0:
		return &app.Error{Op: "remove module", Kind: app.NotFound, Err: fmt.Errorf("%s was not added", path)}
	default:
		added = slices.Delete(added, i, i+1)
	}
	text, err := json.MarshalIndent(added, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.store, 0o700); err != nil {
		return err
	}
	file := filepath.Join(c.store, addedFile)
	if err := os.WriteFile(file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// addedModules reads what the user has added.
func (c *command) addedModules() ([]token.Added, error) {
	text, err := os.ReadFile(filepath.Join(c.store, addedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var added []token.Added
	if err := json.Unmarshal(text, &added); err != nil {
		return nil, &app.Error{Op: "read added modules", Kind: app.BadInput, Err: err}
	}
	return added, nil
}

// modulePaths are the known modules that are installed and those that p11-kit is told of.
func (c *command) modulePaths() ([]string, error) {
	table, err := assets.Files.ReadFile("modules.yaml")
	if err != nil {
		return nil, err
	}
	known, err := token.ParseKnown(table)
	if err != nil {
		return nil, err
	}
	home, _ := os.UserHomeDir()
	return token.MergePaths(token.Find(known, runtime.GOOS), token.DefaultP11Kit(home).Find()), nil
}

// cards opens the card layer: every module in a child process of this same program.
func (c *command) cards() (*token.Set, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	paths, refused := slices.Clone(c.modules), map[string]error{}
	for i, p := range paths {
		if abs, err := filepath.Abs(p); err == nil {
			paths[i] = abs
		}
	}
	if len(paths) == 0 {
		if paths, err = c.modulePaths(); err != nil {
			return nil, err
		}
		added, err := c.addedModules()
		if err != nil {
			return nil, err
		}
		for _, m := range added {
			if err := token.Check(m); err != nil {
				refused[m.Path] = err
			}
			paths = append(paths, m.Path)
		}
	}
	return token.NewSet(paths, func(path string) token.Module {
		if err := refused[path]; err != nil {
			return refusedModule{err}
		}
		return token.Helper(path, []string{self, "token-helper"})
	}), nil
}

// refusedModule stands for a module that was added and has changed since: nothing of it is loaded, and the list says why.
type refusedModule struct{ err error }

func (m refusedModule) Readers(context.Context) ([]token.Reader, error) { return nil, m.load() }
func (m refusedModule) Flags(context.Context) (string, error)           { return "", m.load() }
func (m refusedModule) Open(context.Context, string) (token.Session, error) {
	return nil, m.load()
}
func (m refusedModule) InitBlank(context.Context, string, []byte, []byte) (string, error) {
	return "", m.load()
}
func (refusedModule) Close() error { return nil }

func (m refusedModule) load() error {
	return &token.Error{Op: "load", Kind: token.KindModuleLoad, Err: fmt.Errorf("%w; add it again if that is right: rekey modules add", m.err)}
}

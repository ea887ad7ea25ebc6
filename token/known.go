package token

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"gopkg.in/yaml.v3"
)

// Known is one entry of the table of known modules (assets/modules.yaml).
type Known struct {
	Name    string   `yaml:"name"`    // as the vendor calls it
	Country string   `yaml:"country"` // ISO 3166-1 alpha-2 of where it is mainly used, "" for everywhere
	Cards   []string `yaml:"cards"`   // which cards it is for
	Source  string   `yaml:"source"`  // where the places are taken from
	Files   Places   `yaml:"files"`
}

// Places are absolute paths for each system, the best one first.
type Places struct {
	Linux   []string `yaml:"linux"`
	Windows []string `yaml:"windows"`
	MacOS   []string `yaml:"macos"`
}

var windowsPath = regexp.MustCompile(`^[A-Za-z]:\\`)

// ParseKnown reads the table. Unknown fields, places that are not absolute and entries without a
// name or a place are errors.
func ParseKnown(data []byte) ([]Known, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	var known []Known
	if err := dec.Decode(&known); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("table of modules: %w", err)
	}
	names := map[string]bool{}
	for i, k := range known {
		if k.Name == "" || names[k.Name] {
			return nil, fmt.Errorf("table of modules: entry %d: name %q is missing or there twice", i+1, k.Name)
		}
		names[k.Name] = true
		if err := k.Files.check(); err != nil {
			return nil, fmt.Errorf("table of modules: %s: %w", k.Name, err)
		}
	}
	return known, nil
}

func (p Places) check() error {
	if len(p.Linux)+len(p.Windows)+len(p.MacOS) == 0 {
		return errors.New("no file is named")
	}
	for _, f := range append(append([]string(nil), p.Linux...), p.MacOS...) {
		if !strings.HasPrefix(f, "/") || strings.Contains(f, "/../") {
			return fmt.Errorf("%q is not an absolute path", f)
		}
	}
	for _, f := range p.Windows {
		if !windowsPath.MatchString(f) || strings.Contains(f, `\..\`) {
			return fmt.Errorf("%q is not an absolute path", f)
		}
	}
	return nil
}

// on gives the places for a system by its GOOS name.
func (p Places) on(goos string) []string {
	switch goos {
	case "linux":
		return p.Linux
	case "windows":
		return p.Windows
	case "darwin":
		return p.MacOS
	}
	return nil
}

// Find gives the files that exist here: for each entry the first of its places, in the order of the table, a file that two
// entries name once. A file that others could replace is left out (see trusted).
func Find(known []Known, goos string) []string {
	var found []string
	seen := map[string]bool{}
	for _, k := range known {
		for _, place := range k.Files.on(goos) {
			real, ok := trusted(place)
			if !ok {
				continue
			}
			if !seen[real] {
				seen[real] = true
				found = append(found, place)
			}
			break
		}
	}
	return found
}

// trusted resolves a path and says whether it is a file that not everybody may write to or replace: neither
// the file, nor its folder, nor one above (unless it has the sticky bit) is world-writable.
// Windows has no such bits; there the folders of the table are the protection.
func trusted(path string) (real string, ok bool) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", false
	}
	info, err := os.Stat(real)
	if err != nil || !info.Mode().IsRegular() {
		return "", false
	}
	if runtime.GOOS == "windows" {
		return real, true
	}
	return real, info.Mode().Perm()&0o002 == 0 && closedFolder(real) && closedFolder(path)
}

func closedFolder(file string) bool {
	for dir, above := filepath.Dir(file), false; ; dir, above = filepath.Dir(dir), true {
		info, err := os.Stat(dir)
		if err != nil {
			return false
		}
		open := info.Mode().Perm()&0o002 != 0
		if open && !(above && info.Mode()&fs.ModeSticky != 0) {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

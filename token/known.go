package token

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// Known is one entry of the table of known modules (assets/modules.yaml).
type Known struct {
	Name    string   `yaml:"name"`    // as the vendor calls it
	Country string   `yaml:"country"` // ISO 3166-1 alpha-2 of where it is mainly used, "" for everywhere
	Cards   []string `yaml:"cards"`   // which cards it is for
	Source  string   `yaml:"source"`  // where the places are taken from
	Quirks  []Quirk  `yaml:"quirks"`  // what the driver or a reader of the table has to know
	Files   Places   `yaml:"files"`
}

// Quirk is a known peculiarity of a module.
type Quirk string

// The quirks. The driver copes with both in every module: it tries C_Initialize with NULL when arguments are refused, and the
// child calls a module from one thread only. The table says where they were seen.
const (
	QuirkNullInit     Quirk = "null_init"     // refuses C_Initialize with arguments
	QuirkSingleThread Quirk = "single_thread" // may be called from one thread only
)

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
		for _, q := range k.Quirks {
			if q != QuirkNullInit && q != QuirkSingleThread {
				return nil, fmt.Errorf("table of modules: %s: unknown quirk %q", k.Name, q)
			}
		}
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

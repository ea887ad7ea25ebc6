package token

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// P11Kit says where p11-kit keeps its list of modules.
type P11Kit struct {
	Config  []string // folders of *.module files; a later folder overrides a file of the same name
	Modules []string // where a relative name is looked for
}

// DefaultP11Kit gives the usual places on this system; home may be "".
func DefaultP11Kit(home string) P11Kit {
	k := P11Kit{
		Config: []string{"/usr/share/p11-kit/modules", "/etc/pkcs11/modules"},
		Modules: []string{"/usr/lib/x86_64-linux-gnu/pkcs11", "/usr/lib/aarch64-linux-gnu/pkcs11",
			"/usr/lib64/pkcs11", "/usr/lib/pkcs11", "/usr/local/lib/pkcs11", "/opt/homebrew/lib/pkcs11"},
	}
	if home != "" {
		k.Config = append(k.Config, filepath.Join(home, ".config", "pkcs11", "modules"))
	}
	return k
}

// maxModuleFile bounds what is read of a *.module file.
const maxModuleFile = 64 << 10

// Find gives the modules that p11-kit knows and that may be used here, as absolute paths, sorted. Of each *.module file only
// the line "module:" is read: other lines can name commands, and nothing is ever run. p11-kit's own modules, which
// show the cards of others (p11-kit-client, p11-kit-trust, p11-kit-proxy), are left out.
func (k P11Kit) Find() []string {
	named := map[string]string{}
	for _, dir := range k.Config {
		files, _ := filepath.Glob(filepath.Join(dir, "*.module"))
		for _, f := range files {
			if _, ok := trusted(f); ok {
				named[filepath.Base(f)] = moduleLine(f)
			}
		}
	}
	var found []string
	for _, name := range named {
		if path, ok := k.resolve(name); ok {
			found = append(found, path)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (k P11Kit) resolve(name string) (string, bool) {
	if name == "" || strings.HasPrefix(filepath.Base(name), "p11-kit-") {
		return "", false
	}
	if filepath.IsAbs(name) {
		_, ok := trusted(name)
		return filepath.Clean(name), ok
	}
	if !filepath.IsLocal(name) {
		return "", false
	}
	for _, dir := range k.Modules {
		path := filepath.Join(dir, name)
		if _, ok := trusted(path); ok {
			return path, true
		}
	}
	return "", false
}

// moduleLine gives the value of the line "module:", "" when there is none.
func moduleLine(path string) string {
	info, err := os.Stat(path)
	if err != nil || info.Size() > maxModuleFile {
		return ""
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "module" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// MergePaths joins lists of modules; a file that two name (also through a link) counts once, where it came first.
func MergePaths(lists ...[]string) []string {
	var all []string
	seen := map[string]bool{}
	for _, list := range lists {
		for _, path := range list {
			real, err := filepath.EvalSymlinks(path)
			if err != nil {
				real = path
			}
			if !seen[real] {
				seen[real] = true
				all = append(all, path)
			}
		}
	}
	return all
}

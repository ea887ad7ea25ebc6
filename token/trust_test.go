package token_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rekey/token"
)

func write(t *testing.T, path, text string, mode os.FileMode) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAddedModules(t *testing.T) {
	dir := t.TempDir()
	path := write(t, filepath.Join(dir, "vendor", "m.so"), "one", 0o755)
	added, err := token.Trust(path)
	if err != nil || added.Path != path || len(added.SHA256) != 64 {
		t.Fatal(added, err)
	}
	if err := token.Check(added); err != nil {
		t.Fatal(err)
	}
	write(t, path, "two", 0o755)
	wantKind(t, token.Check(added), token.KindNotAllowed)

	open := filepath.Join(dir, "open")
	write(t, filepath.Join(open, "m.so"), "one", 0o755)
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.so")
	if err := os.Symlink(filepath.Join(open, "m.so"), link); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		kind token.Kind
	}{
		"missing":      {filepath.Join(dir, "no.so"), token.KindModuleLoad},
		"folder":       {dir, token.KindModuleLoad},
		"relative":     {"m.so", token.KindNotAllowed},
		"climbing":     {dir + "/vendor/../vendor/m.so", token.KindNotAllowed},
		"open folder":  {filepath.Join(open, "m.so"), token.KindNotAllowed},
		"link into it": {link, token.KindNotAllowed},
		"open file":    {write(t, filepath.Join(dir, "w.so"), "x", 0o777), token.KindNotAllowed},
	} {
		if _, err := token.Trust(c.path); token.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Chdir(dir)
	_, err = token.Trust(path)
	wantKind(t, err, token.KindNotAllowed)
	wantKind(t, token.Check(added), token.KindNotAllowed)
}

func TestP11KitModules(t *testing.T) {
	dir := t.TempDir()
	system, user, libs := filepath.Join(dir, "system"), filepath.Join(dir, "user"), filepath.Join(dir, "libs")
	a := write(t, filepath.Join(libs, "a.so"), "", 0o755)
	b := write(t, filepath.Join(libs, "b.so"), "", 0o755)
	absolute := write(t, filepath.Join(dir, "vendor", "c.so"), "", 0o755)
	write(t, filepath.Join(libs, "p11-kit-client.so"), "", 0o755)
	write(t, filepath.Join(libs, "open.so"), "", 0o777)
	ran := filepath.Join(dir, "ran")
	for path, text := range map[string]string{
		"system/a.module":       "# a comment\nmodule: a.so\nremote: |touch " + ran + "\n",
		"system/over.module":    "module: gone.so\n",
		"user/over.module":      "module :  b.so  \r\n",
		"user/absolute.module":  "priority: 3\nmodule: " + absolute + "\n",
		"user/climbs.module":    "module: ../vendor/c.so\n",
		"user/client.module":    "module: p11-kit-client.so\n",
		"user/open.module":      "module: open.so\n",
		"user/empty.module":     "",
		"user/not-a-module.txt": "module: a.so\n",
	} {
		write(t, filepath.Join(dir, path), text, 0o644)
	}
	k := token.P11Kit{Config: []string{system, filepath.Join(dir, "none"), user}, Modules: []string{libs}}
	want := []string{a, b, absolute}
	slices.Sort(want)
	if got := k.Find(); !slices.Equal(got, want) {
		t.Fatalf("%q, want %q", got, want)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Fatal("a command was run")
	}
	link := filepath.Join(dir, "link.so")
	if err := os.Symlink(a, link); err != nil {
		t.Fatal(err)
	}
	if got := token.MergePaths([]string{link, b}, []string{a, absolute}); !slices.Equal(got, []string{link, b, absolute}) {
		t.Fatalf("%q", got)
	}
	for _, path := range token.DefaultP11Kit("").Find() { // the real one of this system
		if !filepath.IsAbs(path) {
			t.Error(path)
		}
	}
}

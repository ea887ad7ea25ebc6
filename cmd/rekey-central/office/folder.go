package office

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"rekey/cmd/rekey-central/data"
	"runtime"
	"slices"
)

// ours are the things that may lie in the office's folder.
var ours = []string{database, "documents", "ca", "overrides", "tls", OfficerKeyFile}

// prepare makes the folder for the owner only. A folder of somebody else's files is not taken over: its rights stay as they are,
// and it is refused when others can look into it.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // rights there come with the folder above
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	known := func(e os.DirEntry) bool { return slices.Contains(ours, e.Name()) }
	if len(entries) > 0 && !slices.ContainsFunc(entries, known) {
		return fmt.Errorf("%s holds other files and is open to others; give a new folder, or close this one (chmod 700)", dir)
	}
	return os.Chmod(dir, 0o700)
}

// WriteWhole writes a file (0600) so that it is there whole or not at all.
func WriteWhole(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // CreateTemp makes it 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return data.SyncFolder(filepath.Dir(path))
}

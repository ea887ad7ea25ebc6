package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// tighten takes away what others may do with our files, and says which it were. A folder that holds other files too is left as
// it is: it is not ours.
func tighten(dir string) (done []string, err error) {
	if !hasModes {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	all := true
	for _, e := range entries {
		switch ours := strings.HasPrefix(e.Name(), "rekey") || e.Name() == backupDir; {
		case !ours:
			all = false
		case e.IsDir():
			below, err := tighten(filepath.Join(dir, e.Name()))
			if done = append(done, below...); err != nil {
				return done, err
			}
		case e.Type().IsRegular():
			if err := tightenOne(filepath.Join(dir, e.Name()), 0o600, &done); err != nil {
				return done, err
			}
		}
	}
	if all || filepath.Base(dir) == backupDir {
		err = tightenOne(dir, 0o700, &done)
	}
	return done, err
}

func tightenOne(path string, mode os.FileMode, done *[]string) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Perm()&^mode == 0 {
		return err
	}
	if err := os.Chmod(path, mode); err != nil {
		return fmt.Errorf("others may read %s, and that cannot be changed: %w", path, err)
	}
	*done = append(*done, path)
	return nil
}

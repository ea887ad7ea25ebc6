package token

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Added is a module that the user has added: shown with its path, and asked about again when the file changes.
type Added struct {
	Path   string `json:"path"`   // absolute
	SHA256 string `json:"sha256"` // of the file, in hex
}

// Trust looks at a module that the user wants to add. It is refused (KindNotAllowed) when it is in the working folder, or
// where others than its owner and root may write or replace it; KindModuleLoad means that there is no such file.
// Nothing is loaded.
func Trust(path string) (Added, error) {
	const op = "add module"
	if err := mayBeAdded(op, path); err != nil {
		return Added{}, err
	}
	sum, err := fileSum(path)
	if err != nil {
		return Added{}, &Error{Op: op, Kind: KindModuleLoad, Err: err}
	}
	return Added{Path: path, SHA256: sum}, nil
}

// Check says whether an added module may be used now: KindNotAllowed when the file is not the one that was added.
func Check(added Added) error {
	const op = "use added module"
	now, err := Trust(added.Path)
	if err != nil {
		return err
	}
	if now.SHA256 != added.SHA256 {
		return &Error{Op: op, Kind: KindNotAllowed, Err: fmt.Errorf("%s has changed since it was added", added.Path)}
	}
	return nil
}

func mayBeAdded(op, path string) error {
	if !filepath.IsAbs(path) || filepath.Clean(path) != path {
		return &Error{Op: op, Kind: KindNotAllowed, Err: fmt.Errorf("%q is not an absolute path", path)}
	}
	info, err := os.Stat(path)
	if err != nil {
		return &Error{Op: op, Kind: KindModuleLoad, Err: err}
	}
	if !info.Mode().IsRegular() {
		return &Error{Op: op, Kind: KindModuleLoad, Err: fmt.Errorf("%s is not a file", path)}
	}
	real, ok := trusted(path)
	if !ok {
		return &Error{Op: op, Kind: KindNotAllowed, Err: fmt.Errorf("others may write to %s or its folder", path)}
	}
	for _, p := range []string{path, real} {
		inside, err := inWorkingFolder(p)
		if err != nil {
			return &Error{Op: op, Kind: KindNotAllowed, Err: err}
		}
		if inside {
			return &Error{Op: op, Kind: KindNotAllowed, Err: errors.New("modules in the working folder are not used")}
		}
	}
	return nil
}

// inWorkingFolder also sees the folders below it; a program that was started in the root folder or in the
// user's home has no working folder in this sense.
func inWorkingFolder(path string) (bool, error) {
	dir, err := os.Getwd()
	if err != nil {
		return false, err
	}
	if home, err := os.UserHomeDir(); filepath.Dir(dir) == dir || err == nil && home == dir {
		return filepath.Dir(path) == dir, nil
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)), nil
}

func fileSum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
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

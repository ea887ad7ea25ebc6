//go:build !windows

package ui

import (
	"os/exec"
	"path/filepath"
	"runtime"
)

// systemOpen starts the program that opens files as the person has set it. wait gives its end: an error when nothing opens such a file.
func systemOpen(path string) (wait func() error, err error) {
	name := "xdg-open"
	if runtime.GOOS == "darwin" {
		name = "open"
	}
	program, err := exec.LookPath(name)
	if err != nil {
		return nil, err
	}
	if path, err = filepath.Abs(path); err != nil { // never read as an option
		return nil, err
	}
	cmd := exec.Command(program, path)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return cmd.Wait, nil
}

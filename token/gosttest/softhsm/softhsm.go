// Package softhsm builds SoftHSM with GOST keys: Debian's package is built without them. It is for the demonstration and for tests,
// and never part of the program.
package softhsm

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

//go:embed build.sh
var script string

// WithGOST gives the path of a SoftHSM module that was built with GOST. The first call in a checkout builds it from Debian's own
// source archive, in two to four minutes, telling on standard error how far it is, and keeps it in .bench beside go.mod; outside of a
// checkout it is kept in the user's cache folder. It needs apt, g++, make, pkg-config and libbotan-2-dev.
func WithGOST(ctx context.Context) (modulePath string, err error) {
	folder, err := kept()
	if err != nil {
		return "", err
	}
	var said bytes.Buffer
	build := exec.CommandContext(ctx, "bash", "-c", script, "build.sh", folder)
	build.Stdout, build.Stderr = io.MultiWriter(&said, os.Stderr), &said
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build SoftHSM with GOST: %w\n%s", err, said.Bytes())
	}
	return filepath.Join(folder, "libsofthsm2.so"), nil
}

func kept() (string, error) {
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := at; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, ".bench", "softhsm-gost"), nil
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "rekey", "softhsm-gost"), err
}

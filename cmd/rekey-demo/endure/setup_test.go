package endure

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"rekey/cmd/rekey-central/data/datatest"
)

func TestMain(m *testing.M) {
	if job := os.Getenv(clientVariable); job != "" {
		os.Exit(clientMain(job))
	}
	code := m.Run()
	datatest.Stop()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// built are the programs under test when "make" has not built them.
var built struct {
	once sync.Once
	dir  string
	err  error
}

// program gives the path of rekey or rekey-central.
func program(t testing.TB, name string) string {
	t.Helper()
	if bin := os.Getenv("REKEY_BIN"); bin != "" {
		return filepath.Join(bin, name)
	}
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "rekey-bin-"); built.err != nil {
			return
		}
		build := exec.Command("go", "build", "-trimpath", "-tags", "x11,gles,migrated_fynedo", "-o", built.dir+"/", "rekey/cmd/rekey", "rekey/cmd/rekey-central")
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.dir, name)
}

// dice gives the chance of a test; its seed is printed, and REKEY_SEED sets it.
func dice(t testing.TB) (*rand.Rand, uint64) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if given := os.Getenv("REKEY_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatalf("REKEY_SEED: %v", err)
		}
	}
	t.Logf("REKEY_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0)), seed
}

// until asks again and again until it is so. The limit only ends a test that hangs.
func until(t testing.TB, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// modes wants every file and folder below dir to be the owner's alone.
func modes(t testing.TB, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err == nil && info.Mode()&os.ModeSymlink == 0 && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

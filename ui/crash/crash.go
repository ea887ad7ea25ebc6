// Package crash keeps what the runtime writes when the program crashes, so that the next start can offer to show it.
//
// It promises: the last crash is kept until it is dismissed, and a run without a crash leaves nothing behind. It never
// sends anything anywhere.
package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
)

// Record begins to write crashes into a folder and gives the path under which the last one lies, if there was one. Call it once, early.
func Record(dir string) (last string, err error) {
	now, last := filepath.Join(dir, "crash.now"), filepath.Join(dir, "crash.txt")
	if info, err := os.Stat(now); err == nil && info.Size() > 0 {
		if err := os.Rename(now, last); err != nil {
			return last, fmt.Errorf("keep the last crash: %w", err)
		}
	}
	f, err := os.OpenFile(now, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return last, fmt.Errorf("record crashes: %w", err)
	}
	defer f.Close() // the runtime keeps its own handle
	return last, debug.SetCrashOutput(f, debug.CrashOptions{})
}

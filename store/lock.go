package store

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

const lockName = "rekey.lock"

// wait is how long a second process waits for the first one's lock.
const wait = 700 * time.Millisecond

// lock is held from before the file is looked at until after it is closed: one process works with a store.
type lock struct{ file *os.File }

// takeLock waits a moment for another process. Its note (process and time) is only for people; what counts is the system's lock.
func takeLock(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &Error{"open", IO, err}
	}
	for until := time.Now().Add(wait); ; {
		got, err := lockFile(f)
		if err != nil {
			f.Close()
			return nil, &Error{"open", IO, err}
		}
		if got {
			break
		}
		if time.Now().After(until) {
			busy := noteOf(f)
			f.Close()
			return nil, &Error{"open", Busy, busy}
		}
		time.Sleep(20 * time.Millisecond)
	}
	// A note that cannot be written (full disk) takes nothing away from the lock.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt(fmt.Appendf(nil, "%d %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339)), 0)
	}
	return &lock{f}, nil
}

func noteOf(f *os.File) *BusyError {
	note, _ := io.ReadAll(io.NewSectionReader(f, 0, 100))
	var pid int
	var since string
	if n, _ := fmt.Sscan(string(note), &pid, &since); n != 2 {
		return &BusyError{}
	}
	at, err := time.Parse(time.RFC3339, since)
	if err != nil || pid <= 0 {
		return &BusyError{}
	}
	return &BusyError{pid, at}
}

func (l *lock) release() { l.file.Close() } // the file stays: to remove it would let two processes in

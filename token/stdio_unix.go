//go:build unix

package token

import (
	"os"

	"golang.org/x/sys/unix"
)

// takeStdio moves stdin and stdout to other descriptors, which processes started by the module do not
// inherit, and puts the null device and stderr in their places.
func takeStdio() (in, out *os.File, err error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, nil, err
	}
	defer null.Close()
	r, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, nil, err
	}
	w, err := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.Dup2(int(null.Fd()), 0); err != nil {
		return nil, nil, err
	}
	if err := unix.Dup2(2, 1); err != nil {
		return nil, nil, err
	}
	// Both stay as they are, blocking: a thread that waits in the system's read is woken with the call itself, and
	// Go's poller would have to pass it on to the thread of the module.
	return os.NewFile(uintptr(r), "calls"), os.NewFile(uintptr(w), "answers"), nil
}

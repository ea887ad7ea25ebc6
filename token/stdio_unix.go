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
	for _, fd := range []int{r, w} {
		var stat unix.Stat_t
		// A pipe is waited for by Go's poller, which is faster than a thread that blocks. It is ours alone,
		// unlike a terminal, which is left as it is.
		if unix.Fstat(fd, &stat) == nil && stat.Mode&unix.S_IFMT == unix.S_IFIFO {
			if err := unix.SetNonblock(fd, true); err != nil {
				return nil, nil, err
			}
		}
	}
	return os.NewFile(uintptr(r), "calls"), os.NewFile(uintptr(w), "answers"), nil
}

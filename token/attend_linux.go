package token

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// attend tells when the other end of a pipe is gone, also while nobody reads: poll with no events asked reports only
// that (POLLHUP, POLLERR), and calls that come in do not wake it.
func attend(in *os.File) (io.Reader, <-chan struct{}) {
	fd := in.Fd()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for {
			fds := []unix.PollFd{{Fd: int32(fd)}}
			if _, err := unix.Poll(fds, -1); err == nil || err != unix.EINTR {
				return
			}
		}
	}()
	return in, gone
}

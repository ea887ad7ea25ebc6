package ui

import (
	"context"
	"runtime"
	"syscall"
	"unsafe"
)

// openFileName is OPENFILENAMEW.
type openFileName struct {
	size                    uint32
	owner, instance         uintptr
	filter, custom          *uint16
	customMost, filterIndex uint32
	file                    *uint16
	most                    uint32
	fileTitle               *uint16
	titleMost               uint32
	from, title             *uint16
	flags                   uint32
	offset, extension       uint16
	usual                   *uint16
	data, hook              uintptr
	template                *uint16
	reserved                uintptr
	more, moreFlags         uint32
}

// How the choice is shown: as Explorer does, of files that are there, without changing the program's own folder.
const openFlags = 0x80000 | 0x1000 | 0x800 | 0x8 | 0x4

// longestPath is the room for a chosen path, in UTF-16 units.
const longestPath = 4096

// fileChooser gives the system's choice of a file.
func fileChooser() chooser {
	return func(_ context.Context, title, from string) (string, error) {
		words, err := syscall.UTF16PtrFromString(title)
		if err != nil {
			return "", err
		}
		begin, err := syscall.UTF16PtrFromString(from)
		if err != nil {
			return "", err
		}
		runtime.LockOSThread() // the choice has a message loop of its own
		defer runtime.UnlockOSThread()
		path := make([]uint16, longestPath)
		ask := openFileName{file: &path[0], most: longestPath, from: begin, title: words, flags: openFlags}
		ask.size = uint32(unsafe.Sizeof(ask))
		if ok, _, _ := syscall.NewLazyDLL("comdlg32.dll").NewProc("GetOpenFileNameW").Call(uintptr(unsafe.Pointer(&ask))); ok == 0 {
			return "", nil // closed without a choice
		}
		return syscall.UTF16ToString(path), nil
	}
}

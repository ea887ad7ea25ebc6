package ui

import (
	"context"
	"runtime"
	"syscall"
	"unsafe"
)

// browseInfo is BROWSEINFOW.
type browseInfo struct {
	owner, root uintptr
	name, title *uint16
	flags       uint32
	call, given uintptr
	image       int32
}

// How the choice is shown: folders of the file system only, in the newer window that can make folders too.
const browseFlags = 0x1 | 0x40

// folderChooser gives the system's choice of a folder. It begins where Windows likes.
func folderChooser() chooser {
	return func(_ context.Context, title, _ string) (string, error) {
		words, err := syscall.UTF16PtrFromString(title)
		if err != nil {
			return "", err
		}
		runtime.LockOSThread() // COM is of one thread
		defer runtime.UnlockOSThread()
		ole, shell := syscall.NewLazyDLL("ole32.dll"), syscall.NewLazyDLL("shell32.dll")
		ole.NewProc("CoInitialize").Call(0)
		defer ole.NewProc("CoUninitialize").Call()
		path := make([]uint16, syscall.MAX_PATH)
		ask := browseInfo{name: &path[0], title: words, flags: browseFlags}
		list, _, _ := shell.NewProc("SHBrowseForFolderW").Call(uintptr(unsafe.Pointer(&ask)))
		if list == 0 {
			return "", nil
		}
		defer ole.NewProc("CoTaskMemFree").Call(list)
		if ok, _, err := shell.NewProc("SHGetPathFromIDListW").Call(list, uintptr(unsafe.Pointer(&path[0]))); ok == 0 {
			return "", err
		}
		return syscall.UTF16ToString(path), nil
	}
}

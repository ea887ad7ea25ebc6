package ui

import (
	"fmt"
	"syscall"
	"unsafe"
)

// systemPrint asks the program that shows PDF files to print, once for each copy (ShellExecute, verb "print").
func systemPrint(path string, copies int) (bool, error) {
	verb, err := syscall.UTF16PtrFromString("print")
	if err != nil {
		return false, err
	}
	file, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return false, err
	}
	shell := syscall.NewLazyDLL("shell32.dll").NewProc("ShellExecuteW")
	for range max(1, copies) {
		// More than 32 is success; 31 says that no program is there for this verb.
		switch code, _, _ := shell.Call(0, uintptr(unsafe.Pointer(verb)), uintptr(unsafe.Pointer(file)), 0, 0, 0); {
		case code == 31:
			return false, nil
		case code <= 32:
			return false, fmt.Errorf("print: ShellExecute answers %d", code)
		}
	}
	return true, nil
}

package ui

import (
	"context"
	"fmt"
	"syscall"
	"unsafe"

	"rekey/app"
)

// systemPrint asks the program that shows PDF files to print (ShellExecute, verb "print"): once, since a file holds all its copies.
func systemPrint(path string, _ int) (bool, error) {
	switch code, err := shellExecute("print", path); {
	case err != nil:
		return false, err
	case code == 31:
		return false, nil
	case code <= 32:
		return false, &app.Error{Op: "print", Kind: printRefused, Err: fmt.Errorf("ShellExecute answers %d", code)}
	}
	return true, nil
}

// shellExecute asks the shell to do something with a file. More than 32 is success; 31 says that no program is there for this verb.
func shellExecute(verb, path string) (code uintptr, err error) {
	what, err := syscall.UTF16PtrFromString(verb)
	if err != nil {
		return 0, err
	}
	file, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	shell := syscall.NewLazyDLL("shell32.dll").NewProc("ShellExecuteW")
	show := uintptr(1) // as usual
	if verb == "print" {
		show = 0 // nobody needs to see the program that prints
	}
	code, _, _ = shell.Call(0, uintptr(unsafe.Pointer(what)), uintptr(unsafe.Pointer(file)), 0, 0, show)
	return code, nil
}

// systemPrinter asks the spooler for the default printer of this user.
func systemPrinter() (string, error) {
	name := make([]uint16, 512)
	size := uint32(len(name))
	spooler := syscall.NewLazyDLL("winspool.drv").NewProc("GetDefaultPrinterW")
	if ok, _, err := spooler.Call(uintptr(unsafe.Pointer(&name[0])), uintptr(unsafe.Pointer(&size))); ok == 0 {
		return "", &app.Error{Op: "find printer", Kind: noPrinter, Err: err}
	}
	return syscall.UTF16ToString(name), nil
}

// systemWaiting is 0: the program that shows PDF files keeps the printer's pace by itself.
func systemWaiting(context.Context, string) int { return 0 }

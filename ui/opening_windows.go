package ui

import "fmt"

// systemOpen asks the shell to open a file or a folder. There is nothing to wait for: it answers at once.
func systemOpen(path string) (wait func() error, err error) {
	code, err := shellExecute("open", path)
	if err == nil && code <= 32 {
		err = fmt.Errorf("ShellExecute answers %d", code)
	}
	return nil, err
}

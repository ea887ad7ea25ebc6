package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"rekey/app"
)

// createFile writes a file that is not there yet; what could not be finished does not stay.
func createFile(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return &app.Error{Op: "write", Kind: app.BadInput, Err: fmt.Errorf("%s is there already; nothing is overwritten", path)}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

func readAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = &app.Error{Op: "read", Kind: app.BadInput, Err: fmt.Errorf("%s has more than %d MB", path, most>>20)}
	}
	return data, err
}

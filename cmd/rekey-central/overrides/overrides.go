// Package overrides reads what the office has to say about procedures: newer fees,
// accounts, windows, copies, contacts and working days.
//
// The officer writes one file for each procedure or occasion into DIR/overrides; it is
// served from the next request on, without a restart. It promises: a file that is wrong
// never keeps the others back, and what is served has passed procedure.ParseOverride. It
// never writes, and never says whether an override fits a procedure: the client does when
// it applies it.
package overrides

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rekey/app/central"
	"rekey/app/procedure"
)

// Folder is the name of the folder below the office's data.
const Folder = "overrides"

const maxFile = 256 << 10 // bytes; procedure.ParseOverride says the same

// List is the answer of GET /v1/overrides.
type List struct {
	Overrides []procedure.Override `json:"overrides"`
}

// File is one file of the folder and what came of it.
type File struct {
	Name     string
	Override procedure.Override // zero when Err is set
	Err      error              // why it is left out
}

// Read reads the files of DIR/overrides in order of their names; no folder is no file. The
// answer of the files that are good would have at most central.MaxJSON bytes: a file
// that goes beyond it is left out with an error of its own.
func Read(data string) ([]File, error) {
	entries, err := os.ReadDir(filepath.Join(data, Folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read overrides: %w", err)
	}
	var all []File
	room := central.MaxJSON - len(`{"overrides":[]}`)
	for _, e := range entries { // ReadDir sorts by name
		if !wanted(e.Name()) {
			continue
		}
		f := File{Name: e.Name()}
		size := 0
		f.Override, size, f.Err = read(filepath.Join(data, Folder, e.Name()))
		if f.Err == nil && size > room {
			f.Override, f.Err = procedure.Override{}, fmt.Errorf("%s: all overrides together have more than %d bytes", f.Name, central.MaxJSON)
		}
		if f.Err == nil {
			room -= size
		}
		all = append(all, f)
	}
	return all, nil
}

// Encode gives the JSON that is served: the good files, in order.
func Encode(files []File) ([]byte, error) {
	list := List{Overrides: []procedure.Override{}}
	for _, f := range files {
		if f.Err == nil {
			list.Overrides = append(list.Overrides, f.Override)
		}
	}
	return json.Marshal(list)
}

// wanted leaves out what is no data: hidden files and copies that editors make.
func wanted(name string) bool {
	return !strings.HasPrefix(name, ".") && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name))
}

// read gives one override and its size in the answer, with the comma after it.
func read(path string) (procedure.Override, int, error) {
	name := filepath.Base(path)
	data, err := content(path)
	if err != nil {
		return procedure.Override{}, 0, fmt.Errorf("%s: %w", name, err)
	}
	o, err := procedure.ParseOverride(name, data)
	if err != nil {
		return procedure.Override{}, 0, err
	}
	encoded, err := json.Marshal(o)
	return o, len(encoded) + 1, err
}

// content reads a plain file; anything else (a pipe, say) could keep the server waiting.
func content(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is not a file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), nil // some editors on Windows put a mark in front
}

// withoutPath keeps the names of folders out of logs; the file is named already.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

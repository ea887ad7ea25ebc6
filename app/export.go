package app

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rekey/app/cases"
)

// ExportTo writes the newest document of each kind into dir and gives the paths. A file that is there with other content is left
// alone and the new one gets a number: nothing old is overwritten.
func (a *App) ExportTo(caseID, dir string) ([]string, error) {
	const op = "export documents"
	c, err := a.Case(caseID)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, failed(op, err)
	}
	var paths []string
	for _, d := range newest(c.Documents) {
		if d.Kind == docCurrent {
			continue
		}
		data, err := a.document(d)
		if err != nil {
			return paths, err
		}
		path, err := writeBeside(dir, safeName(d.Name), data)
		if err != nil {
			return paths, failed(op, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

func newest(all []cases.Document) []cases.Document {
	var out []cases.Document
	for _, d := range slices.Backward(all) {
		if !slices.ContainsFunc(out, func(x cases.Document) bool { return x.Kind == d.Kind }) {
			out = append(out, d)
		}
	}
	slices.Reverse(out)
	return out
}

// writeBeside writes data under name, or finds that it is there already, or takes "name (2)" and so on.
func writeBeside(dir, name string, data []byte) (string, error) {
	ext := filepath.Ext(name)
	for n := 1; n < 1000; n++ {
		path := filepath.Join(dir, name)
		if n > 1 {
			path = filepath.Join(dir, fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), n, ext))
		}
		there, err := os.ReadFile(path)
		switch {
		case err == nil && bytes.Equal(there, data):
			return path, nil
		case err == nil:
			continue
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
		return path, writeNew(path, data)
	}
	return "", fmt.Errorf("too many files called %s", name)
}

// writeNew writes by rename, so that half a document is never found.
func writeNew(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".rekey-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// safeName keeps a name that came from elsewhere inside its folder.
func safeName(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, "\\", "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, name)
	if strings.Trim(name, ". ") == "" {
		return "document"
	}
	return name
}

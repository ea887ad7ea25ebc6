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

// SaveDocument writes one document of a case into dir, under a name that tells the holder and the case too, and gives its path. Without a
// dir it goes where Export writes the case's documents, under its own name. Nothing old is overwritten: a taken name gets a number.
func (a *App) SaveDocument(caseID string, d cases.Document, dir string) (string, error) {
	const op = "save document"
	c, err := a.Case(caseID)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(c.Documents, func(x cases.Document) bool { return x.SHA256 == d.SHA256 && x.Name == d.Name }) {
		return "", &Error{op, NotFound, fmt.Errorf("the case has no document %s", d.SHA256)}
	}
	name := safeName(d.Name)
	if dir == "" {
		dir = filepath.Join(a.documents, caseName(c))
	} else {
		name = longName(c, name)
	}
	data, err := a.document(d)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", failed(op, err)
	}
	path, err := writeBeside(dir, name, data)
	return path, failed(op, err)
}

// NoFolder is the kind of a folder that cannot be made or written to.
const NoFolder Kind = "no-folder"

// OpenFolder makes the folder, for its owner alone, if it is not there, and finds out whether it can be written to. dir is absolute.
func (a *App) OpenFolder(dir string) error {
	const op = "open folder"
	if !filepath.IsAbs(dir) {
		return &Error{op, NoFolder, errors.New("no absolute path")}
	}
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(dir, ".rekey-*"); err == nil {
			_, err = f.Write(make([]byte, 1<<16))
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}
	if KindOf(err) == DiskFull {
		return failed(op, err)
	}
	if err != nil {
		return &Error{op, NoFolder, err}
	}
	return nil
}

// caseName names a case's folder: its day, its reason and the end of its number.
func caseName(c cases.Case) string {
	return c.CreatedAt.Local().Format("2006-01-02") + " " + c.Reason + " " + c.ID[max(0, len(c.ID)-6):]
}

// longName is the name of a document outside of its case's folder, at most 200 bytes of it, so that every file system takes it.
func longName(c cases.Case, name string) string {
	ext := filepath.Ext(name)
	if len(ext) > 20 {
		ext = "" // a point in a long name
	}
	stem := caseName(c) + " - " + strings.TrimSuffix(name, ext)
	if holder := strings.TrimSpace(c.Holder); holder != "" {
		stem = cut(strings.NewReplacer("/", "_", `\`, "_").Replace(holder), 80) + " - " + stem
	}
	return safeName(cut(stem, 200-len(ext)) + ext)
}

// cut keeps whole letters of s, at most so many bytes.
func cut(s string, most int) string { return strings.ToValidUTF8(s[:min(len(s), most)], "") }

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
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return path, writeNew(path, data)
		case err != nil:
			return "", err
		case !info.Mode().IsRegular() || info.Size() != int64(len(data)): // a folder or a link takes the name too
			continue
		}
		if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, data) {
			return path, nil
		}
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

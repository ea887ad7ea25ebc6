package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rekey/app/central"
)

// sameFiles wants the documents that the office holds to be the exported files, byte for byte.
func (s *scene) sameFiles(c central.Case) {
	s.t.Helper()
	if len(c.Documents) == 0 {
		s.must(fmt.Errorf("the office holds case %s without a document", c.ID))
	}
	for _, d := range c.Documents {
		data, err := os.ReadFile(filepath.Join(s.out, d.Name))
		s.must(err)
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != d.SHA256 {
			s.must(fmt.Errorf("%s is not what the office holds: %d bytes, there %d", d.Name, len(data), d.Size))
		}
	}
}

// noDocuments wants no form, request or receipt to be in the folder of documents.
func (s *scene) noDocuments() {
	s.t.Helper()
	var found []string
	err := filepath.WalkDir(filepath.Join(s.home, "documents"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			found = append(found, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.must(err)
	}
	if len(found) > 0 {
		s.must(fmt.Errorf("there are documents: %s", strings.Join(found, ", ")))
	}
}

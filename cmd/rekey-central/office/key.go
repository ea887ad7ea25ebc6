package office

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	// OfficerKeyFile is the file of the officer's key in the data folder.
	OfficerKeyFile = "office.key"
	officeKeyBytes = 32
)

// OfficerKey reads the officer's key of the folder dir and makes one at the first start.
// It is 64 hex digits; the file is for its owner only (0600).
func OfficerKey(dir string) (string, error) {
	const op = "officer's key"
	path := filepath.Join(dir, OfficerKeyFile)
	key, err := ReadKey(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	raw := make([]byte, officeKeyBytes)
	if _, err := rand.Read(raw); err != nil {
		return "", &Error{op, KindStorage, err}
	}
	if err := WriteWhole(path, []byte(hex.EncodeToString(raw)+"\n")); err != nil {
		return "", &Error{op, kindOf(err), err}
	}
	return ReadKey(path)
}

// ReadKey reads a key file and checks its shape.
func ReadKey(path string) (string, error) {
	const op = "read officer's key"
	data, err := os.ReadFile(path)
	if err != nil {
		return "", &Error{op, kindOf(err), err}
	}
	key := strings.TrimSpace(string(data))
	if raw, err := hex.DecodeString(key); err != nil || len(raw) != officeKeyBytes {
		return "", &Error{op, KindStorage, fmt.Errorf("%s does not hold %d hex digits", path, 2*officeKeyBytes)}
	}
	return key, nil
}

package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"sync"
	"time"

	"rekey/cmd/rekey-central/office"
	"rekey/cmd/rekey-central/overrides"
)

// overrides answers with the files of the office's folder as they are now, or with 304.
func (s *server) overrides(w http.ResponseWriter, r *http.Request, _ office.Caller) error {
	if _, err := query(r); err != nil {
		return err
	}
	files, err := overrides.Read(s.Data)
	if err != nil {
		return err
	}
	s.complaints.log(s, files)
	body, err := overrides.Encode(files)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(body)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", `"`+hex.EncodeToString(hash[:])+`"`)
	w.Header().Set("Cache-Control", "private, no-cache") // keep it, and ask whether it still holds
	r.Header.Del("Range")                                // the whole or nothing
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return nil
}

// complaints remembers which broken files the log has already.
type complaints struct {
	mu   sync.Mutex
	told []string
}

// log names each broken file once, and again when its trouble has changed.
func (c *complaints) log(s *server, files []overrides.File) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var now []string
	for _, f := range files {
		if f.Err == nil {
			continue
		}
		now = append(now, f.Err.Error())
		if !slices.Contains(c.told, f.Err.Error()) {
			s.Log.Warn("override left out", "file", f.Name, "cause", f.Err.Error())
		}
	}
	c.told = now
}

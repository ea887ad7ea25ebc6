package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"sync"
	"time"

	"rekey/cmd/rekey-central/api/stub"
	"rekey/cmd/rekey-central/overrides"
)

// Overrides answers with the files of the office's folder as they are now, or with 304.
func (s *server) Overrides(w http.ResponseWriter, r *http.Request, _ stub.OverridesParams) {
	files, err := s.files()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	body, err := overrides.Encode(files)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	cached(w, r, body)
}

// files reads the overrides; broken ones are in the log.
func (s *server) files() ([]overrides.File, error) {
	files, err := overrides.Read(s.Data)
	if err == nil {
		s.complaints.log(s, files)
	}
	return files, err
}

// cached answers with JSON that a client may keep and ask for again by its hash.
func cached(w http.ResponseWriter, r *http.Request, body []byte) {
	hash := sha256.Sum256(body)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", `"`+hex.EncodeToString(hash[:])+`"`)
	w.Header().Set("Cache-Control", "private, no-cache") // keep it, and ask whether it still holds
	r.Header.Del("Range")                                // the whole or nothing
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
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

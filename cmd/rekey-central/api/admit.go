package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"

	"rekey/cmd/rekey-central/office"
)

const (
	minKey = 32 // characters of a bearer key
	maxKey = 512
)

// admit finds out who asks and whether they may.
func (s *server) admit(want who, r *http.Request) (office.Caller, error) {
	if want == anybody {
		return office.Caller{}, nil
	}
	key, ok := bearer(r)
	if !ok {
		return office.Caller{}, problem(http.StatusUnauthorized, "send the header Authorization: Bearer KEY, with a key of %d to %d characters", minKey, maxKey)
	}
	// Hashes have one length, so the comparison takes the same time for every key.
	hash := sha256.Sum256([]byte(key))
	if subtle.ConstantTimeCompare(hash[:], s.officerHash[:]) == 1 {
		if want == client {
			return office.Caller{}, problem(http.StatusForbidden, "this is for clients; the officer's key is not a client's")
		}
		return office.Caller{Officer: true}, nil
	}
	if want == officer {
		return office.Caller{}, problem(http.StatusForbidden, "this is for the office")
	}
	return office.Caller{Client: hex.EncodeToString(hash[:])}, nil
}

// bearer reads the key (RFC 6750 §2.1): visible ASCII characters, exactly one header.
func bearer(r *http.Request) (string, bool) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return "", false
	}
	scheme, key, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || len(key) < minKey || len(key) > maxKey {
		return "", false
	}
	return key, visible(key)
}

// visible: ASCII characters that can be seen, no spaces.
func visible(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' })
}

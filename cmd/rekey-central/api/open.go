package api

import (
	"net/http"
	"time"

	"rekey/cmd/rekey-central/office"
)

// crlKept is how long one revocation list is handed out before a fresh one is signed.
const crlKept = time.Hour

func (s *server) health(w http.ResponseWriter, _ *http.Request, _ office.Caller) error {
	return answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *server) caCertificate(w http.ResponseWriter, _ *http.Request, _ office.Caller) error {
	return raw(w, "application/x-pem-file", s.Authority.PEM())
}

func (s *server) caRevocations(w http.ResponseWriter, _ *http.Request, _ office.Caller) error {
	list, err := s.revocations(time.Now())
	if err != nil {
		return err
	}
	return raw(w, "application/pkix-crl", list) // RFC 5280 §4.2.1.13
}

func (s *server) revocations(now time.Time) ([]byte, error) {
	s.crlMu.Lock()
	defer s.crlMu.Unlock()
	if s.crl != nil && now.Sub(s.crlMade) < crlKept {
		return s.crl, nil
	}
	list, err := s.Authority.CRL(now)
	if err != nil {
		return nil, err
	}
	s.crl, s.crlMade = list, now
	return list, nil
}

func raw(w http.ResponseWriter, media string, data []byte) error {
	w.Header().Set("Content-Type", media)
	_, _ = w.Write(data) // a caller that has gone needs no answer
	return nil
}

package api

import (
	"net/http"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/office"
)

func (s *server) putDocument(w http.ResponseWriter, r *http.Request, c office.Caller) error {
	sum, err := sum(r)
	if err != nil {
		return err
	}
	if r.ContentLength > central.MaxDocument {
		w.Header().Set("Connection", "close") // nobody wants the rest of the body
		return problem(http.StatusRequestEntityTooLarge, "a document has at most %d bytes", central.MaxDocument)
	}
	// One byte more than allowed: the office itself says that it is too large.
	created, err := s.Office.PutDocument(c.Client, sum, http.MaxBytesReader(w, r.Body, central.MaxDocument+1))
	if err != nil {
		return err
	}
	if created {
		w.WriteHeader(http.StatusCreated)
	}
	return nil
}

// document answers GET and HEAD, also for a part (RFC 9110 §14).
func (s *server) document(w http.ResponseWriter, r *http.Request, c office.Caller) error {
	sum, err := sum(r)
	if err != nil {
		return err
	}
	f, err := s.Office.OpenDocument(c, sum)
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("ETag", `"`+sum+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

func sum(r *http.Request) (string, error) {
	sum := r.PathValue("sha256")
	if !office.IsSHA256(sum) {
		return "", problem(http.StatusBadRequest, "the path wants a SHA-256: 64 hex digits, lower case")
	}
	return sum, nil
}

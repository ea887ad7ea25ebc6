package api

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/api/stub"
	"rekey/cmd/rekey-central/office"
)

// PutDocument takes a document whole.
func (s *server) PutDocument(w http.ResponseWriter, r *http.Request, sum string) {
	body, err := s.document(w, r, sum)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	created, err := s.Office.PutDocument(r.Context(), caller(r), sum, body)
	s.kept(w, r, created, err)
}

// AppendDocument takes a part of a document. The header says how far it has come, also when the rest did not arrive.
func (s *server) AppendDocument(w http.ResponseWriter, r *http.Request, sum string, p stub.AppendDocumentParams) {
	body, err := s.document(w, r, sum)
	if err == nil {
		err = media(r, "application/octet-stream")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	here, whole, created, err := s.Office.AppendDocument(r.Context(), caller(r), sum, p.UploadOffset, p.UploadLength, body)
	w.Header().Set("Upload-Offset", strconv.FormatInt(here, 10))
	if err != nil || whole {
		s.kept(w, r, created, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// document looks at the hash and the size before anything is read.
func (s *server) document(w http.ResponseWriter, r *http.Request, sum string) (io.Reader, error) {
	if err := isSum(sum); err != nil {
		return nil, err
	}
	if r.ContentLength > central.MaxDocument {
		w.Header().Set("Connection", "close") // nobody wants the rest of the body
		return nil, problem(http.StatusRequestEntityTooLarge, "a document has at most %d bytes", central.MaxDocument)
	}
	// One byte more than allowed: the office itself says that it is too large.
	return s.figures.counting(http.MaxBytesReader(w, r.Body, central.MaxDocument+1)), nil
}

// kept answers that a document is whole.
func (s *server) kept(w http.ResponseWriter, r *http.Request, created bool, err error) {
	switch {
	case err != nil:
		s.fail(w, r, err)
	case created:
		w.WriteHeader(http.StatusCreated)
	}
}

// Document answers with the bytes or a part of them (RFC 9110 §14).
func (s *server) Document(w http.ResponseWriter, r *http.Request, sum string, _ stub.DocumentParams) {
	if err := s.serve(w, r, sum); err != nil {
		s.fail(w, r, err)
	}
}

// HasDocument is Document without the bytes; when it is not here it says how much of the caller's upload is.
func (s *server) HasDocument(w http.ResponseWriter, r *http.Request, sum string, _ stub.HasDocumentParams) {
	err := s.serve(w, r, sum)
	if office.KindOf(err) == office.KindNotFound {
		here, whole, err := s.Office.Received(r.Context(), caller(r), sum)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if !whole { // else it has become whole just now; the next look finds it
			w.Header().Set("Upload-Offset", strconv.FormatInt(here, 10))
		}
	}
	if err != nil {
		s.fail(w, r, err)
	}
}

func (s *server) serve(w http.ResponseWriter, r *http.Request, sum string) error {
	if err := isSum(sum); err != nil {
		return err
	}
	f, err := s.Office.OpenDocument(r.Context(), caller(r), sum)
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("ETag", `"`+sum+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

func isSum(sum string) error {
	if !office.IsSHA256(sum) {
		return problem(http.StatusBadRequest, "the path wants a SHA-256: 64 hex digits, lower case")
	}
	return nil
}

// media wants a body to be what it is sent as.
func media(r *http.Request, want string) error {
	got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || got != want {
		return problem(http.StatusUnsupportedMediaType, "send the body as Content-Type: %s", want)
	}
	return nil
}

package api

import (
	"net/http"

	"rekey/app/central"
	"rekey/cmd/rekey-central/api/stub"
)

// Holders lists a caller's own holders, all to the officer.
func (s *server) Holders(w http.ResponseWriter, r *http.Request, p stub.HoldersParams) {
	page, err := s.Registry.Holders(r.Context(), caller(r), or(p.After, ""), or(p.Limit, defaultPage))
	s.tell(w, r, http.StatusOK, page, 0, err)
}

// Holder reads one.
func (s *server) Holder(w http.ResponseWriter, r *http.Request, id string, p stub.HolderParams) {
	h, err := s.Registry.Holder(r.Context(), caller(r), or(p.Owner, ""), id)
	s.tell(w, r, http.StatusOK, h, h.Version, err)
}

// PutHolder writes the caller's part of a holder.
func (s *server) PutHolder(w http.ResponseWriter, r *http.Request, id string, p stub.PutHolderParams) {
	var h central.Holder
	created, err := false, readJSON(w, r, &h)
	if err == nil {
		h, created, err = s.Registry.PutHolder(r.Context(), caller(r), or(p.Owner, ""), id, seen(p.IfMatch), h)
	}
	s.made(w, r, "", h, h.Version, created, err)
}

// Certificates lists a caller's own certificates, all to the officer.
func (s *server) Certificates(w http.ResponseWriter, r *http.Request, p stub.CertificatesParams) {
	page, err := s.Registry.Certificates(r.Context(), caller(r), or(p.After, ""), or(p.Limit, defaultPage))
	s.tell(w, r, http.StatusOK, page, 0, err)
}

// Certificate reads one.
func (s *server) Certificate(w http.ResponseWriter, r *http.Request, fingerprint string, p stub.CertificateParams) {
	c, err := s.Registry.Certificate(r.Context(), caller(r), or(p.Owner, ""), fingerprint)
	s.tell(w, r, http.StatusOK, c, c.Version, err)
}

// PutCertificate writes a certificate that a holder uses.
func (s *server) PutCertificate(w http.ResponseWriter, r *http.Request, fingerprint string, p stub.PutCertificateParams) {
	var c central.Certificate
	created, err := false, readJSON(w, r, &c)
	if err == nil {
		c, created, err = s.Registry.PutCertificate(r.Context(), caller(r), fingerprint, seen(p.IfMatch), c)
	}
	s.made(w, r, "", c, c.Version, created, err)
}

// Cards lists a caller's own cards, all to the officer.
func (s *server) Cards(w http.ResponseWriter, r *http.Request, p stub.CardsParams) {
	page, err := s.Registry.Cards(r.Context(), caller(r), or(p.After, ""), or(p.Limit, defaultPage))
	s.tell(w, r, http.StatusOK, page, 0, err)
}

// Card reads one.
func (s *server) Card(w http.ResponseWriter, r *http.Request, id string, p stub.CardParams) {
	c, err := s.Registry.Card(r.Context(), caller(r), or(p.Owner, ""), id)
	s.tell(w, r, http.StatusOK, c, c.Version, err)
}

// PutCard writes a card that a holder uses.
func (s *server) PutCard(w http.ResponseWriter, r *http.Request, id string, p stub.PutCardParams) {
	var c central.Card
	created, err := false, readJSON(w, r, &c)
	if err == nil {
		c, created, err = s.Registry.PutCard(r.Context(), caller(r), id, seen(p.IfMatch), c)
	}
	s.made(w, r, "", c, c.Version, created, err)
}

// Photo reads what is known of a holder's picture.
func (s *server) Photo(w http.ResponseWriter, r *http.Request, holder string, p stub.PhotoParams) {
	photo, err := s.Registry.Photo(r.Context(), caller(r), or(p.Owner, ""), holder)
	s.tell(w, r, http.StatusOK, photo, photo.Version, err)
}

// PutPhoto writes it.
func (s *server) PutPhoto(w http.ResponseWriter, r *http.Request, holder string, p stub.PutPhotoParams) {
	var photo central.Photo
	created, err := false, readJSON(w, r, &photo)
	if err == nil {
		photo, created, err = s.Registry.PutPhoto(r.Context(), caller(r), holder, seen(p.IfMatch), photo)
	}
	s.made(w, r, "", photo, photo.Version, created, err)
}

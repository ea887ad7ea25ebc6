package api

import (
	"net/http"

	"rekey/app/central"
	"rekey/cmd/rekey-central/api/stub"
)

// Receipts lists a caller's own receipts, all to the officer.
func (s *server) Receipts(w http.ResponseWriter, r *http.Request, p stub.ReceiptsParams) {
	page, err := s.Registry.Receipts(r.Context(), caller(r), or(p.After, ""), or(p.Limit, defaultPage))
	s.tell(w, r, http.StatusOK, page, 0, err)
}

// Receipt reads one.
func (s *server) Receipt(w http.ResponseWriter, r *http.Request, id string) {
	v, err := s.Registry.Receipt(r.Context(), caller(r), id)
	s.tell(w, r, http.StatusOK, v, v.Version, err)
}

// HandInReceipt takes one in.
func (s *server) HandInReceipt(w http.ResponseWriter, r *http.Request) {
	var v central.Receipt
	created, err := false, readJSON(w, r, &v)
	if err == nil {
		visitOf(r).about = v.ID
		v, created, err = s.Registry.HandInReceipt(r.Context(), caller(r), v)
	}
	s.made(w, r, "/v1/receipts/"+v.ID, v, v.Version, created, err)
}

// AcceptReceipt is the officer's yes.
func (s *server) AcceptReceipt(w http.ResponseWriter, r *http.Request, id string, p stub.AcceptReceiptParams) {
	v, err := s.Registry.AcceptReceipt(r.Context(), caller(r), id, seen(p.IfMatch))
	s.tell(w, r, http.StatusOK, v, v.Version, err)
}

// DeclineReceipt is the officer's no, with a reason.
func (s *server) DeclineReceipt(w http.ResponseWriter, r *http.Request, id string, p stub.DeclineReceiptParams) {
	var body central.Return
	var v central.Receipt
	err := readJSON(w, r, &body)
	if err == nil {
		v, err = s.Registry.DeclineReceipt(r.Context(), caller(r), id, seen(p.IfMatch), body.Why)
	}
	s.tell(w, r, http.StatusOK, v, v.Version, err)
}

// Revocations lists a caller's own wishes to revoke, all to the officer.
func (s *server) Revocations(w http.ResponseWriter, r *http.Request, p stub.RevocationsParams) {
	page, err := s.Registry.Revocations(r.Context(), caller(r), or(p.After, ""), or(p.Limit, defaultPage))
	s.tell(w, r, http.StatusOK, page, 0, err)
}

// Revocation reads one.
func (s *server) Revocation(w http.ResponseWriter, r *http.Request, id string) {
	v, err := s.Registry.Revocation(r.Context(), caller(r), id)
	s.tell(w, r, http.StatusOK, v, v.Version, err)
}

// AskRevocation takes a wish in.
func (s *server) AskRevocation(w http.ResponseWriter, r *http.Request) {
	var v central.Revocation
	created, err := false, readJSON(w, r, &v)
	if err == nil {
		visitOf(r).about = v.ID
		v, created, err = s.Registry.AskRevocation(r.Context(), caller(r), v)
	}
	s.made(w, r, "/v1/revocations/"+v.ID, v, v.Version, created, err)
}

// AcceptRevocation revokes a certificate.
func (s *server) AcceptRevocation(w http.ResponseWriter, r *http.Request, id string, p stub.AcceptRevocationParams) {
	v, err := s.Registry.AcceptRevocation(r.Context(), caller(r), id, seen(p.IfMatch), s.Authority.Made)
	s.tell(w, r, http.StatusOK, v, v.Version, err)
}

// DeclineRevocation is the officer's no, with a reason.
func (s *server) DeclineRevocation(w http.ResponseWriter, r *http.Request, id string, p stub.DeclineRevocationParams) {
	var body central.Return
	var v central.Revocation
	err := readJSON(w, r, &body)
	if err == nil {
		v, err = s.Registry.DeclineRevocation(r.Context(), caller(r), id, seen(p.IfMatch), body.Why)
	}
	s.tell(w, r, http.StatusOK, v, v.Version, err)
}

const defaultDays = 60

// ReportCases counts cases.
func (s *server) ReportCases(w http.ResponseWriter, r *http.Request, p stub.ReportCasesParams) {
	report, err := s.Registry.Report(r.Context(), caller(r), p.By)
	s.tell(w, r, http.StatusOK, report, 0, err)
}

// ReportExpiring lists the certificates that end soon.
func (s *server) ReportExpiring(w http.ResponseWriter, r *http.Request, p stub.ReportExpiringParams) {
	page, err := s.Registry.Expiring(r.Context(), caller(r), or(p.Days, defaultDays), or(p.After, ""), or(p.Limit, defaultPage))
	s.tell(w, r, http.StatusOK, page, 0, err)
}

package api

import (
	"net/http"

	"rekey/app/central"
	"rekey/cmd/rekey-central/api/stub"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
)

const defaultPage = 50 // entries

// reasonRenewal is the reason of a procedure that replaces a certificate still in force.
const reasonRenewal = "renewal"

// Submit takes a case in.
func (s *server) Submit(w http.ResponseWriter, r *http.Request, p stub.SubmitParams) {
	var submission central.Submission
	if err := readJSON(w, r, &submission); err != nil {
		s.fail(w, r, err)
		return
	}
	visitOf(r).about = submission.ID
	receipt, err := s.Office.Submit(r.Context(), caller(r), p.IdempotencyKey, seen(p.IfMatch), submission)
	s.made(w, r, "/v1/cases/"+receipt.Case.ID, receipt.Case, receipt.Case.Version, receipt.Created, err)
}

// made answers that something is here: new (201) or known.
func (s *server) made(w http.ResponseWriter, r *http.Request, path string, value any, version int64, created bool, err error) {
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	if err == nil && path != "" {
		w.Header().Set("Location", path)
	}
	s.tell(w, r, status, value, version, err)
}

// AddDocuments puts further documents to a case.
func (s *server) AddDocuments(w http.ResponseWriter, r *http.Request, id string, p stub.AddDocumentsParams) {
	var more central.Addition
	if err := readJSON(w, r, &more); err != nil {
		s.fail(w, r, err)
		return
	}
	receipt, err := s.Office.AddDocuments(r.Context(), caller(r), p.IdempotencyKey, id, more.Documents)
	s.oneCase(w, r, receipt.Case, err)
}

// Cases lists a caller's own cases, all to the officer.
func (s *server) Cases(w http.ResponseWriter, r *http.Request, p stub.CasesParams) {
	list, err := s.Office.Cases(r.Context(), caller(r), or(p.After, ""), string(or(p.State, "")), or(p.Limit, defaultPage))
	if office.KindOf(err) == office.KindInvalid {
		err = problem(http.StatusBadRequest, "after: not a cursor of this list")
	}
	s.tell(w, r, http.StatusOK, list, 0, err)
}

// or is the value of a parameter, or what an absent one stands for.
func or[T any](p *T, absent T) T {
	if p == nil {
		return absent
	}
	return *p
}

// Case reads one.
func (s *server) Case(w http.ResponseWriter, r *http.Request, id string) {
	c, err := s.Office.Case(r.Context(), caller(r), id)
	s.oneCase(w, r, c, err)
}

// Approve is the officer's yes.
func (s *server) Approve(w http.ResponseWriter, r *http.Request, id string, p stub.ApproveParams) {
	c, err := s.Office.Approve(r.Context(), caller(r), id, seen(p.IfMatch))
	s.oneCase(w, r, c, err)
}

// Return is the officer's no, with a reason.
func (s *server) Return(w http.ResponseWriter, r *http.Request, id string, p stub.ReturnParams) {
	var body central.Return
	if err := readJSON(w, r, &body); err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.Office.Return(r.Context(), caller(r), id, seen(p.IfMatch), body.Why)
	s.oneCase(w, r, c, err)
}

// Issue makes the certificate of a case.
func (s *server) Issue(w http.ResponseWriter, r *http.Request, id string, p stub.IssueParams) {
	c, err := s.Office.Issue(r.Context(), caller(r), id, seen(p.IfMatch), Issuer(s.Authority, s.CRL))
	s.oneCase(w, r, c, err)
}

func (s *server) oneCase(w http.ResponseWriter, r *http.Request, c central.Case, err error) {
	s.tell(w, r, http.StatusOK, c, c.Version, err)
}

// Issuer lets the demonstration CA certify the requests of cases; crl is the URL of its
// revocation list.
func Issuer(authority *ca.Authority, crl string) office.Issuer {
	return func(c central.Case, request []byte) ([]byte, error) {
		return authority.Certify(ca.Order{
			Request: request,
			Profile: ca.ProfileFor(c.Procedure),
			Renewal: c.Reason == reasonRenewal,
			CRL:     crl,
		})
	}
}

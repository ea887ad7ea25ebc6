package api

import (
	"net/http"
	"slices"

	"rekey/app/central"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
)

const (
	maxIdempotencyKey = 200 // characters
	defaultPage       = 50  // cases
	maxPage           = 200 // cases
)

// reasonRenewal is the reason of a procedure that replaces a certificate still in force.
const reasonRenewal = "renewal"

func (s *server) submit(w http.ResponseWriter, r *http.Request, c office.Caller) error {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || len(key) > maxIdempotencyKey || !visible(key) {
		return problem(http.StatusBadRequest, "send the header Idempotency-Key: 1 to %d visible ASCII characters, new for each submission, the same when it is repeated", maxIdempotencyKey)
	}
	var submission central.Submission
	if err := readJSON(w, r, &submission); err != nil {
		return err
	}
	receipt, err := s.Office.Submit(c.Client, key, submission)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/cases/"+receipt.Case.ID)
	if receipt.Created {
		return answer(w, http.StatusCreated, receipt.Case)
	}
	return answer(w, http.StatusOK, receipt.Case)
}

func (s *server) cases(w http.ResponseWriter, r *http.Request, _ office.Caller) error {
	got, err := query(r, "after", "state", "limit")
	if err != nil {
		return err
	}
	limit, err := whole(got, "limit", 1, maxPage, defaultPage)
	if err != nil {
		return err
	}
	states := []string{"", central.StateReceived, central.StateApproved, central.StateReturned, central.StateIssued}
	if !slices.Contains(states, got["state"]) {
		return problem(http.StatusBadRequest, "state: want one of %v", states[1:])
	}
	list, err := s.Office.Cases(got["after"], got["state"], int(limit))
	if office.KindOf(err) == office.KindInvalid {
		return problem(http.StatusBadRequest, "after: not a cursor of this list")
	}
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, list)
}

func (s *server) oneCase(w http.ResponseWriter, r *http.Request, c office.Caller) error {
	found, err := s.Office.Case(c, r.PathValue("id"))
	return decided(w, found, err)
}

func (s *server) approve(w http.ResponseWriter, r *http.Request, _ office.Caller) error {
	c, err := s.Office.Approve(r.PathValue("id"), office.AnyVersion)
	return decided(w, c, err)
}

func (s *server) sendBack(w http.ResponseWriter, r *http.Request, _ office.Caller) error {
	var body central.Return
	if err := readJSON(w, r, &body); err != nil {
		return err
	}
	c, err := s.Office.Return(r.PathValue("id"), office.AnyVersion, body.Why)
	return decided(w, c, err)
}

func (s *server) issue(w http.ResponseWriter, r *http.Request, _ office.Caller) error {
	c, err := s.Office.Issue(r.PathValue("id"), office.AnyVersion, Issuer(s.Authority, s.CRL))
	return decided(w, c, err)
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

func decided(w http.ResponseWriter, c central.Case, err error) error {
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, c)
}

package page

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// remote is for the office's commands: JSON, and the officer's key in each request instead of a session. What they need
// beyond the contract of the API is here, since it is between the office and itself.
func (p *pages) remote(next func(*http.Request, office.Caller) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := p.Accounts.Admit(r)
		if err == nil && !who.Officer() {
			err = &accounts.Error{Status: http.StatusForbidden, Detail: "this is for the office"}
		}
		var answer any
		if err == nil {
			answer, err = next(r, who)
		}
		if err == nil {
			writeJSON(w, http.StatusOK, "application/json", answer)
			return
		}
		var refused *accounts.Error
		switch {
		case errors.As(err, &refused):
		case data.IsAway(err):
			p.Log.Error("failed", "path", r.Pattern, "cause", "the database does not answer")
			w.Header().Set("Retry-After", comeAgain)
			refused = &accounts.Error{Status: http.StatusServiceUnavailable, Detail: "the office's database does not answer; try again later"}
		default:
			p.Log.Error("failed", "path", r.Pattern)
			refused = &accounts.Error{Status: http.StatusInternalServerError, Detail: "the office's server failed; try again later"}
		}
		if refused.Wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(1+int(refused.Wait.Seconds())))
		}
		writeJSON(w, refused.Status, central.MediaProblem, central.Problem{Type: "about:blank", Title: http.StatusText(refused.Status), Status: refused.Status, Detail: refused.Detail})
	})
}

func writeJSON(w http.ResponseWriter, status int, media string, value any) {
	text, err := json.Marshal(value)
	if err != nil { // cannot be: texts, numbers and times
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a caller that has gone needs no answer
}

func (p *pages) remoteAccounts(r *http.Request, _ office.Caller) (any, error) {
	return p.Accounts.List(r.Context(), r.FormValue("after"), pageSize)
}

func (p *pages) remoteAdd(r *http.Request, who office.Caller) (any, error) {
	var order accounts.Order
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&order); err != nil {
		return nil, &accounts.Error{Status: http.StatusBadRequest, Detail: "the body is not the JSON of an account to make"}
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &accounts.Error{Status: http.StatusBadRequest, Detail: "there is something after the JSON"}
	}
	made, err := p.Accounts.Add(r.Context(), order)
	p.record(r.Context(), who, "addAccount", made.Account.ID, accounts.StatusOf(err))
	return made, err
}

func (p *pages) remoteShut(verb string) func(*http.Request, office.Caller) (any, error) {
	return func(r *http.Request, who office.Caller) (any, error) { return p.shut(r, who, verb) }
}

package page

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
)

// list shows the cases of one state, those to decide first of all.
func (p *pages) list(w http.ResponseWriter, r *http.Request, s session) {
	state := r.FormValue("state")
	if state == "" {
		state = central.StateReceived
	}
	known := slices.ContainsFunc(tabs, func(t tab) bool { return t.State == state })
	if !known {
		p.tell(w, http.StatusNotFound, "There is no such list.")
		return
	}
	wanted := state
	if state == allStates {
		wanted = ""
	}
	found, err := p.Office.Cases(r.Context(), s.who, r.FormValue("after"), wanted, pageSize)
	if err != nil {
		p.fail(w, err)
		return
	}
	view := listView{frame: s.frame("cases"), Tabs: tabs, State: state, Cases: found.Cases}
	if found.Next != "" {
		view.Next = "?" + url.Values{"state": {state}, "after": {found.Next}}.Encode()
	}
	p.render(w, http.StatusOK, "list.html", view)
}

// show is one case with all that there is to decide it.
func (p *pages) show(w http.ResponseWriter, r *http.Request, s session) {
	c, err := p.Office.Case(r.Context(), s.who, r.PathValue("id"))
	if err != nil {
		p.fail(w, err)
		return
	}
	p.render(w, http.StatusOK, "case.html", p.caseView(r.Context(), c, s, caseView{Done: done[r.FormValue("done")]}))
}

// decide does what a button of the case says, unless the case is no longer the one that
// the officer saw.
func (p *pages) decide(w http.ResponseWriter, r *http.Request, s session) {
	id, verb := r.PathValue("id"), r.PathValue("verb")
	if !slices.Contains([]string{"approve", "return", "issue"}, verb) {
		p.tell(w, http.StatusNotFound, "There is no such decision.")
		return
	}
	seen, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil || seen < 1 {
		p.tell(w, http.StatusBadRequest, "The form does not say which version of the case it is about; nothing was done.")
		return
	}
	why := lines(r.PostForm.Get("why"))
	switch verb {
	case "approve":
		_, err = p.Office.Approve(r.Context(), s.who, id, seen)
	case "return":
		_, err = p.Office.Return(r.Context(), s.who, id, seen, why)
	case "issue":
		_, err = p.Office.Issue(r.Context(), s.who, id, seen, p.Issuer)
	}
	problem, status := p.outcome(r, s, verb, id, err)
	switch {
	case problem != "":
		p.refuse(w, r, status, id, s, caseView{Why: why, Problem: problem})
	case err != nil:
		p.fail(w, err)
	default:
		http.Redirect(w, r, root+"cases/"+url.PathEscape(id)+"?done="+verb, http.StatusSeeOther)
	}
}

// outcome writes a decision into the audit list. problem is what the officer can do something about.
func (p *pages) outcome(r *http.Request, s session, did, about string, err error) (problem string, status int) {
	problem, status = explain(err)
	switch {
	case err == nil:
		status = http.StatusOK
	case office.KindOf(err) == office.KindNotFound:
		status = http.StatusNotFound
	case problem == "":
		status = accounts.StatusOf(err)
	default:
		problem = "Nothing was done: " + problem + "."
	}
	p.record(r.Context(), s.who, did, about, status)
	return problem, status
}

// lines are as we keep them; browsers send "\r\n".
func lines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// refuse shows the case as it is now, with what was wrong and what the officer had written.
func (p *pages) refuse(w http.ResponseWriter, r *http.Request, status int, id string, s session, v caseView) {
	c, err := p.Office.Case(r.Context(), s.who, id)
	if err != nil {
		p.fail(w, err)
		return
	}
	p.render(w, status, "case.html", p.caseView(r.Context(), c, s, v))
}

// explain gives the text of an error that the officer can do something about.
func explain(err error) (string, int) {
	switch kind := office.KindOf(err); {
	case err == nil:
		return "", 0
	case ca.KindOf(err) == ca.KindRequest:
		return cause(err), http.StatusUnprocessableEntity
	case ca.KindOf(err) == ca.KindSigner:
		return "the authority's card or HSM did not sign; see that it is there, and issue again", http.StatusServiceUnavailable
	case kind == office.KindInvalid:
		return cause(err), http.StatusUnprocessableEntity
	case kind == office.KindConflict:
		return cause(err), http.StatusConflict
	case kind == office.KindStale:
		return "it has changed since you opened it; this is how it is now", http.StatusConflict
	case kind == office.KindFull:
		return "the disk is full", http.StatusInsufficientStorage
	}
	return "", 0
}

// download saves a document of the case; the browser never opens it in the page.
func (p *pages) download(w http.ResponseWriter, r *http.Request, s session) {
	c, err := p.Office.Case(r.Context(), s.who, r.PathValue("id"))
	if err != nil {
		p.fail(w, err)
		return
	}
	sum := r.PathValue("sha256")
	i := slices.IndexFunc(documents(c), func(d central.Document) bool { return d.SHA256 == sum })
	if i < 0 {
		p.tell(w, http.StatusNotFound, "The case has no such document.")
		return
	}
	p.save(w, r, sum, documents(c)[i].Name)
}

// save gives a document to the browser as a file.
func (p *pages) save(w http.ResponseWriter, r *http.Request, sum, name string) {
	data, err := p.Office.Content(r.Context(), sum)
	if err != nil {
		p.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) // a browser that has gone needs no answer
}

// documents are those of the client, then those of the office.
func documents(c central.Case) []central.Document {
	return slices.Concat(c.Documents, c.FromCA)
}

func trimmed(s string) string { return strings.TrimSpace(s) }

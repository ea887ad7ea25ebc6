package page

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"rekey/app/central"
	"rekey/cmd/rekey-central/office"
)

// petitions are things of one kind that somebody handed in for a yes or a no: receipts, wishes to revoke.
type petitions struct {
	path, title    string
	accept, refuse string // operations of the contract
	// list gives those of a page that are in the wanted state.
	list   func(ctx context.Context, who office.Caller, wanted func(state string) bool, after string, limit int) (rows []petition, next string, err error)
	decide func(ctx context.Context, who office.Caller, id string, seen int64, yes bool, why string) error
}

// petition is one of them, as the page shows it.
type petition struct {
	ID, State, Why string
	Version        int64
	Case, Paper    string // addresses, or ""
	Facts          []fact
}

type fact struct{ Name, Value string }

func (p *pages) petitions() []petitions {
	return []petitions{
		{"receipts", "Receipts", "acceptReceipt", "declineReceipt", p.receipts,
			func(ctx context.Context, who office.Caller, id string, seen int64, yes bool, why string) (err error) {
				if yes {
					_, err = p.Registry.AcceptReceipt(ctx, who, id, seen)
				} else {
					_, err = p.Registry.DeclineReceipt(ctx, who, id, seen, why)
				}
				return err
			}},
		{"revocations", "Wishes to revoke", "acceptRevocation", "declineRevocation", p.revocations,
			func(ctx context.Context, who office.Caller, id string, seen int64, yes bool, why string) (err error) {
				if yes {
					_, err = p.Registry.AcceptRevocation(ctx, who, id, seen, p.Made)
				} else {
					_, err = p.Registry.DeclineRevocation(ctx, who, id, seen, why)
				}
				return err
			}},
	}
}

func (p *pages) receipts(ctx context.Context, who office.Caller, wanted func(string) bool, after string, limit int) (rows []petition, next string, err error) {
	page, err := p.Registry.Receipts(ctx, who, after, limit)
	for _, v := range page.Items {
		if !wanted(v.State) {
			continue
		}
		c, err := p.Office.Case(ctx, who, v.Case)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, petition{v.ID, v.State, v.Why, v.Version, caseAddress(v.Case), root + "receipts/" + url.PathEscape(v.ID) + "/paper",
			facts("Holder", c.Holder, "Paid", trimmed(v.Amount+" "+v.Currency), "On", v.PaidOn, "Handed in", when(v.CreatedAt))})
	}
	return rows, page.Next, err
}

func (p *pages) revocations(ctx context.Context, who office.Caller, wanted func(string) bool, after string, limit int) (rows []petition, next string, err error) {
	page, err := p.Registry.Revocations(ctx, who, after, limit)
	for _, v := range page.Items {
		if !wanted(v.State) {
			continue
		}
		c, err := p.Registry.Certificate(ctx, who, v.Owner, v.Fingerprint)
		if err != nil && office.KindOf(err) != office.KindNotFound {
			return nil, "", err
		}
		h, err := p.Registry.Holder(ctx, who, v.Owner, c.Holder)
		if err != nil && office.KindOf(err) != office.KindNotFound { // a client need not tell about its holders
			return nil, "", err
		}
		end := ""
		if !c.NotAfter.IsZero() {
			end = when(c.NotAfter)
		}
		rows = append(rows, petition{ID: v.ID, State: v.State, Why: v.Why, Version: v.Version, Case: caseAddress(c.Case), Facts: facts("Holder", h.Name, "Reason", v.Reason,
			"Certificate number", c.Serial, "Issued by", c.Issuer, "It ends", end, "SHA-256", v.Fingerprint, "Handed in", when(v.CreatedAt))})
	}
	return rows, page.Next, err
}

// caseAddress is where the page of a case is; "" without one.
func caseAddress(id string) string {
	if id == "" {
		return ""
	}
	return root + "cases/" + url.PathEscape(id)
}

// facts pairs names and values and leaves out what is not told.
func facts(pairs ...string) (all []fact) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			all = append(all, fact{pairs[i], pairs[i+1]})
		}
	}
	return all
}

type petitionsView struct {
	frame
	Title, Path, State string
	Tabs               []tab
	Rows               []petition
	Next               string // address of the next page
	Done, Problem, Why string
	About              string // ID of the row that Problem and Why are about
}

var petitionTabs = []tab{{central.Waiting, "To decide"}, {central.Accepted, "Accepted"}, {central.Declined, "Declined"}, {allStates, "All"}}

func (p *pages) showPetitions(kind petitions) func(http.ResponseWriter, *http.Request, session) {
	return func(w http.ResponseWriter, r *http.Request, s session) {
		p.listPetitions(w, r, s, kind, http.StatusOK, petitionsView{Done: done[r.FormValue("done")]})
	}
}

func (p *pages) listPetitions(w http.ResponseWriter, r *http.Request, s session, kind petitions, status int, v petitionsView) {
	v.frame, v.Title, v.Path, v.Tabs, v.State = s.frame(kind.path), kind.title, kind.path, petitionTabs, r.FormValue("state")
	if v.State == "" {
		v.State = central.Waiting
	}
	if !slices.ContainsFunc(v.Tabs, func(t tab) bool { return t.State == v.State }) {
		p.tell(w, http.StatusNotFound, "There is no such list.")
		return
	}
	after := r.FormValue("after")
	wanted := func(state string) bool { return v.State == allStates || state == v.State }
	for len(v.Rows) < pageSize { // those of other states take no room
		rows, next, err := kind.list(r.Context(), s.who, wanted, after, pageSize-len(v.Rows))
		if err != nil {
			p.fail(w, err)
			return
		}
		v.Rows = append(v.Rows, rows...)
		if after = next; next == "" {
			break
		}
	}
	if after != "" {
		v.Next = "?" + url.Values{"state": {v.State}, "after": {after}}.Encode()
	}
	p.render(w, status, "petitions.html", v)
}

// decidePetition says yes or no, unless the thing is no longer the one that the officer saw.
func (p *pages) decidePetition(kind petitions) func(http.ResponseWriter, *http.Request, session) {
	return func(w http.ResponseWriter, r *http.Request, s session) {
		id, verb := r.PathValue("id"), r.PathValue("verb")
		did := map[string]string{"accept": kind.accept, "decline": kind.refuse}[verb]
		if did == "" {
			p.tell(w, http.StatusNotFound, "There is no such decision.")
			return
		}
		seen, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
		if err != nil || seen < 1 {
			p.tell(w, http.StatusBadRequest, "The form does not say which version it is about; nothing was done.")
			return
		}
		why := lines(r.PostForm.Get("why"))
		err = kind.decide(r.Context(), s.who, id, seen, verb == "accept", why)
		problem, status := p.outcome(r, s, did, id, err)
		switch {
		case problem != "":
			p.listPetitions(w, r, s, kind, status, petitionsView{Problem: problem, Why: why, About: id})
		case err != nil:
			p.fail(w, err)
		default:
			http.Redirect(w, r, root+kind.path+"?done="+verb, http.StatusSeeOther)
		}
	}
}

// paper saves the document of a receipt.
func (p *pages) paper(w http.ResponseWriter, r *http.Request, s session) {
	v, err := p.Registry.Receipt(r.Context(), s.who, r.PathValue("id"))
	if err != nil {
		p.fail(w, err)
		return
	}
	p.save(w, r, v.SHA256, "receipt-"+v.ID)
}

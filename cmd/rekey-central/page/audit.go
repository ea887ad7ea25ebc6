package page

import (
	"net/http"
	"slices"
	"strconv"

	"rekey/app/central"
)

type auditView struct {
	frame
	Entries []central.AuditEntry // the newest first
	Older   string               // address of the page before; "" on the first
}

func number(n int) string { return strconv.Itoa(n) }

// audit shows who did what, the newest first: the numbers have no gaps, so that pages can be counted backwards. The oldest entries go
// with time, so a page looks one further back than it shows.
func (p *pages) audit(w http.ResponseWriter, r *http.Request, s session) {
	last, err := p.Trail.Last(r.Context())
	if err != nil {
		p.fail(w, err)
		return
	}
	until := last
	if before := r.FormValue("before"); before != "" {
		n, err := strconv.ParseInt(before, 10, 64)
		if err != nil || n < 1 {
			p.tell(w, http.StatusBadRequest, "This address cannot be read.")
			return
		}
		until = min(last, n-1)
	}
	after := max(0, until-pageSize-1)
	view := auditView{frame: s.frame("audit")}
	if until > after {
		found, err := p.Trail.List(r.Context(), strconv.FormatInt(after, 10), int(until-after))
		if err != nil {
			p.fail(w, err)
			return
		}
		all := slices.DeleteFunc(found.Items, func(e central.AuditEntry) bool { return e.Number > until })
		slices.Reverse(all)
		view.Entries = all[:min(len(all), pageSize)]
		if len(all) > pageSize {
			view.Older = "?before=" + strconv.FormatInt(view.Entries[pageSize-1].Number, 10)
		}
	}
	p.render(w, http.StatusOK, "audit.html", view)
}

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

// audit shows who did what, the newest first: the numbers have no gaps, so that pages can be counted backwards.
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
	after := max(0, until-pageSize)
	view := auditView{frame: s.frame("audit")}
	if until > after {
		found, err := p.Trail.List(r.Context(), strconv.FormatInt(after, 10), int(until-after))
		if err != nil {
			p.fail(w, err)
			return
		}
		view.Entries = found.Items
		slices.Reverse(view.Entries)
	}
	if after > 0 {
		view.Older = "?before=" + strconv.FormatInt(after+1, 10)
	}
	p.render(w, http.StatusOK, "audit.html", view)
}

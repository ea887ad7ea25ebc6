package procedure

import (
	"slices"
)

func (p *Procedure) checkReason(at place, r Reason, common map[string]bool) {
	p.kinds(at.in("only_for"), r.OnlyFor)
	origin(at, r.Origin, false)
	for i, id := range r.Ask {
		if !common[id] {
			at.in("ask", i).bad("reason %s asks for the unknown field %q", r.ID, id)
		}
	}
	own := map[string]bool{}
	for id := range common {
		own[id] = true
	}
	p.checkFields(at.in("fields"), r.Fields, own)
	if r.Rows != nil {
		p.checkRows(at.in("row_fields"), *r.Rows)
	}
	if r.Payment != nil {
		p.checkPayment(at.in("payment"), *r.Payment)
	}
	if r.Guidance {
		if r.Note == nil {
			at.bad("reason %s: guidance without a note", r.ID)
		}
		if len(r.Routes) > 0 {
			at.in("routes").bad("reason %s: guidance has no routes", r.ID)
		}
		return
	}
	if len(r.Routes) == 0 {
		at.bad("reason %s: no routes", r.ID)
	}
	seen := map[string]bool{}
	for i, route := range r.Routes {
		here := at.in("routes", i)
		named(here, route.ID, route.Label, seen)
		p.checkRoute(here, r, route)
	}
}

func (p *Procedure) checkRoute(at place, reason Reason, r Route) {
	if len(r.Steps) == 0 {
		at.bad("route %s: no steps", r.ID)
	}
	if _, ok := p.Form(r.Form); r.Form != "" && !ok {
		at.in("form").bad("unknown form %q", r.Form)
	}
	for i, id := range r.Also {
		if _, ok := p.Form(id); !ok {
			at.in("also", i).bad("unknown form %q", id)
		}
	}
	if r.Form != "" && (r.Copies < 1 || r.Copies > maxCopies) {
		at.in("copies").bad("copies must be 1 to %d", maxCopies)
	}
	if r.Form == "" && r.Copies != 0 {
		at.in("copies").bad("copies without a form")
	}
	origin(at, r.Origin, false)
	var before []string
	for i, s := range r.Steps {
		p.checkStep(at.in("steps", i), reason, r, s, before)
		before = append(before, s.ID)
	}
}

func (p *Procedure) checkStep(at place, reason Reason, r Route, s Step, before []string) {
	switch {
	case !slices.Contains(whats, s.What):
		at.in("what").bad("step %s: unknown what %q", s.ID, s.What)
	case !slices.Contains(whos, s.Who):
		at.in("who").bad("step %s: unknown who %q", s.ID, s.Who)
	case !idPattern.MatchString(s.ID) || slices.Contains(before, s.ID):
		at.in("id").bad("step %q: an ID of its own is needed", s.ID)
	case s.What == MakeKey && len(p.Keys) == 0:
		at.in("what").bad("step %s: key_algorithms are not given", s.ID)
	case s.What == MakeKey && s.Who != "holder" && s.Who != "head":
		at.in("who").bad("step %s: only the holder makes the key", s.ID)
	case s.What == Pay && p.PaymentFor(reason.ID) == nil:
		at.in("what").bad("step %s: payment is not given", s.ID)
	case (s.What == Form || s.What == ESign) && r.Form == "":
		at.in("what").bad("step %s: the route has no form", s.ID)
	case (s.What == ESign || s.What == SignRequest) && !r.ValidCertificate:
		at.in("what").bad("step %s: signs with the current certificate, but the route does not say valid_certificate", s.ID)
	case s.What == Call && s.Contact == "":
		at.bad("step %s: whom to call (contact)", s.ID)
	}
	p.kinds(at.in("only_for"), s.OnlyFor)
	if s.Form != "" && !slices.Contains(r.Forms(), s.Form) {
		at.in("form").bad("step %s: form %q is none of the route's", s.ID, s.Form)
	}
	if s.Document != "" && !slices.ContainsFunc(p.Documents, func(d Document) bool { return d.ID == s.Document }) {
		at.in("document").bad("step %s: unknown document %q", s.ID, s.Document)
	}
	if _, ok := p.Contact(s.Contact); s.Contact != "" && !ok {
		at.in("contact").bad("step %s: unknown contact %q", s.ID, s.Contact)
	}
	if s.Deadline != nil {
		p.checkDeadline(at.in("deadline"), s, before)
	}
}

func (p *Procedure) checkDeadline(at place, s Step, before []string) {
	d := *s.Deadline
	if d.From != Opened && !slices.Contains(before, d.From) {
		at.in("from").bad("step %s: deadline from unknown or later step %q", s.ID, d.From)
	}
	given := 0
	for key, n := range map[string]int{"days": d.Days, "working_days": d.Working, "months": d.Months, "hours": d.Hours} {
		if n != 0 {
			given++
		}
		if n < 0 || n > 1000 {
			at.in(key).bad("step %s: deadline of %d %s", s.ID, n, key)
		}
	}
	switch {
	case given != 1:
		at.bad("step %s: a deadline has one of days, working_days, months, hours", s.ID)
	case d.Working > 0 && p.Country == "":
		at.in("working_days").bad("step %s: working days of no country", s.ID)
	case d.Source == "":
		at.bad("step %s: a deadline needs its source", s.ID)
	}
	if d.Warn != nil {
		for i, n := range d.Warn.Before {
			if n < 1 || n > 365 {
				at.in("warn", "before", i).bad("step %s: warns %d days before", s.ID, n)
			}
		}
	}
}

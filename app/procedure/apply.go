package procedure

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"rekey/app/calendar"
)

// Replaced says what an override has put in place of the file's fact, and as of when.
type Replaced struct {
	What   string // such as "fee renewal family-physician", "windows", "copies application"
	AsOf   time.Time
	Source string
	Before time.Time // as of when the old fact was; zero when there was none or it had no day
}

// Apply gives a copy of the procedure with the overrides in it, the oldest first. The procedure given is not changed.
//
// An override never replaces a fact that is newer than itself; one of the same day does. What does not fit the procedure
// (another procedure, an unknown reason, kind, form or field) is left out and said in the errors: the rest still counts.
func Apply(p *Procedure, overrides []Override) (*Procedure, []error) {
	n := p.clone()
	ordered := slices.Clone(overrides)
	slices.SortStableFunc(ordered, func(a, b Override) int { return a.AsOf.Compare(b.AsOf.Time) })
	var errs []error
	for _, o := range ordered {
		if o.Procedure != p.ID {
			errs = append(errs, fmt.Errorf("override of %s does not belong to %s", o.Procedure, p.ID))
			continue
		}
		if err := o.Check(); err != nil {
			errs = append(errs, fmt.Errorf("override of %s as of %s: %w", o.Procedure, o.AsOf.Format(time.DateOnly), err))
			continue
		}
		a := applying{p: n, origin: Origin{AsOf: o.AsOf.Time, Source: o.Source}}
		a.fees(o.Fees)
		a.payments(o)
		a.windows(o.Windows)
		a.copies(o.Copies)
		a.contacts(o.Contacts)
		errs = append(errs, a.errs...)
	}
	n.words.complete(&n.Fees)
	n.words.complete(&n.Contacts)
	return n, errs
}

// ApplyCalendars gives a copy of the calendars with the years that the overrides bring, the oldest first.
func ApplyCalendars(all map[string]calendar.Calendar, overrides []Override) (map[string]calendar.Calendar, []error) {
	n := maps.Clone(all)
	if n == nil {
		n = map[string]calendar.Calendar{}
	}
	ordered := slices.Clone(overrides)
	slices.SortStableFunc(ordered, func(a, b Override) int { return a.AsOf.Compare(b.AsOf.Time) })
	var errs []error
	for _, o := range ordered {
		for _, c := range o.Calendars {
			years := map[int]calendar.Year{}
			for year, days := range c.Years {
				if days.Source == "" {
					days.Source = o.Source + ", " + o.AsOf.Format(time.DateOnly)
				}
				years[year] = days
			}
			merged, err := n[c.Country].Merge(calendar.Calendar{Country: c.Country, Years: years})
			if err != nil {
				errs = append(errs, err)
				continue
			}
			n[c.Country] = merged
		}
	}
	return n, errs
}

// applying is one override on its way into the copy.
type applying struct {
	p      *Procedure
	origin Origin
	errs   []error
}

// replaces says whether a fact gives way, and notes it down when it does.
func (a *applying) replaces(old Origin, format string, args ...any) bool {
	if old.AsOf.After(a.origin.AsOf) {
		return false
	}
	a.p.Replaced = append(a.p.Replaced, Replaced{What: fmt.Sprintf(format, args...), AsOf: a.origin.AsOf, Source: a.origin.Source, Before: old.AsOf})
	return true
}

func (a *applying) unfit(format string, args ...any) {
	a.errs = append(a.errs, fmt.Errorf("override of %s as of %s: "+format, append([]any{a.p.ID, a.origin.AsOf.Format(time.DateOnly)}, args...)...))
}

func (a *applying) fees(fees []Fee) {
	for _, f := range fees {
		known := f.HolderKind == "" || slices.ContainsFunc(a.p.HolderKinds, func(k HolderKind) bool { return k.ID == f.HolderKind })
		if _, ok := a.p.Reason(f.Reason); !ok || !known {
			a.unfit("fee for unknown reason %q or holder kind %q", f.Reason, f.HolderKind)
			continue
		}
		f.Origin = a.origin
		i := slices.IndexFunc(a.p.Fees, func(o Fee) bool { return o.Reason == f.Reason && o.HolderKind == f.HolderKind })
		switch {
		case i < 0:
			a.replaces(Origin{}, "fee %s %s", f.Reason, f.HolderKind)
			a.p.Fees = append(a.p.Fees, f)
		case a.replaces(a.p.Fees[i].Origin, "fee %s %s", f.Reason, f.HolderKind):
			if f.For == nil {
				f.For = a.p.Fees[i].For
			}
			a.p.Fees[i] = f
		}
	}
}

func (a *applying) payments(o Override) {
	set := func(old **Payment, pay Payment, what string) {
		for _, name := range fieldsOf(pay.Text) {
			if _, ok := a.p.Field(name); !ok {
				a.unfit("%s: the text asks for the unknown field %q", what, name)
				return
			}
		}
		pay.Origin = a.origin
		var before Origin
		if *old != nil {
			before = (*old).Origin
		}
		if a.replaces(before, "%s", what) {
			*old = &pay
		}
	}
	if o.Payment != nil {
		set(&a.p.Payment, *o.Payment, "payment")
	}
	for _, reason := range slices.Sorted(maps.Keys(o.Payments)) {
		i := slices.IndexFunc(a.p.Reasons, func(r Reason) bool { return r.ID == reason })
		if i < 0 {
			a.unfit("payment for the unknown reason %q", reason)
			continue
		}
		set(&a.p.Reasons[i].Payment, o.Payments[reason], "payment "+reason)
	}
}

func (a *applying) windows(w *Windows) {
	if w != nil && a.replaces(a.p.Windows.Origin, "windows") {
		a.p.Windows = *w
		a.p.Windows.Origin = a.origin
	}
}

// copies sets the number at the form, and at every route that has the form as its own.
func (a *applying) copies(list []Copies) {
	for _, c := range list {
		i := slices.IndexFunc(a.p.Forms, func(f FormRef) bool { return f.ID == c.Form })
		if i < 0 {
			a.unfit("copies of the unknown form %q", c.Form)
			continue
		}
		found := false
		if c.Reason == "" && c.Route == "" {
			found = true
			if form := &a.p.Forms[i]; a.replaces(form.Origin, "copies %s", c.Form) {
				form.Copies, form.Origin = c.Copies, a.origin
			}
		}
		for k := range a.p.Reasons {
			reason := &a.p.Reasons[k]
			for m := range reason.Routes {
				route := &reason.Routes[m]
				if route.Form != c.Form || c.Reason != "" && c.Reason != reason.ID || c.Route != "" && c.Route != route.ID {
					continue
				}
				found = true
				if a.replaces(route.Origin, "copies %s %s %s", c.Form, reason.ID, route.ID) {
					route.Copies, route.Origin = c.Copies, a.origin
				}
			}
		}
		if !found {
			a.unfit("copies of form %q: no route %q of reason %q has it", c.Form, c.Route, c.Reason)
		}
	}
}

func (a *applying) contacts(list []Contact) {
	for _, c := range list {
		c.Origin = a.origin
		i := slices.IndexFunc(a.p.Contacts, func(o Contact) bool { return c.ID != "" && o.ID == c.ID })
		switch {
		case i < 0:
			a.replaces(Origin{}, "contact %s", c.ID)
			a.p.Contacts = append(a.p.Contacts, c)
		case a.replaces(a.p.Contacts[i].Origin, "contact %s", c.ID):
			a.p.Contacts[i] = c
		}
	}
}

// clone copies what Apply changes; the rest is shared and never written to.
func (p *Procedure) clone() *Procedure {
	n := *p
	n.Fees, n.Contacts, n.Forms = slices.Clone(p.Fees), slices.Clone(p.Contacts), slices.Clone(p.Forms)
	n.Reasons, n.Replaced = slices.Clone(p.Reasons), slices.Clone(p.Replaced)
	for i := range n.Reasons {
		n.Reasons[i].Routes = slices.Clone(p.Reasons[i].Routes)
	}
	return &n
}

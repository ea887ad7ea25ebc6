package api

import (
	"rekey/app/procedure"
)

// procedureFacts is a procedure on the wire: what changes by year and place, each with its origin.
type procedureFacts struct {
	ID        string             `json:"id"`
	Country   string             `json:"country,omitempty"`
	Title     procedure.Text     `json:"title"`
	Authority procedure.Text     `json:"authority"`
	Windows   windows            `json:"windows"`
	Fees      []fee              `json:"fees,omitempty"`
	Payment   *payment           `json:"payment,omitempty"`
	Payments  map[string]payment `json:"payments,omitempty"` // by reason
	Copies    []copies           `json:"copies,omitempty"`
	Contacts  []contact          `json:"contacts,omitempty"`
	Sources   []string           `json:"sources,omitempty"`
}

// origin says where a fact comes from.
type origin struct {
	AsOf      *procedure.Day `json:"as_of,omitempty"`
	Source    string         `json:"source,omitempty"`
	Confirmed bool           `json:"confirmed"`
}

type (
	windows struct {
		procedure.Windows
		origin
	}
	fee struct {
		procedure.Fee
		origin
	}
	payment struct {
		procedure.Payment
		origin
	}
	copies struct {
		procedure.Copies
		origin
	}
	contact struct {
		procedure.Contact
		origin
	}
)

func originOf(o procedure.Origin) origin {
	known := origin{Source: o.Source, Confirmed: o.Official()}
	if !o.AsOf.IsZero() {
		day := procedure.DayOf(o.AsOf)
		known.AsOf = &day
	}
	return known
}

func factsOf(p *procedure.Procedure) procedureFacts {
	f := procedureFacts{ID: p.ID, Country: p.Country, Title: p.Title, Authority: p.Authority, Sources: p.Sources,
		Windows: windows{p.Windows, originOf(p.Windows.Origin)}}
	for _, one := range p.Fees {
		f.Fees = append(f.Fees, fee{one, originOf(one.Origin)})
	}
	for _, one := range p.Contacts {
		f.Contacts = append(f.Contacts, contact{one, originOf(one.Origin)})
	}
	if p.Payment != nil {
		f.Payment = &payment{*p.Payment, originOf(p.Payment.Origin)}
	}
	for _, form := range p.Forms {
		if form.Copies > 0 {
			f.Copies = append(f.Copies, copies{procedure.Copies{Form: form.ID, Copies: form.Copies}, originOf(form.Origin)})
		}
	}
	for _, reason := range p.Reasons {
		if reason.Payment != nil {
			if f.Payments == nil {
				f.Payments = map[string]payment{}
			}
			f.Payments[reason.ID] = payment{*reason.Payment, originOf(reason.Payment.Origin)}
		}
		for _, route := range reason.Routes {
			if route.Form != "" && route.Copies > 0 {
				f.Copies = append(f.Copies, copies{procedure.Copies{Form: route.Form, Reason: reason.ID, Route: route.ID, Copies: route.Copies}, originOf(route.Origin)})
			}
		}
	}
	return f
}

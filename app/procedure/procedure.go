// Package procedure reads how one authority wants a renewal done.
//
// A procedure is data (assets/procedures/*.yaml), never code: reasons, routes with their steps and who
// acts, forms and copies, fees and payment text, deadlines and what is lost when they are missed, contacts, key
// algorithms. Every official fact carries a source and a date.
//
// It promises strict reading: an unknown key or a wrong word is refused with file and line.
// It never knows a card, a case or a window.
package procedure

import (
	"slices"
	"time"
)

// Text is one text by language tag (en, tr, ru, vi, fa). English is always there.
type Text map[string]string

// In gives the text in lang, else in English.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t["en"]
}

// Procedure is one file.
type Procedure struct {
	ID        string    `yaml:"id"`
	Country   string    `yaml:"country"`  // ISO 3166-1 alpha-2, or "" for any
	Language  string    `yaml:"language"` // of the office and its forms
	Title     Text      `yaml:"title"`
	Authority Text      `yaml:"authority"`
	Match     Match     `yaml:"match"`
	Reminder  int       `yaml:"reminder_days"` // days before the end when renewal is due
	Fields    []Field   `yaml:"fields"`
	Reasons   []Reason  `yaml:"reasons"`
	Forms     []FormRef `yaml:"forms"`
	Keys      []string  `yaml:"key_algorithms"` // what the holder may make, best first; empty: the authority makes the key
	Purpose   []string  `yaml:"request_extensions"`
	Fees      []Fee     `yaml:"fees"`
	Payment   *Payment  `yaml:"payment"`
	Contacts  []Contact `yaml:"contacts"`
	Sources   []string  `yaml:"sources"`
}

// Match says which certificates belong to this procedure. All given conditions must hold;
// inside one list any entry is enough.
type Match struct {
	Policies   []string `yaml:"policies"`    // certificate policy OIDs
	SubjectOID []string `yaml:"subject_oid"` // attribute types that the subject must have, all of them
	Country    string   `yaml:"subject_country"`
	Any        bool     `yaml:"any"` // the last resort
}

// Field is one thing that the form asks of the holder.
type Field struct {
	ID       string   `yaml:"id"`
	Label    Text     `yaml:"label"`
	Hint     Text     `yaml:"hint"`
	Check    string   `yaml:"check"`    // a kind of app/identity, or "" / "date"
	From     string   `yaml:"from"`     // subject attribute OID of the current certificate, or given-name / surname / common-name
	Fixed    bool     `yaml:"fixed"`    // comes from the certificate and must stay
	Required bool     `yaml:"required"` //
	Lines    int      `yaml:"lines"`    // more than 1: a text of several lines
	Choices  []Choice `yaml:"choices"`
	Default  string   `yaml:"default"`
}

// Choice is one value of a field.
type Choice struct {
	ID    string `yaml:"id"`
	Label Text   `yaml:"label"`
}

// Reason is why a case is opened (renewal, lost, …).
type Reason struct {
	ID     string  `yaml:"id"`
	Label  Text    `yaml:"label"` // in the office's language: as the form says it
	Routes []Route `yaml:"routes"`
}

// Route is one way of sending («Способ передачи сертификата»).
type Route struct {
	ID               string `yaml:"id"` // paper, e-signed, transport
	Label            Text   `yaml:"label"`
	Note             Text   `yaml:"note"`
	ValidCertificate bool   `yaml:"valid_certificate"` // only while the current certificate is valid
	Form             string `yaml:"form"`
	Copies           int    `yaml:"copies"`
	Steps            []Step `yaml:"steps"`
}

// Step is one act of somebody.
type Step struct {
	ID       string    `yaml:"id"`
	Who      string    `yaml:"who"`  // holder, head, clerk, office, authority, courier
	What     string    `yaml:"what"` // see Whats
	Note     Text      `yaml:"note"`
	OnlyFor  []string  `yaml:"only_for"` // holder kinds (field holder_kind); empty: all
	Deadline *Deadline `yaml:"deadline"`
}

// Deadline counts from the day a step was done.
type Deadline struct {
	From    string `yaml:"from"`         // step ID
	Days    int    `yaml:"days"`         // calendar days
	Working int    `yaml:"working_days"` // or working days of the procedure's country
	Months  int    `yaml:"months"`       // or calendar months
	Missed  Text   `yaml:"missed"`       // what is lost
	Source  string `yaml:"source"`
}

// FormRef is a PDF that the procedure needs; its layout is assets/forms/<procedure>.<id>.yaml.
type FormRef struct {
	ID    string `yaml:"id"`
	Title Text   `yaml:"title"`
}

// Fee is an amount as of a day.
type Fee struct {
	Reason     string    `yaml:"reason"`
	HolderKind string    `yaml:"holder_kind"`
	Amount     string    `yaml:"amount"` // decimal with a point
	Currency   string    `yaml:"currency"`
	For        Text      `yaml:"for"`
	AsOf       time.Time `yaml:"as_of"`
	Source     string    `yaml:"source"`
}

// Payment says where to pay and with which exact text.
type Payment struct {
	Payee  string    `yaml:"payee"`
	Bank   string    `yaml:"bank"`
	Branch string    `yaml:"branch"`
	IBAN   string    `yaml:"iban"`
	Text   string    `yaml:"text"` // text/template over the details
	AsOf   time.Time `yaml:"as_of"`
	Source string    `yaml:"source"`
}

// Contact is whom to call.
type Contact struct {
	Label  Text   `yaml:"label"`
	Value  string `yaml:"value"`
	Source string `yaml:"source"`
}

// Field finds a field.
func (p *Procedure) Field(id string) (Field, bool) {
	i := slices.IndexFunc(p.Fields, func(f Field) bool { return f.ID == id })
	if i < 0 {
		return Field{}, false
	}
	return p.Fields[i], true
}

// Reason finds a reason.
func (p *Procedure) Reason(id string) (Reason, bool) {
	i := slices.IndexFunc(p.Reasons, func(r Reason) bool { return r.ID == id })
	if i < 0 {
		return Reason{}, false
	}
	return p.Reasons[i], true
}

// Route finds a route of the reason.
func (r Reason) Route(id string) (Route, bool) {
	i := slices.IndexFunc(r.Routes, func(x Route) bool { return x.ID == id })
	if i < 0 {
		return Route{}, false
	}
	return r.Routes[i], true
}

// Has says whether the route has a step of this kind for a holder of this kind.
func (r Route) Has(what, holderKind string) bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.What == what && s.For(holderKind) })
}

// For says whether a holder of this kind has to do the step.
func (s Step) For(holderKind string) bool {
	return len(s.OnlyFor) == 0 || slices.Contains(s.OnlyFor, holderKind)
}

// Fee finds the fee for a reason and holder kind.
func (p *Procedure) Fee(reason, holderKind string) (Fee, bool) {
	for _, f := range p.Fees {
		if f.Reason == reason && (f.HolderKind == "" || f.HolderKind == holderKind) {
			return f, true
		}
	}
	return Fee{}, false
}

package procedure

import "slices"

// Procedure is one file.
type Procedure struct {
	ID          string `yaml:"id"`
	Country     string `yaml:"country"`  // ISO 3166-1 alpha-2, or "" for any
	Language    string `yaml:"language"` // of the office and its forms
	Title       Text   `yaml:"title"`
	Authority   Text   `yaml:"authority"`
	Match       Match  `yaml:"match"`
	Windows     `yaml:"windows"`
	HolderKinds []HolderKind `yaml:"holder_kinds"`
	Fields      []Field      `yaml:"fields"` // common to the reasons; see FieldsFor
	Reasons     []Reason     `yaml:"reasons"`
	Forms       []FormRef    `yaml:"forms"`
	Documents   []Document   `yaml:"documents"`
	Keys        []string     `yaml:"key_algorithms"` // what the holder may make, best first; empty: the authority makes the key
	Purpose     []string     `yaml:"request_extensions"`
	KeyMonths   int          `yaml:"private_key_months"` // how long the private key may sign (2.5.29.16); 0: not said
	Subject     []Attribute  `yaml:"subject"`
	Carriers    []Carrier    `yaml:"carriers"`
	Fees        []Fee        `yaml:"fees"`
	Payment     *Payment     `yaml:"payment"` // see PaymentFor
	Contacts    []Contact    `yaml:"contacts"`
	Register    *RowFields   `yaml:"register"`
	Sources     []string     `yaml:"sources"`

	Replaced []Replaced `yaml:"-"` // what Apply has put in place of the file's facts

	words translations // for the texts that overrides bring
}

// HolderKind is a group of holders that pays or acts in its own way.
type HolderKind struct {
	ID    string `yaml:"id"`
	Label Text   `yaml:"label"`
	Note  Text   `yaml:"note"`
}

// Reason is why a case is opened (first-issue, renewal, change, lost, damaged-reader, damaged-card, revocation, recovery, …).
type Reason struct {
	ID                 string     `yaml:"id"`
	Label              Text       `yaml:"label"` // in the office's language: as the form says it
	Note               Text       `yaml:"note"`
	Guidance           bool       `yaml:"guidance"`            // only the note: no case is opened
	WithoutCertificate bool       `yaml:"without_certificate"` // no current certificate is needed
	OnlyFor            []string   `yaml:"only_for"`            // holder kinds; empty: all
	Ask                []string   `yaml:"ask"`                 // which of the common fields; empty: all
	Fields             []Field    `yaml:"fields"`              // its own, after the common ones
	Rows               *RowFields `yaml:"row_fields"`
	Payment            *Payment   `yaml:"payment"` // instead of the procedure's
	Routes             []Route    `yaml:"routes"`
	Origin             `yaml:",inline"`
}

// Route is one way of sending («Способ передачи сертификата»).
type Route struct {
	ID               string           `yaml:"id"` // paper, e-signed, transport
	Label            Text             `yaml:"label"`
	Note             Text             `yaml:"note"`
	ValidCertificate bool             `yaml:"valid_certificate"` // only while the current certificate is valid
	Form             string           `yaml:"form"`
	Also             []string         `yaml:"also"` // further forms
	Copies           int              `yaml:"copies"`
	Steps            []Step           `yaml:"steps"`
	Origin           `yaml:",inline"` // of the copies
}

// Step is one act of somebody.
type Step struct {
	ID       string    `yaml:"id"`
	Who      string    `yaml:"who"`  // holder, head, clerk, office, authority, courier
	What     string    `yaml:"what"` // see Words
	Note     Text      `yaml:"note"`
	OnlyFor  []string  `yaml:"only_for"` // holder kinds (field holder_kind); empty: all
	Form     string    `yaml:"form"`     // which form is printed, signed or delivered; "": the route's
	Document string    `yaml:"document"` // which document is attached, or proves the step
	Contact  string    `yaml:"contact"`  // whom to call
	Deadline *Deadline `yaml:"deadline"`
}

// Printed says whether somebody needs the form on paper.
func (r Route) Printed() bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.What == Print || s.What == SignPaper })
}

// FormRef is a PDF that the procedure needs; its layout is assets/forms/<procedure>.<id>.yaml.
type FormRef struct {
	ID         string           `yaml:"id"`
	Title      Text             `yaml:"title"`
	Copies     int              `yaml:"copies"` // 0: as the route says, else 1
	Signatures []SignaturePlace `yaml:"signatures"`
	Origin     `yaml:",inline"`
}

// SignaturePlace is where somebody signs on paper.
type SignaturePlace struct {
	Who   string `yaml:"who"`   // as of a step
	Where string `yaml:"where"` // bottom-right, bottom, …: as the source says it
	Stamp bool   `yaml:"stamp"`
	Note  Text   `yaml:"note"`
}

// Document is something that is attached to a case.
type Document struct {
	ID    string   `yaml:"id"`
	Label Text     `yaml:"label"`
	Types []string `yaml:"types"`  // pdf, jpeg, png, xml, sig, p7s, zip
	MaxMB int      `yaml:"max_mb"` // mebibytes; 0: 20
	Note  Text     `yaml:"note"`
}

// Attribute is one rule of the subject profile.
type Attribute struct {
	OID      string   `yaml:"oid"`
	Name     string   `yaml:"name"`
	String   string   `yaml:"string"` // numeric, utf8, printable, ia5
	Length   int      `yaml:"length"` // exactly; 0: any
	Max      int      `yaml:"max"`    // characters at most; 0: any
	Required bool     `yaml:"required"`
	OnlyFor  []string `yaml:"only_for"`
	Source   string   `yaml:"source"`
}

// Carrier is where a private key may be kept.
type Carrier struct {
	ID      string `yaml:"id"`
	Label   Text   `yaml:"label"`
	Safe    bool   `yaml:"safe"`
	Warning Text   `yaml:"warning"`
	Source  string `yaml:"source"`
}

// Field finds a field, common or of a reason.
func (p *Procedure) Field(id string) (Field, bool) {
	lists := [][]Field{p.Fields}
	for _, r := range p.Reasons {
		lists = append(lists, r.Fields)
	}
	for _, fields := range lists {
		if i := slices.IndexFunc(fields, func(f Field) bool { return f.ID == id }); i >= 0 {
			return fields[i], true
		}
	}
	return Field{}, false
}

// FieldsFor gives what is asked for a reason, in order: the common fields, then its own. An unknown reason gets the common ones.
func (p *Procedure) FieldsFor(reason string) []Field {
	r, ok := p.Reason(reason)
	if !ok {
		return p.Fields
	}
	var fields []Field
	for _, f := range p.Fields {
		if len(r.Ask) == 0 || slices.Contains(r.Ask, f.ID) {
			fields = append(fields, f)
		}
	}
	return append(fields, r.Fields...)
}

// Reason finds a reason.
func (p *Procedure) Reason(id string) (Reason, bool) {
	i := slices.IndexFunc(p.Reasons, func(r Reason) bool { return r.ID == id })
	if i < 0 {
		return Reason{}, false
	}
	return p.Reasons[i], true
}

// Form finds a form.
func (p *Procedure) Form(id string) (FormRef, bool) {
	i := slices.IndexFunc(p.Forms, func(f FormRef) bool { return f.ID == id })
	if i < 0 {
		return FormRef{}, false
	}
	return p.Forms[i], true
}

// CopiesOf is how many copies of a form the route wants.
func (p *Procedure) CopiesOf(route Route, form string) int {
	if form == route.Form && route.Copies > 0 {
		return route.Copies
	}
	f, _ := p.Form(form)
	return max(f.Copies, 1)
}

// Contact finds a contact.
func (p *Procedure) Contact(id string) (Contact, bool) {
	i := slices.IndexFunc(p.Contacts, func(c Contact) bool { return c.ID == id })
	if i < 0 || id == "" {
		return Contact{}, false
	}
	return p.Contacts[i], true
}

// For says whether the reason is open to a holder of this kind.
func (r Reason) For(holderKind string) bool {
	return len(r.OnlyFor) == 0 || slices.Contains(r.OnlyFor, holderKind)
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

// Forms lists every form of the route, its own first.
func (r Route) Forms() []string {
	var forms []string
	if r.Form != "" {
		forms = append(forms, r.Form)
	}
	return append(forms, r.Also...)
}

// For says whether a holder of this kind has to do the step.
func (s Step) For(holderKind string) bool {
	return len(s.OnlyFor) == 0 || slices.Contains(s.OnlyFor, holderKind)
}

package procedure

import (
	"regexp"
	"slices"
	"strings"

	"rekey/app/identity"
)

var (
	idPattern       = regexp.MustCompile(`^[a-z0-9]+(?:[-_][a-z0-9]+)*$`)
	oidPattern      = regexp.MustCompile(`^[0-2](?:\.(?:0|[1-9]\d*)){1,}$`)
	countryPattern  = regexp.MustCompile(`^[A-Z]{2}$`)
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
	amountPattern   = regexp.MustCompile(`^\d{1,12}(?:\.\d{1,2})?$`)
)

const maxCopies = 20

// check finds what the types cannot say. Every problem is put down at its line.
func (p *Procedure) check(at place) {
	if p.ID == "" || p.Title["en"] == "" || p.Language == "" {
		at.bad("id, language and an English title are needed")
	}
	if p.ID != "" && !idPattern.MatchString(p.ID) {
		at.in("id").bad("%q is not an id such as tr-kamusm-nes", p.ID)
	}
	if p.Country != "" && !countryPattern.MatchString(p.Country) {
		at.in("country").bad("country %q is not a code such as TR", p.Country)
	}
	if p.Language != "" && !slices.Contains(languages, p.Language) {
		at.in("language").bad("unknown language %q", p.Language)
	}
	if p.KeyMonths < 0 || p.KeyMonths > 0 && len(p.Keys) == 0 {
		at.in("private_key_months").bad("%d months of a private key that nobody here makes", p.KeyMonths)
	}
	p.checkMatch(at.in("match"))
	p.checkWindows(at.in("windows"))
	seen := map[string]bool{}
	for i, k := range p.HolderKinds {
		named(at.in("holder_kinds", i), k.ID, k.Label, seen)
	}
	fields := map[string]bool{}
	p.checkFields(at.in("fields"), p.Fields, fields)
	if p.Register != nil {
		p.checkRows(at.in("register"), *p.Register)
	}
	p.checkPapers(at)
	if len(p.Reasons) == 0 {
		at.in("reasons").bad("no reasons")
	}
	seen = map[string]bool{}
	for i, r := range p.Reasons {
		here := at.in("reasons", i)
		named(here, r.ID, r.Label, seen)
		p.checkReason(here, r, fields)
	}
	p.checkMoney(at)
}

// named wants an id of its own and a label.
func named(at place, id string, label Text, seen map[string]bool) {
	switch {
	case !idPattern.MatchString(id):
		at.in("id").bad("%q is not an id", id)
	case seen[id]:
		at.in("id").bad("%q: an ID of its own is needed", id)
	}
	if label == nil {
		at.bad("%s: a label is needed", id)
	}
	seen[id] = true
}

func (p *Procedure) checkMatch(at place) {
	for i, oid := range p.Match.Policies {
		if !oidPattern.MatchString(oid) {
			at.in("policies", i).bad("%q is not an OID", oid)
		}
	}
	for i, oid := range p.Match.SubjectOID {
		if !oidPattern.MatchString(oid) {
			at.in("subject_oid", i).bad("%q is not an OID", oid)
		}
	}
	if c := p.Match.Country; c != "" && !countryPattern.MatchString(c) {
		at.in("subject_country").bad("country %q is not a code such as TR", c)
	}
}

func (p *Procedure) checkWindows(at place) {
	w := p.Windows
	for key, n := range map[string]int{"reminder_days": w.Reminder, "opens_days": w.Opens, "latest_days": w.Latest} {
		if n < 0 || n > 3650 {
			at.in(key).bad("%s must be 0 to 3650 days", key)
		}
	}
	if w.Opens > 0 && w.Latest > w.Opens {
		at.in("latest_days").bad("the latest day is before the window opens")
	}
	origin(at, w.Origin, false)
}

// origin wants a source and a day for what is official, and a reason for what is not.
func origin(at place, o Origin, needed bool) {
	if needed && (o.Source == "" || o.AsOf.IsZero()) {
		at.bad("needs its source and day (source, as_of)")
	}
	if !o.Official() && strings.TrimSpace(o.Doubt) == "" {
		at.in("confirmed").bad("not confirmed: say why (doubt)")
	}
}

func (p *Procedure) checkFields(at place, fields []Field, seen map[string]bool) {
	for i, f := range fields {
		here := at.in(i)
		named(here, f.ID, f.Label, seen)
		switch {
		case f.Check != "" && f.Check != "date" && !slices.Contains(identity.Kinds(), f.Check):
			here.in("check").bad("field %s: unknown check %q", f.ID, f.Check)
		case f.From != "" && !oidPattern.MatchString(f.From) && !slices.Contains([]string{"given-name", "surname", "common-name"}, f.From):
			here.in("from").bad("field %s: %q is neither an OID nor given-name, surname, common-name", f.ID, f.From)
		case f.Fixed && f.From == "":
			here.in("fixed").bad("field %s: fixed, but from nowhere", f.ID)
		case f.Lines < 0 || f.Lines > 20:
			here.in("lines").bad("field %s: 1 to 20 lines", f.ID)
		case f.ID == KindField && len(p.HolderKinds) == 0:
			here.bad("field %s: holder_kinds are not given", f.ID)
		}
		choices := map[string]bool{}
		for k, c := range f.Choices {
			named(here.in("choices", k), c.ID, c.Label, choices)
		}
		if len(choices) > 0 && f.Default != "" && !choices[f.Default] {
			here.in("default").bad("field %s: the default is none of the choices", f.ID)
		}
	}
}

func (p *Procedure) checkRows(at place, r RowFields) {
	if r.Min < 0 || r.Max < 1 || r.Min > r.Max || r.Max > 10000 {
		at.bad("rows: min and max must be such as 1 and 200")
	}
	if len(r.Fields) == 0 {
		at.bad("rows: no fields")
	}
	p.checkFields(at.in("fields"), r.Fields, map[string]bool{})
}

// kinds wants every name to be a holder kind.
func (p *Procedure) kinds(at place, names []string) {
	for i, name := range names {
		if !slices.ContainsFunc(p.HolderKinds, func(k HolderKind) bool { return k.ID == name }) {
			at.in(i).bad("unknown holder kind %q", name)
		}
	}
}

// checkPapers looks at forms, documents, the subject profile, carriers and contacts.
func (p *Procedure) checkPapers(at place) {
	seen := map[string]bool{}
	for i, f := range p.Forms {
		here := at.in("forms", i)
		named(here, f.ID, f.Title, seen)
		if f.Copies < 0 || f.Copies > maxCopies {
			here.in("copies").bad("form %s: at most %d copies", f.ID, maxCopies)
		}
		for k, s := range f.Signatures {
			if !slices.Contains(whos, s.Who) {
				here.in("signatures", k, "who").bad("form %s: unknown who %q", f.ID, s.Who)
			}
		}
		origin(here, f.Origin, false)
	}
	seen = map[string]bool{}
	for i, d := range p.Documents {
		here := at.in("documents", i)
		named(here, d.ID, d.Label, seen)
		for k, typ := range d.Types {
			if !slices.Contains(fileTypes, typ) {
				here.in("types", k).bad("document %s: unknown type %q", d.ID, typ)
			}
		}
		if d.MaxMB < 0 || d.MaxMB > 20 {
			here.in("max_mb").bad("document %s: at most 20 MB", d.ID)
		}
	}
	for i, a := range p.Subject {
		here := at.in("subject", i)
		switch {
		case !oidPattern.MatchString(a.OID):
			here.in("oid").bad("%q is not an OID", a.OID)
		case !slices.Contains(stringTypes, a.String):
			here.in("string").bad("unknown string type %q", a.String)
		case a.Length < 0 || a.Max < 0:
			here.bad("a length below 0")
		}
		p.kinds(here.in("only_for"), a.OnlyFor)
	}
	seen = map[string]bool{}
	for i, c := range p.Carriers {
		named(at.in("carriers", i), c.ID, c.Label, seen)
		if !c.Safe && c.Warning == nil {
			at.in("carriers", i).bad("carrier %s: unsafe, but without a warning", c.ID)
		}
	}
	ids := map[string]bool{"": true}
	for i, c := range p.Contacts {
		here := at.in("contacts", i)
		switch {
		case c.Label == nil || strings.TrimSpace(c.Value) == "":
			here.bad("a contact needs a label and a value")
		case c.ID != "" && ids[c.ID]:
			here.in("id").bad("contact %q: an ID of its own is needed", c.ID)
		case !slices.Contains(contactKinds, c.Kind):
			here.in("kind").bad("unknown kind of contact %q", c.Kind)
		case c.Source == "":
			here.bad("contact %s: needs its source", c.Value)
		}
		ids[c.ID] = true
		origin(here, c.Origin, false)
	}
}

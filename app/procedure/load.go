package procedure

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"gopkg.in/yaml.v3"
)

var (
	whats = []string{Fill, MakeKey, Request, Form, ESign, Pay, Send, Print, SignPaper, Deliver, Approve, Issue, Install, Choose, ReturnPaper, Receive, Call}
	whos  = []string{"holder", "head", "clerk", "office", "authority", "courier"}
)

// Load reads every *.yaml of a folder, by file name.
func Load(files fs.FS, dir string) ([]*Procedure, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("procedures: %w", err)
	}
	var all []*Procedure
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("procedures: %w", err)
		}
		p, err := Parse(name, data)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Parse reads one file strictly. The name is only for the errors.
func Parse(name string, data []byte) (*Procedure, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	var p Procedure
	if err := dec.Decode(&p); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &p, nil
}

// check finds what the types cannot say.
func (p *Procedure) check() error {
	if p.ID == "" || p.Title["en"] == "" || p.Language == "" {
		return fmt.Errorf("id, language and an English title are needed")
	}
	if len(p.Reasons) == 0 {
		return fmt.Errorf("no reasons")
	}
	for _, r := range p.Reasons {
		for _, route := range r.Routes {
			if err := p.checkRoute(route); err != nil {
				return fmt.Errorf("reason %s, route %s: %w", r.ID, route.ID, err)
			}
		}
	}
	for _, f := range p.Fees {
		if f.Source == "" || f.AsOf.IsZero() {
			return fmt.Errorf("fee %s %s: a fee needs its source and day", f.Reason, f.Amount)
		}
	}
	if p.Payment != nil && (p.Payment.Source == "" || p.Payment.AsOf.IsZero()) {
		return fmt.Errorf("payment: needs its source and day")
	}
	return nil
}

func (p *Procedure) checkRoute(r Route) error {
	if len(r.Steps) == 0 {
		return fmt.Errorf("no steps")
	}
	if r.Form != "" && !slices.ContainsFunc(p.Forms, func(f FormRef) bool { return f.ID == r.Form }) {
		return fmt.Errorf("unknown form %q", r.Form)
	}
	if r.Form != "" && r.Copies < 1 {
		return fmt.Errorf("copies must be at least 1")
	}
	var ids []string
	for _, s := range r.Steps {
		switch {
		case !slices.Contains(whats, s.What):
			return fmt.Errorf("step %s: unknown what %q", s.ID, s.What)
		case !slices.Contains(whos, s.Who):
			return fmt.Errorf("step %s: unknown who %q", s.ID, s.Who)
		case s.ID == "" || slices.Contains(ids, s.ID):
			return fmt.Errorf("step %q: an ID of its own is needed", s.ID)
		case s.What == MakeKey && len(p.Keys) == 0:
			return fmt.Errorf("step %s: key_algorithms are not given", s.ID)
		case s.What == Pay && p.Payment == nil:
			return fmt.Errorf("step %s: payment is not given", s.ID)
		}
		ids = append(ids, s.ID)
		if d := s.Deadline; d != nil && !slices.Contains(ids, d.From) {
			return fmt.Errorf("step %s: deadline from unknown or later step %q", s.ID, d.From)
		}
	}
	return nil
}

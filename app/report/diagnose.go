package report

import (
	"slices"
	"strconv"
	"time"

	"rekey/app/register"
	"rekey/token"
)

// Diagnose walks the layers.
func Diagnose(in Input) Report {
	s := newScrub(in)
	r := Report{MadeAt: in.At.UTC().Truncate(time.Second), Program: in.Program, Modules: []Module{}, Readers: []Reader{}, Certificates: []Certificate{}}
	r.Program.System = s.text(r.Program.System)
	for _, m := range in.Snapshot.Modules {
		r.Modules = append(r.Modules, s.module(m, in.Files))
	}
	for _, x := range in.Snapshot.Readers {
		r.Readers = append(r.Readers, s.reader(x))
	}
	for _, e := range in.Entries {
		r.Certificates = append(r.Certificates, s.certificate(e))
		r.Found = r.Found || signs(e)
	}
	for _, name := range layers {
		l := Layer{Layer: name, Facts: facts(name, r)}
		for _, f := range in.Findings {
			if f.Layer == name {
				l.Others = append(l.Others, s.fault(f))
			}
		}
		l.State = stateOf(name, l.Others, in, r.Found)
		if len(l.Others) > 0 {
			l.Kind = l.Others[0].Kind
			if r.FirstFailing == "" {
				r.FirstFailing = name
			}
		}
		r.Layers = append(r.Layers, l)
	}
	return r
}

// First gives the first failing layer; nil when none fails.
func (r Report) First() *Layer {
	for i := range r.Layers {
		if r.Layers[i].State == Failed {
			return &r.Layers[i]
		}
	}
	return nil
}

func signs(e register.Entry) bool { return e.Problem == "" && e.Purpose == register.PurposeSigning }

// stateOf: a layer with a trouble has failed; one without is fine when something that needs it was seen.
func stateOf(layer string, troubles []Fault, in Input, found bool) string {
	if len(troubles) > 0 {
		return Failed
	}
	working := slices.ContainsFunc(in.Snapshot.Modules, func(m token.ModuleState) bool { return m.Kind == "" })
	inside := slices.ContainsFunc(in.Snapshot.Readers, func(r token.Reader) bool { return r.Card != nil && !r.Card.Blank })
	read := slices.ContainsFunc(in.Entries, func(e register.Entry) bool { return e.Problem == "" })
	fine := false
	switch layer {
	case LayerService:
		// On Linux the card layer looks for the service itself and says when it is not there.
		fine = len(in.Snapshot.Readers) > 0 || working && in.Program.OS == "linux"
	case LayerReader:
		fine = len(in.Snapshot.Readers) > 0
	case LayerCard:
		fine = inside
	case LayerModule:
		fine = working
	case LayerLoad:
		fine = len(in.Snapshot.Modules) > 0
	case LayerCertificates:
		fine = read
	case LayerFilter:
		fine = found
	}
	if fine {
		return OK
	}
	return Unknown
}

// facts are what was seen in a layer.
func facts(layer string, r Report) []Fact {
	out := []Fact{}
	add := func(name, value string) { out = append(out, Fact{name, value}) }
	switch layer {
	case LayerService:
		if r.Program.System != "" {
			add("system", r.Program.System)
		}
	case LayerReader:
		add("readers", strconv.Itoa(len(r.Readers)))
		for _, x := range r.Readers {
			add("reader", x.Name)
		}
	case LayerCard:
		for _, x := range r.Readers {
			if x.Card != nil && !x.Card.Blank {
				add("card", x.Card.Serial)
			}
		}
	case LayerModule:
		add("modules", strconv.Itoa(len(r.Modules)))
	case LayerLoad:
		for _, m := range r.Modules {
			if m.State == OK {
				add("loaded", m.Path)
			}
		}
	case LayerCertificates:
		add("certificates", strconv.Itoa(len(r.Certificates)))
	case LayerFilter:
		n := 0
		for _, c := range r.Certificates {
			if c.Purpose == register.PurposeSigning && c.Problem == "" {
				n++
			}
		}
		add("for-signing", strconv.Itoa(n))
	}
	return out
}

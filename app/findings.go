package app

import (
	"rekey/app/register"
	"rekey/token"
)

// String is the technical text of a finding.
func (f Finding) String() string {
	s := f.Layer + ": " + f.Kind
	for _, part := range []string{f.Module, f.Reader, f.Detail} {
		if part != "" {
			s += ": " + part
		}
	}
	return s
}

// findings says what is missing or broken, the first failing layer first.
func findings(s token.Snapshot, entries []register.Entry, broken []Finding) []Finding {
	var out []Finding
	usable := false
	for _, r := range s.Readers {
		usable = usable || r.Card != nil && !r.Card.Blank
	}
	for _, p := range s.Problems {
		out = append(out, Finding{Layer: string(p.Layer), Kind: problemKind(p.Kind), Module: p.Module, Reader: p.Reader, Detail: p.Err})
	}
	out = append(out, broken...)
	for _, e := range entries {
		if e.Problem != "" {
			out = append(out, Finding{Layer: "certificates", Kind: "broken-certificate", Module: e.Module, Reader: e.Reader, Detail: e.Problem})
		}
	}
	switch {
	case !usable || len(broken) > 0:
	case len(entries) == 0:
		out = append(out, Finding{Layer: "certificates", Kind: "no-certificate"})
	case !anySigning(entries):
		out = append(out, Finding{Layer: "filter", Kind: "filtered"})
	}
	return out
}

func anySigning(entries []register.Entry) bool {
	for _, e := range entries {
		if e.Purpose == register.PurposeSigning && e.Problem == "" {
			return true
		}
	}
	return false
}

// problemKinds are the kinds whose words in the translation files differ from the card layer's.
var problemKinds = map[token.Kind]string{
	token.KindNoModule:  "no-modules",
	token.KindNoService: "service",
	token.KindBlank:     "blank-card",
	token.KindMute:      "mute-card",
}

func problemKind(k token.Kind) string {
	if kind, other := problemKinds[k]; other {
		return kind
	}
	return string(k)
}

// entryKind is the word for a card whose certificates could not be read.
func entryKind(k token.Kind) string {
	switch k {
	case token.KindModuleLoad, token.KindModuleCrash, token.KindModuleHang:
		return string(k)
	}
	return "card-error"
}

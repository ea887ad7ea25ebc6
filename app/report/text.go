package report

import (
	"fmt"
	"strings"
	"time"
)

// Text writes the report for people at a support desk, in English.
func Text(r Report) string {
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
	}
	line("Rekey, report for support")
	line("made      %s", r.MadeAt.Format(time.RFC3339))
	line("program   %s, %s, %s/%s, %s", dash(r.Program.Version), r.Program.Go, r.Program.OS, r.Program.Arch, dash(r.Program.System))
	switch {
	case r.Found && r.FirstFailing == "":
		line("result    a certificate for signing was found")
	case r.Found:
		line("result    a certificate for signing was found; there is trouble in: %s", r.FirstFailing)
	default:
		line("result    no certificate for signing; the first layer that fails: %s", dash(r.FirstFailing))
	}
	line("")
	line("layers")
	for _, l := range r.Layers {
		line("  %-13s %-8s %s", l.Layer, l.State, factsText(l.Facts))
		for _, f := range l.Others {
			line("                %s", spaced(f.Kind+":", f.Module, f.Reader, f.Detail))
		}
	}
	line("")
	line("modules")
	for _, m := range r.Modules {
		line("  %s: %s, %d readers", m.Path, spaced(m.State, m.Detail), m.Readers)
		if f := m.File; f != nil {
			line("    %s%s, %d bytes, %s, SHA-256 %s", vendor(f.Name), f.Real, f.Size, f.Modified.Format(time.DateOnly), f.SHA256)
		}
	}
	line("")
	line("readers")
	for _, x := range r.Readers {
		line("  %s (%s): %s", x.Name, x.Module, inside(x))
	}
	line("")
	line("certificates")
	for _, c := range r.Certificates {
		line("  card %s: %s, %s, key %s (on the card: %s), signed with %s, %s to %s, qualified: %s, state %s, %d bytes%s",
			c.Card, dash(c.Country), c.Purpose, dash(c.Key), c.KeyOnCard, dash(c.Signature), dash(c.ValidFrom), dash(c.ValidUntil), dash(c.Qualified), c.State, c.Size, problem(c.Problem))
	}
	line("")
	line("No names, no national numbers, no PINs and no certificates are in this report; serial numbers are masked.")
	return b.String()
}

func inside(r Reader) string {
	switch {
	case r.Fault != "":
		return "cannot be read: " + r.Fault
	case r.Card == nil:
		return "empty"
	case r.Card.Blank:
		return "a blank card, " + spaced(r.Card.Manufacturer, r.Card.Model)
	}
	text := "card " + r.Card.Serial + ", " + spaced(r.Card.Manufacturer, r.Card.Model)
	if len(r.Card.PINFlags) > 0 {
		text += ", PIN: " + strings.Join(r.Card.PINFlags, ", ")
	}
	return text
}

func factsText(facts []Fact) string {
	var all []string
	for _, f := range facts {
		all = append(all, f.Name+" "+f.Value)
	}
	return strings.Join(all, ", ")
}

func vendor(name string) string {
	if name == "" {
		return ""
	}
	return name + ", "
}

func problem(id string) string {
	if id == "" {
		return ""
	}
	return ", broken: " + id
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func spaced(parts ...string) string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, " ")
}

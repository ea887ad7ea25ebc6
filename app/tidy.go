package app

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// tidy takes away blanks that nobody meant: at the ends, doubled, and line ends in a field of one line.
func tidy(value string, lines bool) string {
	value = norm.NFC.String(strings.ToValidUTF8(value, ""))
	if !lines {
		return strings.Join(strings.Fields(value), " ")
	}
	var kept []string
	for line := range strings.Lines(value) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

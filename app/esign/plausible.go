package esign

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
)

// The PDF reader makes a table as long as the file claims to need, before it looks further; a
// hostile file of a few bytes could so take all memory.
const (
	mostObjects = 8_388_607   // ISO 32000-1 annex C.2
	mostSize    = 100_000_000 // /Size is also the length of an attachment, so this is wider; untouched memory costs nothing
)

var (
	sizeClaim    = regexp.MustCompile(`/Size\s*(\d+)`)
	indexClaim   = regexp.MustCompile(`/Index\s*\[([\d\s]*)\]`)
	sectionClaim = regexp.MustCompile(`(?m)(?:^|xref\s+)(\d{1,20})\s(\d{1,20})[ \r]*$`) // first object and count of an xref section
)

// plausible refuses such claims.
func plausible(pdf []byte) error {
	for _, m := range sizeClaim.FindAllSubmatch(pdf, -1) {
		if err := atMost(m[1], mostSize); err != nil {
			return err
		}
	}
	for _, m := range indexClaim.FindAllSubmatch(pdf, -1) {
		for _, n := range bytes.Fields(m[1]) {
			if err := atMost(n, mostObjects); err != nil {
				return err
			}
		}
	}
	for _, m := range sectionClaim.FindAllSubmatch(pdf, -1) {
		for _, n := range m[1:] {
			if err := atMost(n, mostObjects); err != nil {
				return err
			}
		}
	}
	return nil
}

func atMost(digits []byte, most int) error {
	if n, err := strconv.Atoi(string(digits)); err != nil || n > most {
		return fmt.Errorf("the PDF claims to have %.20s objects", digits)
	}
	return nil
}

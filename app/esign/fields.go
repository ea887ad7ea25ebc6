package esign

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	pdfread "github.com/digitorus/pdf"
)

// signatureFields lists the filled signature fields. Limits keep a hostile file from going in circles.
func signatureFields(r *pdfread.Reader) []pdfread.Value {
	const deepest, most = 8, 1000
	var found []pdfread.Value
	visited := 0
	var walk func(fields pdfread.Value, depth int)
	walk = func(fields pdfread.Value, depth int) {
		for i := range fields.Len() {
			if visited++; visited > most || depth > deepest {
				return
			}
			field := fields.Index(i)
			if field.Key("V").Key("ByteRange").Kind() == pdfread.Array {
				found = append(found, field)
				continue
			}
			walk(field.Key("Kids"), depth+1)
		}
	}
	walk(r.Trailer().Key("Root").Key("AcroForm").Key("Fields"), 0)
	return found
}

// span says what a signature covers: file[:first] and file[second:end].
type span struct{ first, second, end int }

// byteRange reads the ByteRange of a field and refuses one that leaves out more than one hole.
func byteRange(field pdfread.Value, length int) (span, error) {
	v := field.Key("V").Key("ByteRange")
	if v.Len() != 4 {
		return span{}, errors.New("the byte range is not one of four numbers")
	}
	var n [4]int64
	for i := range n {
		if n[i] = v.Index(i).Int64(); n[i] < 0 || n[i] > int64(length) {
			return span{}, errors.New("the byte range goes beyond the file")
		}
	}
	s := span{int(n[1]), int(n[2]), int(n[2] + n[3])}
	if n[0] != 0 || s.first+2 > s.second || s.end > length {
		return span{}, errors.New("the byte range leaves out a part of the file")
	}
	return s, nil
}

// contents gives the CMS. The hole in the byte range must be exactly the hex string of the dictionary: otherwise something
// that nobody signed could be hidden in it.
func contents(dict pdfread.Value, hole []byte) ([]byte, error) {
	if hole[0] != '<' || hole[len(hole)-1] != '>' {
		return nil, errors.New("the byte range leaves out more than the signature")
	}
	der := make([]byte, hex.DecodedLen(len(hole)-2))
	if _, err := hex.Decode(der, hole[1:len(hole)-1]); err != nil {
		return nil, errors.New("the byte range leaves out more than the signature")
	}
	if !bytes.Equal(der, []byte(dict.Key("Contents").RawString())) {
		return nil, errors.New("the signature stands in another place than it says")
	}
	return der, nil
}

// parseDate reads a PDF date (ISO 32000-1 §7.9.4) with seconds; zero time when it is none.
func parseDate(s string) time.Time {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "D:"), "'", "")
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z0700", "20060102150405-07", "20060102150405"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

package esign

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"rekey/app/esign/pdf"
)

// field is one filled signature field.
type field struct {
	dict   pdf.Dict // of the signature
	covers []int    // ByteRange, as it is
}

// fieldWalk goes through the fields of a form.
type fieldWalk struct {
	file    *pdf.File
	visited int
	found   []field
	names   map[string]bool // partial names that are taken
}

// signatureFields lists the filled signature fields. Limits keep a hostile file from going in circles.
func signatureFields(f *pdf.File) ([]field, error) {
	w := fieldWalk{file: f, names: map[string]bool{}}
	err := w.walk(formOf(f)["Fields"], 0)
	return w.found, err
}

func formOf(f *pdf.File) pdf.Dict {
	return f.Dict(f.Dict(f.Trailer["Root"])["AcroForm"])
}

func (w *fieldWalk) walk(fields any, depth int) error {
	const deepest, most = 20, 20_000
	for _, o := range w.file.Array(fields) {
		if w.visited++; w.visited > most || depth > deepest {
			return errors.New("the form has no end")
		}
		d := w.file.Dict(o)
		w.names[string(w.file.String(d["T"]))] = true
		value := w.file.Dict(d["V"])
		if bytes := w.file.Array(value["ByteRange"]); bytes != nil {
			w.found = append(w.found, field{value, w.numbers(bytes)})
			continue
		}
		if err := w.walk(d["Kids"], depth+1); err != nil {
			return err
		}
	}
	return w.file.Err()
}

func (w *fieldWalk) numbers(a pdf.Array) []int {
	var out []int
	for _, o := range a[:min(len(a), 5)] {
		n, ok := w.file.Int(o)
		if !ok {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// span says what a signature covers: file[:first] and file[second:end].
type span struct{ first, second, end int }

// byteRange reads the ByteRange of a field and refuses one that leaves out more than one hole.
func byteRange(f field, length int) (span, error) {
	n := f.covers
	if len(n) != 4 {
		return span{}, errors.New("the byte range is not one of four numbers")
	}
	for _, v := range n {
		if v < 0 || v > length {
			return span{}, errors.New("the byte range goes beyond the file")
		}
	}
	s := span{n[1], n[2], n[2] + n[3]}
	if n[0] != 0 || s.first+2 > s.second || s.end > length {
		return span{}, errors.New("the byte range leaves out a part of the file")
	}
	return s, nil
}

// contents gives the CMS. The hole in the byte range must be exactly the hex string of the dictionary: otherwise something
// that nobody signed could be hidden in it.
func contents(dict pdf.Dict, hole []byte) ([]byte, error) {
	if hole[0] != '<' || hole[len(hole)-1] != '>' {
		return nil, errors.New("the byte range leaves out more than the signature")
	}
	der := make([]byte, hex.DecodedLen(len(hole)-2))
	if _, err := hex.Decode(der, hole[1:len(hole)-1]); err != nil {
		return nil, errors.New("the byte range leaves out more than the signature")
	}
	if s, ok := dict["Contents"].(pdf.String); !ok || !bytes.Equal(der, []byte(s)) {
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

// formatDate writes one, with its zone.
func formatDate(t time.Time) string {
	zone := t.Format("-0700")
	return "D:" + t.Format("20060102150405") + zone[:3] + "'" + zone[3:] + "'"
}

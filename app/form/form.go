// Package form lays out application forms as PDF: A4, black on white, made to be printed, signed and stamped.
//
// A form is data: a YAML file names the language, the official title with its source, and a list of blocks (head
// lines, title, notice, fields, choices, paragraph, table, QR code, signature places, foot notes). The engine wraps long
// text, breaks tables over pages with their heading repeated, keeps the signatures with the block before them, marks each
// copy and page, and prints a dotted line where a value is missing, to be filled in by hand. A language that is written
// from right to left mirrors the page. All copies of a form are in one file, one after the other. At the foot of each
// page a QR code and a line give the case's number and a digest of what the form says (see ParseMark): not the file's own
// hash, which cannot stand inside the file, but that of the data that went into it.
//
// It promises: the same input gives the same bytes; the file is PDF/A-2u; fonts are embedded; text can be selected and
// searched; nothing of a value is lost or printed outside of the margins, however long it is; a letter that the fonts do
// not have is an error that names it, never an empty box. It never invents legal text, never prints what the form's data does not ask for,
// writes no form fields and no scripts, and touches no file and no network.
package form

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"rekey/app/form/pdf"
)

// Input is everything that one form needs.
type Input struct {
	Form   *Form
	Copies int    // at least 1
	Case   string // the case's number, at most 100 letters, printed in the foot line; may be ""
	Route  string // RoutePaper, RouteESigned or RouteTransport
	Reason string // id of the reason, "" leaves all boxes open
	Date   time.Time

	DateText string // printed for .Date instead of Date: a Jalali date, say

	Rows  []map[string]string // of the form's table
	Photo []byte              // JPEG or PNG; nil leaves its frame empty

	Details     map[string]string // what the holder filled in, by field name
	Certificate map[string]string // current certificate as shown: holder, issuer, serial, valid_until …

	KeyAlgorithm   string // as shown: "RSA 2048", "EC P-256"
	KeyFingerprint string // SHA-256 of the SPKI in hex
	PublicKey      []byte // SPKI in DER

	Fonts *Fonts
}

// Routes on which an application goes.
const (
	RoutePaper     = "paper"
	RouteESigned   = "e-signed"
	RouteTransport = "transport"
)

// Document is a finished form.
type Document struct {
	PDF    []byte
	Pages  int    // all copies together
	Digest string // as it stands in the mark, "" when the form has none
	Places []Place
}

// Place is the free area of one signature place, in millimetres from the top left corner of the page. Page counts
// from 1 through the whole file.
type Place struct {
	ID         string
	Copy, Page int
	X, Y, W, H float64
}

// Kinds of errors.
const (
	KindData   = "form-data"   // the form's own file is wrong
	KindInput  = "form-input"  // something that the caller gave
	KindLetter = "form-letter" // a letter that the fonts do not have
	KindFonts  = "form-fonts"  // a font file is missing or broken
)

// Error is every error of this package.
type Error struct {
	Op, Kind string
	Err      error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %v", e.Op, e.Kind, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

func inputError(format string, args ...any) error {
	return &Error{"render form", KindInput, fmt.Errorf(format, args...)}
}

// Render gives the PDF of a form.
func Render(in Input) ([]byte, error) {
	doc, err := Make(in)
	if err != nil {
		return nil, err
	}
	return doc.PDF, nil
}

// Make gives the PDF and where its signature places are.
func Make(in Input) (*Document, error) {
	if err := checkInput(in); err != nil {
		return nil, err
	}
	l, err := prepare(in)
	if err != nil {
		return nil, err
	}
	pages, err := l.pages()
	if err != nil {
		return nil, err
	}
	return draw(in, l, pages)
}

// prepare reads the photograph and makes the mark.
func prepare(in Input) (*layout, error) {
	l := newLayout(in)
	var err error
	if len(in.Photo) > 0 {
		if l.photo, err = pdf.NewImage(in.Photo); err != nil {
			return nil, inputError("photograph: %w", err)
		}
	}
	l.mark, err = l.newMark()
	return l, err
}

const (
	maxCopies = 20
	maxRows   = 2000
)

func checkInput(in Input) error {
	switch {
	case in.Form == nil:
		return inputError("no form")
	case in.Fonts == nil:
		return inputError("no fonts")
	case in.Copies < 1 || in.Copies > maxCopies:
		return inputError("%d copies, want 1 to %d", in.Copies, maxCopies)
	case len(in.Rows) > maxRows:
		return inputError("%d rows, at most %d", len(in.Rows), maxRows)
	case len([]rune(in.Case)) > 100:
		return inputError("the case's number has more than 100 letters")
	case in.Date.IsZero():
		return inputError("no date")
	case in.Route != RoutePaper && in.Route != RouteESigned && in.Route != RouteTransport:
		return inputError("route %q, want paper, e-signed or transport", in.Route)
	}
	if _, err := hex.DecodeString(strings.ReplaceAll(in.KeyFingerprint, " ", "")); err != nil {
		return inputError("the key's fingerprint is not hex: %w", err)
	}
	return nil
}

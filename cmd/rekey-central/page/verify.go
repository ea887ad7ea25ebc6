package page

import (
	"bytes"
	"context"
	"slices"

	"rekey/app/central"
	"rekey/app/esign"
)

// mostVerified bounds the work of one page: the newest signed PDFs are looked at.
const mostVerified = 3

// signed is a signed PDF and what its signatures are worth.
type signed struct {
	Document   central.Document
	Problem    string // it could not be looked at
	Signatures []esign.Signature
}

// Added tells that no signature covers the whole file.
func (s signed) Added() bool {
	return !slices.ContainsFunc(s.Signatures, func(one esign.Signature) bool { return one.CoversWhole })
}

// verify looks at the newest signed PDFs of a case, newest first.
func (p *pages) verify(ctx context.Context, c central.Case) []signed {
	var all []signed
	for i := len(c.Documents) - 1; i >= 0 && len(all) < mostVerified; i-- {
		if c.Documents[i].Kind == central.DocApplicationSigned {
			all = append(all, p.verifyOne(ctx, c.Documents[i]))
		}
	}
	return all
}

// verifyOne survives whatever a file does to the reader of PDFs: the case has to stay
// decidable.
func (p *pages) verifyOne(ctx context.Context, d central.Document) (s signed) {
	s.Document = d
	defer func() {
		if recover() != nil {
			s.Signatures, s.Problem = nil, "the file broke the check"
		}
	}()
	data, err := p.Office.Content(ctx, d.SHA256)
	if err != nil {
		s.Problem = "the document cannot be read from the office's disk"
		return s
	}
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		s.Problem = "this is no PDF"
		return s
	}
	if s.Signatures, err = esign.Verify(data); err != nil {
		s.Problem = cause(err)
	}
	return s
}

package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"rekey/app/central"
)

const certificateName = "certificate.pem"

// Issuer makes a certificate (PEM) for a case from its PKCS#10 request (PEM). It may take its time, up to patience: an authority's key
// may be on a card. The others go on meanwhile.
type Issuer func(c central.Case, request []byte) ([]byte, error)

// Issue lets issuer make the certificate of an approved case and files it with the case. The newest document of kind request is
// the one that counts. One certificate is made for it, however many officers, servers, tries and crashes there are: it is kept
// with the case first, then filed as a document, then the case is issued.
func (o *Office) Issue(ctx context.Context, who Caller, id string, seen int64, issuer Issuer) (central.Case, error) {
	const op = "issue certificate"
	for {
		c, again, err := o.issue(ctx, who, id, seen, issuer)
		if err != nil || !again {
			return c, wrap(op, err)
		}
	}
}

// issue is one try; again when another request came between.
func (o *Office) issue(ctx context.Context, who Caller, id string, seen int64, issuer Issuer) (c central.Case, again bool, err error) {
	r, err := o.look(ctx, who, id)
	if err == nil && !who.Officer() {
		err = noCase()
	}
	if err == nil {
		err = current(r.Case, seen)
	}
	if err != nil {
		return central.Case{}, false, err
	}
	before := r.Case
	if changed, err := step(&r, central.StateApproved, central.StateIssued); err != nil || !changed {
		return before, false, err
	}
	sum, err := newestRequest(before)
	if err != nil {
		return central.Case{}, false, err
	}
	request, err := o.Content(ctx, sum)
	if err != nil {
		return central.Case{}, false, err
	}
	certificate, err := o.make(ctx, who, id, seen, sum, request, issuer)
	if err != nil || certificate == nil {
		return central.Case{}, err == nil, err
	}
	d, err := o.file(ctx, certificate)
	if err != nil {
		return central.Case{}, false, err
	}
	c, err = o.decide(ctx, who, id, seen, func(r *record) (bool, []central.Document, error) {
		newest, err := newestRequest(r.Case)
		if again = err == nil && newest != sum; err != nil || again {
			return false, nil, err
		}
		changed, err := step(r, central.StateApproved, central.StateIssued)
		if err != nil || !changed {
			return false, nil, err
		}
		r.Made = nil
		r.Case.FromCA = append(r.Case.FromCA, d)
		return true, []central.Document{d}, nil
	})
	return c, again, err
}

// file keeps a certificate as a document.
func (o *Office) file(ctx context.Context, certificate []byte) (central.Document, error) {
	hash := sha256.Sum256(certificate)
	sum := hex.EncodeToString(hash[:])
	_, err := o.blobs.Put(ctx, sum, bytes.NewReader(certificate), central.MaxDocument)
	return central.Document{Kind: central.DocCertificate, Name: certificateName, SHA256: sum, Size: int64(len(certificate))}, err
}

// newestRequest gives the SHA-256 of the newest request of a case: documents lie in order of arrival.
func newestRequest(c central.Case) (string, error) {
	for _, d := range slices.Backward(c.Documents) {
		if d.Kind == central.DocRequest {
			return d.SHA256, nil
		}
	}
	return "", invalid("the case has no document of kind %q", central.DocRequest)
}

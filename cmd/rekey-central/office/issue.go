package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
)

const certificateName = "certificate.pem"

// Issuer makes a certificate (PEM) for a case from its PKCS#10 request (PEM). It is asked within a transaction: it works by itself
// and asks neither the office nor the database.
type Issuer func(c central.Case, request []byte) ([]byte, error)

// made is a certificate that has been made and perhaps not been filed: after a crash the same one is issued.
type made struct {
	Request     string `json:"request"`     // SHA-256 of the request
	Certificate []byte `json:"certificate"` // PEM
}

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
	certificate, err := o.make(ctx, who, id, seen, made{Request: sum}, request, issuer)
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

// make lets the certificate be made and kept with the case, or gives the one that was made for this request before; nil when
// the case has moved on meanwhile.
func (o *Office) make(ctx context.Context, who Caller, id string, seen int64, m made, request []byte, issuer Issuer) ([]byte, error) {
	var out []byte
	err := o.db.Update(ctx, func(tx data.Tx) error {
		out = nil
		r, err := forOfficer(tx, who, id, seen)
		if err != nil {
			return err
		}
		if r.Made != nil && r.Made.Request == m.Request {
			out = r.Made.Certificate
			return nil
		}
		if newest, err := newestRequest(r.Case); err != nil || newest != m.Request || r.Case.State != central.StateApproved {
			return err
		}
		if m.Certificate == nil { // kept when the transaction is run again
			if m.Certificate, err = issuer(r.Case, request); err != nil {
				return err
			}
		}
		if len(m.Certificate) == 0 {
			return errors.New("the issuer made nothing")
		}
		r.Made, out = &m, m.Certificate
		return save(tx, r)
	})
	return out, err
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

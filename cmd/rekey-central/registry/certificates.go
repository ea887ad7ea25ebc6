package registry

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"slices"
	"strings"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

var certificates = shelf[central.Certificate]{bucket: data.Certificates, stamp: func(c *central.Certificate) *central.Stamp { return &c.Stamp }}

// Certificates gives a page of a caller's certificates, of all to the officer.
func (r *Registry) Certificates(ctx context.Context, who office.Caller, after string, limit int) (central.Page[central.Certificate], error) {
	return list(r, ctx, "list certificates", certificates, who, after, limit)
}

// Certificate gives one. of is the owner that an officer means.
func (r *Registry) Certificate(ctx context.Context, who office.Caller, of, fingerprint string) (central.Certificate, error) {
	return get(r, ctx, "read certificate", certificates, who, of, fingerprint)
}

// PutCertificate writes a certificate that a holder uses. That it is revoked is the office's word and stays as it is.
func (r *Registry) PutCertificate(ctx context.Context, who office.Caller, fingerprint string, seen int64, c central.Certificate) (central.Certificate, bool, error) {
	const op = "write certificate"
	c.NotBefore, c.NotAfter = c.NotBefore.UTC(), c.NotAfter.UTC()
	err := hold(isPath(c.Fingerprint, fingerprint, "fingerprint"), isSum(c.Fingerprint, "fingerprint"), isSum(c.Holder, "holder"),
		isText(c.Issuer, "issuer", maxIssuer), isLike(c.Serial, "serial", patternHex, "hex digits, lower case, or nothing"), isText(c.Card, "card", maxText),
		isTime(c.NotBefore, "not_before"), rule{c.NotAfter.After(c.NotBefore), "not_after", "a time after not_before"}, isSumOrNone(c.Document, "document"))
	if err == nil && c.Case != "" {
		err = r.ownCase(ctx, who, c.Case)
	}
	if err != nil {
		return central.Certificate{}, false, wrap(op, err)
	}
	return put(r, ctx, op, certificates, who, "", fingerprint, seen, func(tx data.Tx, owner string, old *central.Certificate) (central.Certificate, error) {
		c := c
		c.RevokedAt = nil
		if old != nil {
			c.RevokedAt = old.RevokedAt
		}
		return c, sent(tx, owner, c.Document)
	})
}

// Expiring gives the current certificates that end after now and within so many days, the earliest first.
func (r *Registry) Expiring(ctx context.Context, who office.Caller, days int, after string, limit int) (page central.Page[central.Certificate], err error) {
	type line struct {
		cursor string
		c      central.Certificate
	}
	now := r.now()
	end := now.AddDate(0, 0, days)
	var lines []line
	err = r.db.View(ctx, func(tx data.Tx) error {
		lines = nil
		return certificates.walk(tx, who, "", func(owner, id string, c central.Certificate) (bool, error) {
			if c.Current && c.RevokedAt == nil && c.NotAfter.After(now) && !c.NotAfter.After(end) {
				certificates.show(who, owner, &c)
				lines = append(lines, line{c.NotAfter.Format("20060102T150405") + "/" + id + "/" + owner, c})
			}
			return false, nil
		})
	})
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.cursor, b.cursor) })
	lines = slices.DeleteFunc(lines, func(l line) bool { return after != "" && l.cursor <= after })
	if len(lines) > limit {
		page.Next, lines = lines[limit-1].cursor, lines[:limit]
	}
	page.Items = []central.Certificate{}
	for _, l := range lines {
		page.Items = append(page.Items, l.c)
	}
	return page, wrap("report certificates", err)
}

// IsRevoked tells whether the office has revoked this certificate, whoever told about it.
func (r *Registry) IsRevoked(ctx context.Context, c *x509.Certificate) (revoked bool, err error) {
	sum := sha256.Sum256(c.Raw)
	id := hex.EncodeToString(sum[:])
	err = r.db.View(ctx, func(tx data.Tx) error {
		revoked = false
		return eachOf(tx, id, func(_ string, c central.Certificate) error {
			revoked = revoked || c.RevokedAt != nil
			return nil
		})
	})
	return revoked, wrap("ask for revocation", err)
}

// eachOf visits the records of one certificate: several owners may have told about it.
func eachOf(tx data.Tx, fingerprint string, f func(owner string, c central.Certificate) error) error {
	owners, err := certificates.owners(tx, fingerprint)
	if err != nil {
		return err
	}
	for _, owner := range owners {
		c, found, err := certificates.read(tx, owner, fingerprint)
		if err == nil && found {
			err = f(owner, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mark says that a certificate is revoked, in the records of everybody who told about it.
func mark(tx data.Tx, fingerprint string, at time.Time) error {
	if err := certificates.lock(tx, fingerprint); err != nil {
		return err
	}
	return eachOf(tx, fingerprint, func(owner string, c central.Certificate) error {
		if c.RevokedAt != nil {
			return nil
		}
		c.RevokedAt, c.Version, c.UpdatedAt = &at, c.Version+1, at
		return data.PutJSON(tx, data.Certificates, data.Key(owner, []byte(fingerprint)), c)
	})
}

// bytesOf finds the certificate itself: the document that its record names, or what the office has given to a case, first of this
// owner, then of anybody: a holder may have the certificate from an organisation. Only these are believed: the number in the record
// is what a client says. It is nil when neither is here.
func (r *Registry) bytesOf(ctx context.Context, owner string, c central.Certificate) (*x509.Certificate, error) {
	its, everybody := office.Caller{Owner: owner, Role: central.RoleHolder}, office.Caller{Role: central.RoleOfficer}
	found, err := r.parse(ctx, its, c.Document, c.Fingerprint)
	for _, who := range []office.Caller{its, everybody} {
		if found == nil && err == nil {
			found, err = r.issuedTo(ctx, who, c.Fingerprint)
		}
	}
	return found, err
}

func (r *Registry) issuedTo(ctx context.Context, who office.Caller, fingerprint string) (*x509.Certificate, error) {
	for after := ""; ; {
		page, err := r.office.Cases(ctx, who, after, central.StateIssued, pageOfCases)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Cases {
			for _, d := range one.FromCA {
				if found, err := r.parse(ctx, who, d.SHA256, fingerprint); found != nil || err != nil {
					return found, err
				}
			}
		}
		if after = page.Next; after == "" {
			return nil, nil
		}
	}
}

// parse reads a document, DER or PEM; nil when it is not the certificate that is wanted.
func (r *Registry) parse(ctx context.Context, who office.Caller, sum, fingerprint string) (*x509.Certificate, error) {
	if sum == "" {
		return nil, nil
	}
	f, err := r.office.OpenDocument(ctx, who, sum)
	if office.KindOf(err) == office.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	der, err := io.ReadAll(io.LimitReader(f, maxCertificate))
	if err != nil {
		return nil, err
	}
	if block, _ := pem.Decode(der); block != nil {
		der = block.Bytes
	}
	if hash := sha256.Sum256(der); hex.EncodeToString(hash[:]) != fingerprint {
		return nil, nil
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, invalid("the certificate cannot be read: %v", err)
	}
	return c, nil
}

const (
	maxCertificate = 64 << 10 // bytes
	pageOfCases    = 200
)

// decode is for walks over a whole bucket.
func decode[T any](f func(T) error) func(key, value []byte) (bool, error) {
	return func(_, value []byte) (bool, error) {
		var v T
		if err := json.Unmarshal(value, &v); err != nil {
			return true, err
		}
		return false, f(v)
	}
}

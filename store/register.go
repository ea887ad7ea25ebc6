package store

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"rekey/store/fold"
)

// rowKey orders the register by expiry: NotAfter in seconds (8 bytes, big endian, sign turned), then the hidden key of the certificate.
// The date is readable in the file; whose it is, is not.
const rowKey = 8 + 16

func expiryKey(notAfter time.Time, hidden []byte) []byte {
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, rowKey), uint64(notAfter.Unix())^1<<63), hidden...)
}

// PutCertificate keeps a certificate in the register, in place of what was there under its fingerprint.
func (tx *Tx) PutCertificate(c Certificate) error {
	if c.Fingerprint == "" {
		return &Error{"write " + string(Certificates), IO, errors.New("a certificate without a fingerprint")}
	}
	if err := tx.dropExpiry(c.Fingerprint); err != nil {
		return err
	}
	plain, err := encode(c)
	if err != nil {
		return err
	}
	if err := tx.put(Certificates, c.Fingerprint, plain); err != nil {
		return err
	}
	key, text := expiryKey(c.NotAfter, tx.box.hidden(Certificates, c.Fingerprint)), searchText(c)
	tx.changes = append(tx.changes, change{string(key), text, uint64(tx.tx.ID())})
	if err := tx.tx.Bucket([]byte(expiry)).Put(key, tx.box.seal(place(expiry, string(key)), []byte(text))); err != nil {
		return &Error{"write " + string(expiry), IO, err}
	}
	return nil
}

// Certificate reads one. Errors: NotFound, Damaged.
func (tx *Tx) Certificate(fingerprint string) (Certificate, error) {
	return Get[Certificate](tx, Certificates, fingerprint)
}

// dropExpiry takes the row of a certificate out of the order by expiry.
func (tx *Tx) dropExpiry(fingerprint string) error {
	old, err := tx.Certificate(fingerprint)
	if KindOf(err) == NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	key := expiryKey(old.NotAfter, tx.box.hidden(Certificates, fingerprint))
	tx.changes = append(tx.changes, change{string(key), "", uint64(tx.tx.ID())})
	return tx.tx.Bucket([]byte(expiry)).Delete(key)
}

// Cursor is a place in the register in the order of expiry. The zero value is its beginning.
type Cursor string

// ExpiryFrom is the place of the first certificate that ends at t or later.
func ExpiryFrom(t time.Time) Cursor { return Cursor(expiryKey(t, nil)) }

// CertificatesByExpiry gives at most n certificates from a place on, and the place of the next; "" at the end.
func (tx *Tx) CertificatesByExpiry(from Cursor, n int) (page []Certificate, next Cursor, err error) {
	c := tx.tx.Bucket([]byte(expiry)).Cursor()
	for k, _ := c.Seek([]byte(from)); k != nil; k, _ = c.Next() {
		if len(page) == n {
			return page, Cursor(k), nil
		}
		one, err := tx.row(k)
		if err != nil {
			return page, "", err
		}
		page = append(page, one)
	}
	return page, "", nil
}

// row reads the certificate that a row of the order by expiry stands for.
func (tx *Tx) row(key []byte) (c Certificate, err error) {
	if len(key) != rowKey {
		return c, &Error{"read " + string(expiry), Damaged, errors.New("a row without a certificate")}
	}
	sealed := tx.tx.Bucket([]byte(Certificates)).Get(key[8:])
	if sealed == nil {
		return c, &Error{"read " + string(expiry), Damaged, errors.New("a row without a certificate")}
	}
	_, plain, err := tx.unseal(Certificates, key[8:], sealed)
	if err != nil {
		return c, err
	}
	return c, decode(Certificates, plain, &c)
}

// searchText is what the text filter looks at.
func searchText(c Certificate) string {
	return strings.ReplaceAll(fold.Fold(strings.Join([]string{c.Holder, c.Serial, c.Card, c.Issuer, c.Purpose, c.Fingerprint[:min(16, len(c.Fingerprint))]}, " ")), "\n", " ")
}

package register

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// raw is as much of a certificate (RFC 5280 §4.1) as can be read, field by field, so that one that Go refuses can
// still be shown. Slices point into the certificate.
type raw struct {
	version    int // 1, 2 or 3; 0 when unknown
	serial     *big.Int
	inner      []byte // AlgorithmIdentifier inside what is signed
	issuer     []byte
	notBefore  time.Time
	notAfter   time.Time
	subject    []byte
	spki       []byte
	extensions []rawExtension
	outer      []byte // AlgorithmIdentifier beside the signature
	signature  []byte
	err        error // the first thing that could not be read
}

type rawExtension struct {
	oid      string
	critical bool
	value    []byte
}

var errTruncated = errors.New("bytes are missing at the end")

// maxExtensions is how many are read.
const maxExtensions = 200

func readRaw(der []byte) raw {
	var r raw
	outer, _, err := sequence(0x30, der)
	r.note("certificate", err)
	body, rest, err := sequence(0x30, outer)
	r.note("certificate", err)
	r.readBody(body)
	var signature asn1.BitString
	if r.outer, rest = r.field("signature algorithm", rest); rest == nil {
		return r
	}
	if _, err := asn1.Unmarshal(rest, &signature); err != nil {
		r.note("signature", err)
	}
	r.signature = signature.Bytes
	return r
}

// note keeps the first error.
func (r *raw) note(what string, err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("%s: %w", what, err)
	}
}

// field cuts the next element off, with its header; a nil rest says that nothing more can be read.
func (r *raw) field(what string, b []byte) (full, rest []byte) {
	var v asn1.RawValue
	rest, err := asn1.Unmarshal(b, &v)
	if err != nil {
		r.note(what, err)
		return nil, nil
	}
	return v.FullBytes, rest
}

// readBody reads TBSCertificate.
func (r *raw) readBody(b []byte) {
	r.version = 1
	if len(b) > 0 && b[0] == 0xa0 {
		var version int
		var full []byte
		if full, b = r.field("version", b); b == nil {
			return
		}
		if _, err := asn1.UnmarshalWithParams(full, &version, "explicit,tag:0"); err != nil {
			r.note("version", err)
		}
		r.version = version + 1
	}
	var serial, validity []byte
	for _, f := range []struct {
		what string
		into *[]byte
	}{{"serial number", &serial}, {"algorithm", &r.inner}, {"issuer", &r.issuer}, {"validity", &validity}, {"subject", &r.subject}, {"public key", &r.spki}} {
		if *f.into, b = r.field(f.what, b); b == nil {
			break
		}
	}
	r.readSerial(serial)
	r.readValidity(validity)
	r.readExtensions(b)
}

// readSerial takes any INTEGER, also one that is not in its shortest form.
func (r *raw) readSerial(der []byte) {
	var v asn1.RawValue
	if _, err := asn1.Unmarshal(der, &v); err != nil || v.Tag != asn1.TagInteger || len(v.Bytes) == 0 {
		return
	}
	r.serial = new(big.Int).SetBytes(v.Bytes)
	if v.Bytes[0]&0x80 != 0 {
		r.serial.Sub(r.serial, new(big.Int).Lsh(big.NewInt(1), uint(8*len(v.Bytes))))
	}
}

func (r *raw) readValidity(der []byte) {
	if der == nil {
		return
	}
	var v asn1.RawValue
	if _, err := asn1.Unmarshal(der, &v); err != nil {
		r.note("validity", err)
		return
	}
	rest, err := asn1.Unmarshal(v.Bytes, &r.notBefore)
	if err != nil {
		r.note("valid from", err)
		if _, rest = r.field("valid from", v.Bytes); rest == nil {
			return
		}
	}
	if _, err = asn1.Unmarshal(rest, &r.notAfter); err != nil {
		r.note("valid until", err)
	}
}

// readExtensions skips the unique identifiers of X.509 v2 and reads one extension after the other.
func (r *raw) readExtensions(b []byte) {
	for len(b) > 0 && b[0] != 0xa3 {
		if _, b = r.field("unique identifier", b); b == nil {
			return
		}
	}
	list, _, err := sequence(0xa3, b)
	if len(b) == 0 || err != nil && len(list) == 0 {
		r.note("extensions", err)
		return
	}
	list, _, err = sequence(0x30, list)
	r.note("extensions", err)
	for len(list) > 0 && len(r.extensions) < maxExtensions {
		var one []byte
		if one, list = r.field("extension", list); list == nil {
			return
		}
		var e struct {
			ID       asn1.ObjectIdentifier
			Critical bool `asn1:"optional"`
			Value    []byte
		}
		if _, err := asn1.Unmarshal(one, &e); err != nil {
			r.note("extension", err)
			r.extensions = append(r.extensions, rawExtension{value: one})
			continue
		}
		r.extensions = append(r.extensions, rawExtension{e.ID.String(), e.Critical, e.Value})
	}
}

// extension gives the value of the first one with this OID.
func (r *raw) extension(oid string) ([]byte, bool) {
	for _, e := range r.extensions {
		if e.oid == oid {
			return e.value, true
		}
	}
	return nil, false
}

// sequence opens a constructed element of this tag and tolerates that its end is missing: then it gives what is
// there, and errTruncated.
func sequence(tag byte, b []byte) (content, rest []byte, err error) {
	if len(b) == 0 {
		return nil, nil, nil
	}
	if b[0] != tag {
		return nil, nil, errors.New("no sequence")
	}
	if len(b) < 2 {
		return nil, nil, errTruncated
	}
	length, head := int(b[1]), 2
	if length == 0x80 {
		return nil, nil, errors.New("an indefinite length, which DER does not allow")
	}
	if length > 0x80 {
		n := length & 0x7f
		if n > 4 {
			return nil, nil, errors.New("an impossible length")
		}
		if len(b) < 2+n {
			return nil, nil, errTruncated
		}
		length = 0
		for _, c := range b[2 : 2+n] {
			length = length<<8 | int(c)
		}
		head = 2 + n
	}
	if b = b[head:]; length < 0 || length > len(b) {
		return b, nil, errTruncated
	}
	return b[:length], b[length:], nil
}

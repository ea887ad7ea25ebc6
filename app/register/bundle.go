package register

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
)

// ErrNoCertificate says that a file holds no certificate in a form that Rekey reads.
var ErrNoCertificate = errors.New("no certificate in it: PEM, DER, base64 and PKCS#7 (.p7b) are read")

// ErrBER says that a PKCS#7 bundle is written in BER with indefinite lengths.
var ErrBER = errors.New("a PKCS#7 bundle in BER: save it again as PEM or DER")

// Bundle reads the certificates of a file: PEM with one or several, DER, base64 without frame, and the
// certificates of a PKCS#7 SignedData (RFC 2315 §9.1), itself PEM or DER. Broken ones come with their Problem.
func Bundle(data []byte) ([]Certificate, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var all []Certificate
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch block.Type {
		case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
			all = append(all, Parse(block.Bytes))
		case "PKCS7", "CMS":
			certs, err := pkcs7(block.Bytes)
			if err != nil {
				return nil, err
			}
			all = append(all, certs...)
		}
	}
	if len(all) > 0 {
		return all, nil
	}
	if plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(data)), "")); err == nil && len(plain) > 0 && plain[0] == 0x30 {
		data = plain
	}
	if len(data) == 0 || data[0] != 0x30 {
		return nil, ErrNoCertificate
	}
	if certs, err := pkcs7(data); err == nil || errors.Is(err, ErrBER) {
		return certs, err
	}
	c := Parse(data)
	if c.ProblemID == "not-a-certificate" {
		return nil, ErrNoCertificate
	}
	return []Certificate{c}, nil
}

var oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}

func pkcs7(der []byte) ([]Certificate, error) {
	if len(der) > 1 && der[0] == 0x30 && der[1] == 0x80 {
		return nil, ErrBER
	}
	var info struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil || !info.Type.Equal(oidSignedData) {
		return nil, ErrNoCertificate
	}
	var all []Certificate
	for _, part := range children(info.Content.Bytes) {
		if part.Class != asn1.ClassContextSpecific || part.Tag != 0 {
			continue
		}
		for b := part.Bytes; len(b) > 0; {
			var one asn1.RawValue
			rest, err := asn1.Unmarshal(b, &one)
			if err != nil {
				break
			}
			all, b = append(all, Parse(one.FullBytes)), rest
		}
	}
	if len(all) == 0 {
		return nil, ErrNoCertificate
	}
	return all, nil
}

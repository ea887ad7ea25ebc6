package ca

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"rekey/app/gost"
)

// A holder's GOST key is certified by either kind of authority, and openssl's gost engine reads the result.
func TestGOSTKeysAreCertified(t *testing.T) {
	for _, own := range []KeyType{KeyEC, KeyRSA} {
		a, caFile := authority(t, own)
		for _, key := range [][]string{{"gost2012_256", "-pkeyopt", "paramset:A", "-engine", "gost"}, {"gost2012_512", "-pkeyopt", "paramset:B", "-engine", "gost"}} {
			text := request(t, "ru", key...)
			made, err := a.Certify(Order{Request: text, Profile: "ru-head", CRL: listAddress})
			if err != nil {
				t.Fatalf("%s, %s: %v", own, key[0], err)
			}
			block, _ := pem.Decode(made)
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			asked, _ := pem.Decode(text)
			r, err := x509.ParseCertificateRequest(asked.Bytes)
			if err != nil || !gost.SameKey(cert.RawSubjectPublicKeyInfo, r.RawSubjectPublicKeyInfo) || !bytes.Equal(cert.RawSubject, r.RawSubject) {
				t.Errorf("%s, %s: not what was asked for: %v", own, key[0], err)
			}
			if said := openssl(t, "verify", "-engine", "gost", "-CAfile", caFile, write(t, made)); !strings.Contains(said, "OK") {
				t.Error(said)
			}
			asked.Bytes[len(asked.Bytes)-1] ^= 1
			if _, err := a.Certify(Order{Request: pem.EncodeToMemory(asked), Profile: "ru-head", CRL: listAddress}); err == nil {
				t.Error("a request with a wrong signature was certified")
			}
		}
	}
}

package ca

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"testing"
)

// FuzzRequest: whatever a client hands in as a request, the authority refuses it as a request, or certifies the key in it that has signed it.
func FuzzRequest(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "Ayşe Örnek"}}, key)
	if err != nil {
		f.Fatal(err)
	}
	good := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(append(bytes.Clone(good), good...))
	for i := 0; i < len(der); i += 7 { // also in the wrapping that is read
		bad := bytes.Clone(der)
		bad[i] ^= 0x41
		f.Add(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: bad}))
	}
	dir := f.TempDir()
	a, err := Init(dir, KeyEC)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		issued, err := a.Certify(Order{Request: text, Profile: "generic", CRL: listAddress})
		if err != nil {
			if KindOf(err) != KindRequest {
				t.Errorf("refused as %q: %v", KindOf(err), err)
			}
			return
		}
		asked, _ := pem.Decode(text)
		r, err := x509.ParseCertificateRequest(asked.Bytes)
		if err != nil || r.CheckSignature() != nil {
			t.Fatalf("certified a request that does not hold: %v", err)
		}
		block, _ := pem.Decode(issued)
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil || !bytes.Equal(c.RawSubjectPublicKeyInfo, r.RawSubjectPublicKeyInfo) || !bytes.Equal(c.RawSubject, r.RawSubject) || c.IsCA {
			t.Errorf("another certificate than asked for: %v", err)
		}
	})
}

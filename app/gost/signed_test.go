package gost

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"os"
	"testing"

	"rekey/token/gosttest"
)

func TestWhatOpenSSLSignedForEverySet(t *testing.T) {
	for _, set := range Sets() {
		t.Run(set.Name, func(t *testing.T) {
			t.Parallel()
			certificates(t, newOffice(t, gosttest.NewJudge(t), set))
		})
	}
}

func certificates(t *testing.T, o *gosttest.Office) {
	root, holder := o.Certificate(t, "root.pem"), o.Certificate(t, "holder.pem")
	list, err := x509.ParseRevocationList(o.Read(t, "crl.pem"))
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"root": VerifyCertificate(root, root), "holder": VerifyCertificate(holder, root),
		"list": VerifyCRL(list, root), "request": VerifyRequest(o.Read(t, "holder.csr")),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := VerifyCertificate(holder, holder); KindOf(err) != KindIssuer {
		t.Errorf("a holder as issuer: %v", err)
	}
	elliptic, err := x509.ParseCertificate(plainCertificate(t, holder.RawIssuer))
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckSignature(elliptic.Raw, root); KindOf(err) != KindAlgorithm {
		t.Errorf("an ECDSA signature: %v", err)
	}
	if err := CheckSignature(holder.Raw, elliptic); KindOf(err) != KindAlgorithm {
		t.Errorf("an ECDSA key: %v", err)
	}
	// one bit of the signed part, where parsing still works: the serial number
	spoilt := bytes.Replace(holder.Raw, []byte{0x02, 0x01, 0x07}, []byte{0x02, 0x01, 0x06}, 1)
	other, err := x509.ParseCertificate(spoilt)
	if err != nil {
		t.Fatal(err)
	}
	if err := VerifyCertificate(other, root); KindOf(err) != KindSignature {
		t.Errorf("a changed certificate: %v", err)
	}
	list.Raw[len(list.Raw)-1] ^= 1
	if err := VerifyCRL(list, root); KindOf(err) != KindSignature {
		t.Errorf("a changed list: %v", err)
	}
	if err := VerifyCRL(list, holder); KindOf(err) != KindIssuer {
		t.Errorf("a list by a holder: %v", err)
	}
}

func TestExamplesOfRFC9215(t *testing.T) {
	rest, err := os.ReadFile("testdata/rfc9215.pem")
	if err != nil {
		t.Fatal(err)
	}
	var issuer *x509.Certificate
	seen := 0
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		seen++
		var err error
		switch block.Type {
		case "CERTIFICATE REQUEST":
			err = VerifyRequest(block.Bytes)
			r, _ := x509.ParseCertificateRequest(block.Bytes)
			if der, _ := parse(t, r.RawSubjectPublicKeyInfo).SPKI(); !bytes.Equal(der, r.RawSubjectPublicKeyInfo) {
				t.Errorf("%d: the key is written as %x", seen, der)
			}
		case "CERTIFICATE":
			if issuer, err = x509.ParseCertificate(block.Bytes); err == nil {
				err = VerifyCertificate(issuer, issuer)
			}
		case "X509 CRL":
			var list *x509.RevocationList
			if list, err = x509.ParseRevocationList(block.Bytes); err == nil {
				err = VerifyCRL(list, issuer)
			}
		}
		if err != nil {
			t.Errorf("%d, %s: %v", seen, block.Type, err)
		}
	}
	if seen != 9 {
		t.Errorf("%d examples", seen)
	}
}

// The public roots of the Russian state authority, which have the combination of old parameters and new algorithm that its accredited
// authorities use.
func TestPublicRoots(t *testing.T) {
	rest, err := os.ReadFile("testdata/roots.pem")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyCertificate(root, root); err != nil {
			t.Errorf("%d: %v", n, err)
		}
		if k := parse(t, root.RawSubjectPublicKeyInfo); k.Set.Name != "CryptoPro-A" {
			t.Errorf("%d: %s", n, k.Set.Name)
		}
		block.Bytes[len(block.Bytes)-1] ^= 1
		if err := CheckSignature(block.Bytes, root); KindOf(err) != KindSignature {
			t.Errorf("%d, changed: %v", n, err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d roots", n)
	}
}

func FuzzReaders(f *testing.F) {
	judge := gosttest.NewJudge(f)
	set, _ := SetNamed("CryptoPro-A")
	o := newOffice(f, judge, set)
	f.Add(o.Holder.SPKI)
	f.Add(o.Read(f, "holder.csr"))
	f.Fuzz(func(t *testing.T, der []byte) {
		ParsePublicKey(der)
		VerifyRequest(der)
	})
}

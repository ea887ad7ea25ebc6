package gost

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"rekey/token/gosttest"
)

func TestWhatOpenSSLSignedForEverySet(t *testing.T) {
	for _, set := range Sets() {
		t.Run(set.Name, func(t *testing.T) {
			t.Parallel()
			judge := gosttest.NewJudge(t)
			o := newOffice(t, judge, set)
			t.Run("certificates", func(t *testing.T) { certificates(t, o) })
			t.Run("message by OpenSSL", func(t *testing.T) { messageByOpenSSL(t, o) })
			t.Run("message by Rekey", func(t *testing.T) { messageByRekey(t, o, judge) })
		})
	}
}

func certificates(t *testing.T, o *office) {
	root, holder := o.certificate(t, "root.pem"), o.certificate(t, "holder.pem")
	list, err := x509.ParseRevocationList(o.read(t, "crl.pem"))
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"root": VerifyCertificate(root, root), "holder": VerifyCertificate(holder, root),
		"list": VerifyCRL(list, root), "request": VerifyRequest(o.read(t, "holder.csr")),
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

func messageByOpenSSL(t *testing.T, o *office) {
	content := []byte("Заявление\n")
	o.write(t, "content", content)
	for name, args := range map[string][]string{
		"with its content": {"-nodetach"}, "detached": nil, "bound": {"-cades"}, "by key identifier": {"-keyid"}, "bare": {"-noattr"},
	} {
		o.openssl(t, "cms", append([]string{"-sign", "-binary", "-in", "content", "-signer", "holder.pem", "-inkey", "holder.key",
			"-certfile", "root.pem", "-outform", "DER", "-out", "message"}, args...)...)
		der := o.read(t, "message")
		detached := content
		if name == "with its content" {
			detached = nil
		}
		m, err := ReadMessage(der, detached)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Equal(m.Content, content) || !m.Signer.Equal(o.certificate(t, "holder.pem")) || len(m.Certificates) != 2 ||
			m.Bound != (name == "bound") || m.SigningTime.IsZero() != (name == "bare") {
			t.Errorf("%s: %+v", name, m)
		}
		if detached != nil {
			if _, err := ReadMessage(der, []byte("another")); KindOf(err) != KindContent && !(name == "bare" && KindOf(err) == KindSignature) {
				t.Errorf("%s, for another content: %v", name, err)
			}
			if _, err := ReadMessage(der, nil); KindOf(err) != KindContent {
				t.Errorf("%s, without content: %v", name, err)
			}
		}
	}
}

func messageByRekey(t *testing.T, o *office, judge *gosttest.Judge) {
	content := []byte("запрос")
	o.write(t, "content", content)
	holder := o.certificate(t, "holder.pem")
	chain := []*x509.Certificate{o.certificate(t, "root.pem")}
	digest := sum(NewHash(o.set.Bits), content)
	for name, m := range map[string]*Message{
		"with its content": {Certificate: holder, Chain: chain, Content: content, SigningTime: time.Now()},
		"detached":         {Certificate: holder, Digest: digest},
	} {
		der, err := m.Sign(context.Background(), o.card(judge))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		o.write(t, "message", der)
		args := []string{"-verify", "-binary", "-inform", "DER", "-in", "message", "-CAfile", "root.pem", "-cades", "-out", "out"}
		if m.Content == nil {
			args = append(args, "-content", "content")
		}
		if said := o.openssl(t, "cms", args...); !strings.Contains(said, "erification successful") {
			t.Errorf("%s: openssl says %s", name, said)
		}
		if got := o.read(t, "out"); !bytes.Equal(got, content) {
			t.Errorf("%s: openssl reads %q", name, got)
		}
		back, err := ReadMessage(der, content)
		if err != nil || !back.Bound || !back.Signer.Equal(holder) {
			t.Errorf("%s: %v", name, err)
		}
		for i := 0; i < len(der); i += 7 { // never good, never a crash
			spoilt := bytes.Clone(der)
			spoilt[i] ^= 0x10
			if back, err := ReadMessage(spoilt, content); err == nil && !bytes.Equal(back.Signer.Raw, holder.Raw) {
				t.Fatalf("%s: byte %d changed, and all is well", name, i)
			}
		}
	}
}

func TestMessagesThatAreNotSigned(t *testing.T) {
	judge := gosttest.NewJudge(t)
	set, _ := SetNamed("tc26-256-A")
	o := newOffice(t, judge, set)
	holder := o.certificate(t, "holder.pem")
	pulled := errors.New("the card was pulled")
	_, err := (&Message{Certificate: holder, Content: []byte("x")}).Sign(context.Background(),
		func(context.Context, []byte, []byte) ([]byte, error) { return nil, pulled })
	if KindOf(err) != KindSigner || !errors.Is(err, pulled) {
		t.Error(err)
	}
	if _, err := (&Message{Certificate: holder}).Sign(context.Background(), o.card(judge)); KindOf(err) != KindContent {
		t.Error(err)
	}
	_, err = (&Message{Certificate: o.certificate(t, "root.pem"), Content: []byte("x")}).Sign(context.Background(), o.card(judge))
	if KindOf(err) != KindSignature {
		t.Errorf("the card of another certificate: %v", err)
	}
}

// OpenSSL's message with the combined identifier in place of the key's: both are in use.
func TestBothSignatureIdentifiers(t *testing.T) {
	judge := gosttest.NewJudge(t)
	set, _ := SetNamed("tc26-512-A")
	o := newOffice(t, judge, set)
	content := []byte("x")
	der, err := (&Message{Certificate: o.certificate(t, "holder.pem"), Content: content}).Sign(context.Background(), o.card(judge))
	if err != nil {
		t.Fatal(err)
	}
	key, combined := unhex("06082a85030701010102"), unhex("06082a85030701010303")
	at := bytes.LastIndex(der, key)
	der = append(append(bytes.Clone(der[:at]), combined...), der[at+len(key):]...)
	if _, err := ReadMessage(der, nil); err != nil {
		t.Error(err)
	}
	o.write(t, "message", der)
	o.openssl(t, "cms", "-verify", "-binary", "-inform", "DER", "-in", "message", "-CAfile", "root.pem", "-out", "out")
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

// signing-certificate-v2 leaves its hash out when that is SHA-256, and may name another.
func TestSigningCertificateWithOtherHashes(t *testing.T) {
	certificate := &x509.Certificate{Raw: []byte("any")}
	short := sha256.Sum256(certificate.Raw)
	long := sha512.Sum512(certificate.Raw)
	named := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}}
	for name, c := range map[string]essCertificate{
		"SHA-256": {Hash: short[:]}, "SHA-512": {Algorithm: named, Hash: long[:]}, "Streebog": {Algorithm: DigestAlgorithm(256), Hash: Sum256(certificate.Raw)},
	} {
		der, err := asn1.Marshal(essCertificates{Certificates: []essCertificate{c}})
		if err != nil {
			t.Fatal(err)
		}
		if err := boundTo(certificate, der); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := boundTo(&x509.Certificate{Raw: []byte("other")}, der); err == nil {
			t.Errorf("%s: bound to another certificate", name)
		}
	}
	der, _ := asn1.Marshal(essCertificates{Certificates: []essCertificate{{Algorithm: SignatureAlgorithm(256), Hash: short[:]}}})
	if err := boundTo(certificate, der); err == nil {
		t.Error("an unknown hash")
	}
}

func FuzzReaders(f *testing.F) {
	judge := gosttest.NewJudge(f)
	set, _ := SetNamed("CryptoPro-A")
	o := newOffice(f, judge, set)
	der, err := (&Message{Certificate: o.certificate(f, "holder.pem"), Content: []byte("x")}).Sign(context.Background(), o.card(judge))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(der)
	f.Add(o.holder.SPKI)
	f.Add(o.read(f, "holder.csr"))
	f.Fuzz(func(t *testing.T, der []byte) {
		ReadMessage(der, nil)
		ReadMessage(der, []byte("x"))
		ParsePublicKey(der)
		VerifyRequest(der)
	})
}

package cms

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"rekey/app/gost"
	"rekey/token/gosttest"
)

// engineName is what OpenSSL's gost engine calls a parameter set that it does not know by its OID.
var engineName = map[string]string{"tc26-256-B": "TCB", "tc26-256-C": "TCC", "tc26-256-D": "TCD"}

func newOffice(t testing.TB, name string) (*gosttest.Office, *Message, GOSTSigner) {
	t.Helper()
	set, _ := gost.SetNamed(name)
	known := engineName[name]
	if known == "" {
		known = set.OID.String()
	}
	o := gosttest.NewOffice(t, gosttest.NewJudge(t), set.Bits, known)
	holder := o.Certificate(t, "holder.pem")
	message, err := New(holder, []*x509.Certificate{o.Certificate(t, "root.pem")})
	if err != nil {
		t.Fatal(err)
	}
	k, err := gost.ParsePublicKey(o.Holder.SPKI)
	if err != nil {
		t.Fatal(err)
	}
	return o, message, GOSTSigner{k, o.Sign}
}

func TestGOSTMessagesOfEverySet(t *testing.T) {
	for _, set := range gost.Sets() {
		t.Run(set.Name, func(t *testing.T) {
			t.Parallel()
			o, message, card := newOffice(t, set.Name)
			messageByOpenSSL(t, o)
			messageByRekey(t, o, message, card)
		})
	}
}

func messageByOpenSSL(t *testing.T, o *gosttest.Office) {
	content := []byte("Заявление\n")
	o.Write(t, "content", content)
	for name, args := range map[string][]string{
		"with its content": {"-nodetach"}, "detached": nil, "bound": {"-cades"}, "by key identifier": {"-keyid"}, "bare": {"-noattr"},
	} {
		o.OpenSSL(t, "cms", append([]string{"-sign", "-binary", "-in", "content", "-signer", "holder.pem", "-inkey", "holder.key",
			"-certfile", "root.pem", "-outform", "DER", "-out", "message"}, args...)...)
		der := o.Read(t, "message")
		detached := content
		if name == "with its content" {
			detached = nil
		}
		m, err := ReadGOST(der, detached)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Equal(m.Content, content) || !m.Signer.Equal(o.Certificate(t, "holder.pem")) || len(m.Certificates) != 2 ||
			m.Bound != (name == "bound") || m.SigningTime.IsZero() != (name == "bare") {
			t.Errorf("%s: %+v", name, m)
		}
		if detached != nil {
			if _, err := ReadGOST(der, []byte("another")); gost.KindOf(err) != gost.KindContent && !(name == "bare" && gost.KindOf(err) == gost.KindSignature) {
				t.Errorf("%s, for another content: %v", name, err)
			}
			if _, err := ReadGOST(der, nil); gost.KindOf(err) != gost.KindContent {
				t.Errorf("%s, without content: %v", name, err)
			}
		}
	}
}

func messageByRekey(t *testing.T, o *gosttest.Office, m *Message, card GOSTSigner) {
	content := []byte("запрос")
	o.Write(t, "content", content)
	holder := o.Certificate(t, "holder.pem")
	for name, at := range map[string]time.Time{"with its content": time.Now(), "detached": {}} {
		m.SigningTime = at
		signed, err := m.Sign(context.Background(), card, m.Digest().Sum(content))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		args := []string{"-verify", "-binary", "-inform", "DER", "-in", "message", "-CAfile", "root.pem", "-cades", "-out", "out"}
		der, err := signed.Enveloping(content)
		if name == "detached" {
			args = append(args, "-content", "content")
			der, err = signed.Detached(NewAttribute(OIDTimeStampToken, []byte{4, 1, 'x'}))
		}
		if err != nil {
			t.Fatal(err)
		}
		o.Write(t, "message", der)
		if said := o.OpenSSL(t, "cms", args...); !strings.Contains(said, "erification successful") {
			t.Errorf("%s: openssl says %s", name, said)
		}
		if got := o.Read(t, "out"); !bytes.Equal(got, content) {
			t.Errorf("%s: openssl reads %q", name, got)
		}
		back, err := ReadGOST(der, content)
		if err != nil || !back.Bound || !back.Signer.Equal(holder) || !bytes.Equal(back.Signature, signed.Signature()) {
			t.Fatalf("%s: %v", name, err)
		}
		if stamp, ok := back.Unsigned(OIDTimeStampToken); ok != (name == "detached") || ok && !bytes.Equal(stamp, []byte{4, 1, 'x'}) {
			t.Errorf("%s: unsigned attribute %x", name, stamp)
		}
		if longest, err := m.Size(); err != nil || name == "detached" && len(der) > longest+64 {
			t.Errorf("%d bytes, at most %d were said, %v", len(der), longest, err)
		}
		for i := 0; i < len(der); i += 7 { // never good, never a crash
			spoilt := bytes.Clone(der)
			spoilt[i] ^= 0x10
			if back, err := ReadGOST(spoilt, content); err == nil && !bytes.Equal(back.Signer.Raw, holder.Raw) {
				t.Fatalf("%s: byte %d changed, and all is well", name, i)
			}
		}
	}
}

func TestGOSTMessagesThatAreNotSigned(t *testing.T) {
	o, m, card := newOffice(t, "tc26-256-A")
	pulled := errors.New("the card was pulled")
	digest := m.Digest().Sum([]byte("x"))
	gone := GOSTSigner{card.Key, func(context.Context, []byte, []byte) ([]byte, error) { return nil, pulled }}
	if _, err := m.Sign(context.Background(), gone, digest); !errors.Is(err, pulled) || errors.Is(err, ErrMismatch) {
		t.Error(err)
	}
	if _, err := m.Sign(context.Background(), card, digest[1:]); err == nil {
		t.Error("a digest that is too short")
	}
	if _, err := m.Sign(context.Background(), liar{}, digest); err == nil {
		t.Error("a signer of another kind")
	}
	other, err := New(o.Certificate(t, "root.pem"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Sign(context.Background(), card, digest); !errors.Is(err, ErrMismatch) {
		t.Errorf("the card of another certificate: %v", err)
	}
	if _, err := card.Sign(nil, digest, nil); err == nil {
		t.Error("a GOST key as a crypto.Signer")
	}
	now := time.Now()
	if err := CheckCertificate(o.Certificate(t, "holder.pem"), card.Public(), now); err != nil {
		t.Error(err)
	}
	if err := CheckCertificate(o.Certificate(t, "root.pem"), card.Public(), now); err == nil {
		t.Error("the certificate of another key")
	}
}

// OpenSSL's message with the combined identifier in place of the key's: both are in use.
func TestBothSignatureIdentifiers(t *testing.T) {
	o, m, card := newOffice(t, "tc26-512-A")
	content := []byte("x")
	signed, err := m.Sign(context.Background(), card, m.Digest().Sum(content))
	if err != nil {
		t.Fatal(err)
	}
	der, err := signed.Enveloping(content)
	if err != nil {
		t.Fatal(err)
	}
	key, _ := hex.DecodeString("06082a85030701010102")
	combined, _ := hex.DecodeString("06082a85030701010303")
	at := bytes.LastIndex(der, key)
	der = append(append(bytes.Clone(der[:at]), combined...), der[at+len(key):]...)
	if _, err := ReadGOST(der, nil); err != nil {
		t.Error(err)
	}
	o.Write(t, "message", der)
	o.OpenSSL(t, "cms", "-verify", "-binary", "-inform", "DER", "-in", "message", "-CAfile", "root.pem", "-out", "out")
}

// signing-certificate-v2 leaves its hash out when that is SHA-256, and may name another.
func TestSigningCertificateWithOtherHashes(t *testing.T) {
	certificate := []byte("any")
	short, long := sha256.Sum256(certificate), sha512.Sum512(certificate)
	named := pkix.AlgorithmIdentifier{Algorithm: oidSHA512}
	for name, c := range map[string]essCertificate{
		"SHA-256": {Hash: short[:]}, "SHA-512": {Algorithm: named, Hash: long[:]},
		"Streebog": {Algorithm: gost.DigestAlgorithm(256), Hash: gost.Sum256(certificate)},
	} {
		der, err := asn1.Marshal(essCertificates{Certificates: []essCertificate{c}})
		if err != nil {
			t.Fatal(err)
		}
		if d, want, ok := binding(der); !ok || !bytes.Equal(d.Sum(certificate), want) || bytes.Equal(d.Sum([]byte("other")), want) {
			t.Errorf("%s: %v %x", name, ok, want)
		}
	}
	der, _ := asn1.Marshal(essCertificates{Certificates: []essCertificate{{Algorithm: gost.SignatureAlgorithm(256), Hash: short[:]}}})
	if _, _, ok := binding(der); ok {
		t.Error("an unknown hash")
	}
}

func FuzzReadGOST(f *testing.F) {
	_, m, card := newOffice(f, "CryptoPro-A")
	signed, err := m.Sign(context.Background(), card, m.Digest().Sum([]byte("x")))
	if err != nil {
		f.Fatal(err)
	}
	der, err := signed.Enveloping([]byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(der)
	f.Fuzz(func(t *testing.T, der []byte) {
		for _, content := range [][]byte{nil, []byte("x")} {
			if m, err := ReadGOST(der, content); err == nil {
				m.Unsigned(OIDTimeStampToken)
			}
		}
	})
}

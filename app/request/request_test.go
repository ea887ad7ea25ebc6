package request

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// card stands for the key on a card: it counts, and it can lie.
type card struct {
	crypto.Signer
	calls int
	sign  func(digest []byte, opts crypto.SignerOpts) ([]byte, error)
}

func (c *card) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	c.calls++
	if c.sign != nil {
		return c.sign(digest, opts)
	}
	return c.Signer.Sign(r, digest, opts)
}

func rsaKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func ecKey(t testing.TB, c elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func turkish(t testing.TB) []byte {
	return subject(t, []Attr{
		{"serial-number", "10000000146", Printable},
		{"country", "TR", Printable},
		{"common-name", "ŞULE ÇIĞIR ÖĞÜTÇÜ", UTF8},
	})
}

func russian(t testing.TB) []byte {
	return subject(t, []Attr{
		{"common-name", "ООО «Учебная больница»", UTF8},
		{"surname", "Щукина", UTF8},
		{"given-name", "Шарлотта Иванова", UTF8},
		{"email", "head@example.test", IA5},
		{"ogrn", "1000000000008", Numeric},
		{"snils", "11223344595", Numeric},
		{"innle", "0000000000", Numeric},
		{"country", "RU", Printable},
	})
}

func subject(t testing.TB, attrs []Attr) []byte {
	t.Helper()
	der, err := NewSubject(attrs)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// openssl is the judge; a missing one fails the test.
func openssl(t *testing.T, in []byte, args ...string) string {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestOpenSSLAcceptsEveryRequest(t *testing.T) {
	keys := map[string]crypto.Signer{
		"RSA-2048": rsaKey(t, 2048), "P-256": ecKey(t, elliptic.P256()), "P-384": ecKey(t, elliptic.P384()),
	}
	exts := []pkix.Extension{
		KeyUsage(KeyUsageRussian),
		ExtendedKeyUsage(UsageClientAuth, UsageEmailProtection, UsageCryptoProUser),
		SubjectSignTool("СКЗИ «Щит»"),
		IdentificationKind(IdentifiedByCertificate),
	}
	for name, key := range keys {
		t.Run(name, func(t *testing.T) {
			for shape, name := range map[string][]byte{"Turkish": turkish(t), "Russian": russian(t)} {
				signer := &card{Signer: key}
				der, err := New(context.Background(), signer, name, exts)
				if err != nil {
					t.Fatalf("%s: %v", shape, err)
				}
				if signer.calls != 1 {
					t.Errorf("%s: the card signed %d times", shape, signer.calls)
				}
				if !bytes.Contains(der, name) {
					t.Errorf("%s: the subject is not in the request byte for byte", shape)
				}
				said := openssl(t, PEM(der), "req", "-verify", "-noout", "-text")
				for _, want := range []string{"self-signature verify OK",
					"Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment", "E-mail Protection", "1.2.643.2.2.34.6"} {
					if !strings.Contains(said, want) {
						t.Errorf("%s: openssl does not say %q:\n%s", shape, want, said)
					}
				}
			}
		})
	}
}

func TestStringTypesAsOpenSSLSeesThem(t *testing.T) {
	der, err := New(context.Background(), ecKey(t, elliptic.P256()), russian(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	tree := openssl(t, der, "asn1parse", "-inform", "DER")
	for _, want := range []string{"NUMERICSTRING     :11223344595", "NUMERICSTRING     :0000000000", "PRINTABLESTRING   :RU", "IA5STRING         :head@example.test"} {
		if !strings.Contains(tree, want) {
			t.Errorf("no %q in\n%s", want, tree)
		}
	}
}

func TestExtensionBytes(t *testing.T) {
	for _, c := range []struct {
		name string
		got  pkix.Extension
		want string
	}{
		{"usage 0xF0", KeyUsage(KeyUsageRussian), "030204f0"},
		{"usage of a Turkish certificate", KeyUsage(x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment), "030206c0"},
		{"ninth bit", KeyUsage(x509.KeyUsageDecipherOnly), "0303070080"},
		{"tool", SubjectSignTool("Щ"), "0c02d0a9"},
		{"renewal by certificate", IdentificationKind(IdentifiedByCertificate), "020101"},
	} {
		if got := hex.EncodeToString(c.got.Value); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestSignersThatLieAreRefused(t *testing.T) {
	honest, other := rsaKey(t, 2048), rsaKey(t, 2048)
	removed := errors.New("card removed")
	for _, c := range []struct {
		name string
		kind Kind
		sign func(digest []byte, opts crypto.SignerOpts) ([]byte, error)
	}{
		{"another key", KindMismatch, func(d []byte, o crypto.SignerOpts) ([]byte, error) { return other.Sign(rand.Reader, d, o) }},
		{"rubbish", KindMismatch, func([]byte, crypto.SignerOpts) ([]byte, error) { return make([]byte, 256), nil }},
		{"nothing", KindMismatch, func([]byte, crypto.SignerOpts) ([]byte, error) { return nil, nil }},
		{"another digest", KindMismatch, func(d []byte, o crypto.SignerOpts) ([]byte, error) {
			wrong := sha256.Sum256(d)
			return honest.Sign(rand.Reader, wrong[:], o)
		}},
		{"an error", KindSigner, func([]byte, crypto.SignerOpts) ([]byte, error) { return nil, removed }},
	} {
		t.Run(c.name, func(t *testing.T) {
			signer := &card{Signer: honest, sign: c.sign}
			der, err := New(context.Background(), signer, turkish(t), nil)
			if der != nil || KindOf(err) != c.kind {
				t.Fatalf("got %d bytes, %v; want kind %s", len(der), err, c.kind)
			}
			if signer.calls != 1 {
				t.Errorf("the card signed %d times", signer.calls)
			}
			if c.kind == KindSigner && !errors.Is(err, removed) {
				t.Errorf("the card's own error is lost: %v", err)
			}
		})
	}
}

func TestBadInputNeverReachesTheCard(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	good := ecKey(t, elliptic.P256())
	for _, c := range []struct {
		name    string
		ctx     context.Context
		key     crypto.Signer
		subject []byte
		kind    Kind
	}{
		{"no subject", context.Background(), good, nil, KindSubject},
		{"empty subject", context.Background(), good, []byte{0x30, 0}, KindSubject},
		{"subject with a tail", context.Background(), good, append(turkish(t), 0), KindSubject},
		{"no name", context.Background(), good, []byte{0x30, 3, 2, 1, 5}, KindSubject},
		{"curve P-224", context.Background(), ecKey(t, elliptic.P224()), turkish(t), KindKey},
		{"cancelled", cancelled, good, turkish(t), KindSigner},
	} {
		signer := &card{Signer: c.key}
		if _, err := New(c.ctx, signer, c.subject, nil); KindOf(err) != c.kind {
			t.Errorf("%s: %v, want kind %s", c.name, err, c.kind)
		}
		if signer.calls != 0 {
			t.Errorf("%s: the card was asked", c.name)
		}
	}
}

func TestParseCheckFingerprint(t *testing.T) {
	key := ecKey(t, elliptic.P256())
	der, err := New(context.Background(), key, turkish(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string][]byte{"DER": der, "PEM": PEM(der),
		"old PEM": bytes.ReplaceAll(PEM(der), []byte("CERTIFICATE REQUEST"), []byte("NEW CERTIFICATE REQUEST"))} {
		r, err := Parse(form)
		if err != nil || !bytes.Equal(r.Raw, der) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, rubbish := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "half": der[:len(der)/2],
		"certificate": []byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")} {
		if _, err := Parse(rubbish); KindOf(err) != KindParse {
			t.Errorf("%s: %v", name, err)
		}
	}
	at := bytes.Index(der, []byte("10000000146"))
	der[at]++
	if err := Check(der); KindOf(err) != KindMismatch {
		t.Errorf("a changed request passed: %v", err)
	}
	spki, _ := x509.MarshalPKIXPublicKey(key.Public())
	sum := sha256.Sum256(spki)
	if got := Fingerprint(spki); got != hex.EncodeToString(sum[:]) || len(got) != 64 {
		t.Errorf("fingerprint %s", got)
	}
}

func BenchmarkRequest(b *testing.B) {
	for name, key := range map[string]crypto.Signer{"RSA-2048": rsaKey(b, 2048), "P-256": ecKey(b, elliptic.P256())} {
		name, key, subject := name, key, russian(b)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := New(context.Background(), key, subject, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBareSign(b *testing.B) {
	digest := make([]byte, 32)
	for name, key := range map[string]crypto.Signer{"RSA-2048": rsaKey(b, 2048), "P-256": ecKey(b, elliptic.P256())} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := key.Sign(rand.Reader, digest, crypto.SHA256); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

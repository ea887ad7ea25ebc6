package request

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rekey/app/gost"
	"rekey/token/gosttest"
)

// gostCard signs with a key that OpenSSL holds; it counts, and it can lie.
type gostCard struct {
	judge *gosttest.Judge
	key   gosttest.Key
	calls int
	turn  func(signature []byte) []byte
}

func (c *gostCard) sign(_ context.Context, digest, message []byte) ([]byte, error) {
	c.calls++
	signature := c.judge.Sign(c.key, digest)
	if c.turn != nil {
		signature = c.turn(signature)
	}
	return signature, nil
}

func (c *gostCard) public(t testing.TB) *gost.PublicKey {
	t.Helper()
	k, err := gost.ParsePublicKey(c.key.SPKI)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newGOSTCard(t testing.TB, judge *gosttest.Judge, set *gost.Set) *gostCard {
	t.Helper()
	name := set.OID.String()
	if last, ok := strings.CutPrefix(set.Name, "tc26-256-"); ok {
		name = "TC" + last
	}
	return &gostCard{judge: judge, key: judge.Generate(set.Bits, name)}
}

var russianExtensions = []pkix.Extension{
	KeyUsage(KeyUsageRussian),
	ExtendedKeyUsage(UsageClientAuth, UsageEmailProtection, UsageCryptoProUser),
	SubjectSignTool("СКЗИ «Щит»"),
	IdentificationKind(IdentifiedByCertificate),
	PrivateKeyUsagePeriod(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), time.Date(2028, 2, 21, 12, 0, 0, 0, time.UTC)),
}

func TestOpenSSLAcceptsEveryGOSTRequest(t *testing.T) {
	judge := gosttest.NewJudge(t)
	for _, set := range gost.Sets() {
		card := newGOSTCard(t, judge, set)
		key := card.public(t)
		der, err := NewGOST(context.Background(), key, card.sign, russian(t), russianExtensions)
		if set.Test {
			if KindOf(err) != KindKey || card.calls > 0 {
				t.Errorf("%s: %v", set.Name, err)
			}
			continue
		}
		if err != nil || card.calls != 1 {
			t.Fatalf("%s: %v, %d signatures", set.Name, err, card.calls)
		}
		said := openssl(t, PEM(der), "req", "-engine", "gost", "-verify", "-noout", "-text")
		for _, want := range []string{"self-signature verify OK",
			"Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment", "E-mail Protection", "1.2.643.2.2.34.6",
			"Not Before: Nov 21 12:00:00 2026 GMT, Not After: Feb 21 12:00:00 2028 GMT"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: openssl does not say %q:\n%s", set.Name, want, said)
			}
		}
		tree := openssl(t, der, "asn1parse", "-inform", "DER")
		for _, want := range []string{"NUMERICSTRING     :11223344595", "NUMERICSTRING     :0000000000", "Extension Request"} {
			if !strings.Contains(tree, want) {
				t.Errorf("%s: openssl does not see %q", set.Name, want)
			}
		}
		if err := CheckGOST(der); err != nil {
			t.Errorf("%s: %v", set.Name, err)
		}
		der[len(der)-1] ^= 1
		if err := CheckGOST(der); KindOf(err) != KindMismatch {
			t.Errorf("%s: a spoilt request: %v", set.Name, err)
		}
	}
}

func TestGOSTRequestWithoutExtensions(t *testing.T) {
	judge := gosttest.NewJudge(t)
	set, _ := gost.SetNamed("tc26-256-A")
	card := newGOSTCard(t, judge, set)
	der, err := NewGOST(context.Background(), card.public(t), card.sign, turkish(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	openssl(t, PEM(der), "req", "-engine", "gost", "-verify", "-noout")
}

func TestCardInAnotherOrderMakesNoRequest(t *testing.T) {
	judge := gosttest.NewJudge(t)
	set, _ := gost.SetNamed("tc26-512-A")
	card := newGOSTCard(t, judge, set)
	for name, turn := range map[string]func([]byte) []byte{
		"r before s":                        func(s []byte) []byte { return slices.Concat(s[64:], s[:64]) },
		"r before s, numbers little endian": func(s []byte) []byte { slices.Reverse(s); return s },
	} {
		card.turn = turn
		der, err := NewGOST(context.Background(), card.public(t), card.sign, russian(t), nil)
		var order *gost.OrderError
		if der != nil || KindOf(err) != KindMismatch || !errors.As(err, &order) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	card.turn = func(s []byte) []byte { s[5] ^= 1; return s }
	var order *gost.OrderError
	if _, err := NewGOST(context.Background(), card.public(t), card.sign, russian(t), nil); KindOf(err) != KindMismatch || errors.As(err, &order) {
		t.Errorf("a wrong signature: %v", err)
	}
}

func TestGOSTCardThatFails(t *testing.T) {
	judge := gosttest.NewJudge(t)
	set, _ := gost.SetNamed("tc26-256-B")
	card := newGOSTCard(t, judge, set)
	gone := errors.New("the card was pulled")
	fails := func(context.Context, []byte, []byte) ([]byte, error) { return nil, gone }
	if _, err := NewGOST(context.Background(), card.public(t), fails, russian(t), nil); KindOf(err) != KindSigner || !errors.Is(err, gone) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := NewGOST(ctx, card.public(t), card.sign, russian(t), nil); KindOf(err) != KindSigner || card.calls > 0 {
		t.Error(err)
	}
	if _, err := NewGOST(context.Background(), card.public(t), card.sign, []byte{0x30, 0}, nil); KindOf(err) != KindSubject || card.calls > 0 {
		t.Error(err)
	}
}

// A renewal: the subject of the current GOST certificate, byte for byte.
func TestGOSTRenewalKeepsTheSubject(t *testing.T) {
	judge := gosttest.NewJudge(t)
	set, _ := gost.SetNamed("CryptoPro-XchA")
	card := newGOSTCard(t, judge, set)
	first, err := NewGOST(context.Background(), card.public(t), card.sign, russian(t), russianExtensions)
	if err != nil {
		t.Fatal(err)
	}
	keyFile := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(keyFile, card.key.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	text := openssl(t, PEM(first), "x509", "-engine", "gost", "-req", "-signkey", keyFile, "-days", "30", "-outform", "PEM")
	_, text, _ = strings.Cut(text, "-----BEGIN") // openssl chats before it
	block, _ := pem.Decode([]byte("-----BEGIN" + text))
	if block == nil {
		t.Fatal(text)
	}
	current, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	subject, err := Subject(current, nil)
	if err != nil {
		t.Fatal(err)
	}
	next := newGOSTCard(t, judge, set)
	der, err := NewGOST(context.Background(), next.public(t), next.sign, subject, russianExtensions)
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := Parse(der); !slices.Equal(r.RawSubject, russian(t)) {
		t.Errorf("the subject became %x", r.RawSubject)
	}
}

// The example of RFC 9215 for tc26-256-A, byte for byte, from its key and its signature.
func TestRequestOfRFC9215(t *testing.T) {
	text, err := os.ReadFile("../gost/testdata/rfc9215.pem")
	if err != nil {
		t.Fatal(err)
	}
	var want *x509.CertificateRequest
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if r, err := x509.ParseCertificateRequest(block.Bytes); err == nil && len(r.Raw) == 205 {
			want = r
		}
	}
	if want == nil {
		t.Fatal("the example is missing")
	}
	key, err := gost.ParsePublicKey(want.RawSubjectPublicKeyInfo)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(context.Context, []byte, []byte) ([]byte, error) { return want.Signature, nil }
	der, err := NewGOST(context.Background(), key, sign, want.RawSubject, nil)
	if err != nil || !slices.Equal(der, want.Raw) {
		t.Errorf("%x, %v", der, err)
	}
}

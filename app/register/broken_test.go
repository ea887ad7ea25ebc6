package register

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patched replaces one spot in a certificate; a spot that is not there fails the test.
func patched(t testing.TB, der, old, with []byte) []byte {
	t.Helper()
	if !bytes.Contains(der, old) || len(old) != len(with) {
		t.Fatalf("%x is not in the certificate", old)
	}
	return bytes.Replace(bytes.Clone(der), old, with, 1)
}

// brokenOnes are certificates as bad cards give them, by the word for their problem.
func brokenOnes(t testing.TB) map[string][][]byte {
	good := makeCertificate(t, russian(t), nil)
	named := func(tag int, value string) []byte {
		return makeCertificate(t, nameDER(t, part{"2.5.4.3", asn1.TagUTF8String, "Щукина"}, part{"2.5.4.10", tag, value}), nil)
	}
	bits := []byte{0x55, 0x1d, 0x0f, 1, 1, 0xff}
	twice := makeCertificate(t, russian(t), func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: oid(t, "1.2.3.4"), Value: []byte{5, 0}}, {Id: oid(t, "1.2.3.5"), Value: []byte{5, 0}}}
	})
	return map[string][][]byte{
		"empty":             {nil, {}},
		"not-a-certificate": {[]byte("hello"), {0x30, 0}, {0x30, 0x80, 0, 0}, bytes.Repeat([]byte{0xff}, 500), {0x30, 3, 2, 1, 1}},
		"truncated":         {{0x30}, bytes.Repeat([]byte{0x30, 0x84}, 4000), good[:4], good[:len(good)/3], good[:len(good)/2], good[:len(good)-1]},
		"trailing":          {append(bytes.Clone(good), 1, 2, 3), append(bytes.Clone(good), good...)},
		"negative-serial":   {patched(t, good, []byte{2, 2, 0x0a, 0x0b}, []byte{2, 2, 0xfa, 0x0b})},
		"dates": {
			makeCertificate(t, russian(t), func(c *x509.Certificate) { c.NotAfter = c.NotBefore.AddDate(-5, 0, 0) }),
			patched(t, good, []byte("251121120000Z"), []byte("259921120000Z")),
			patched(t, good, []byte("261214120000Z"), []byte("aaaaaaaaaaaaa")),
		},
		"name": {
			named(asn1.TagUTF8String, strings.Repeat("Ж", 32000)),
			named(asn1.TagUTF8String, "\xff\xfe"),
			named(asn1.TagBMPString, "\x04\x29\x00"),
			named(tagUniversalString, "\x00\x01"),
		},
		"duplicate-extension": {patched(t, twice, []byte{6, 3, 42, 3, 5}, []byte{6, 3, 42, 3, 4})},
		"unreadable":          {patched(t, good, bits, []byte{0x55, 0x1d, 0x0f, 1, 1, 0x07})},
	}
}

func TestWhatIsWrongIsNamed(t *testing.T) {
	for want, all := range brokenOnes(t) {
		if problems[want] == "" {
			t.Errorf("no sentence for %s", want)
		}
		for i, der := range all {
			c := Parse(der)
			if c.ProblemID != want || c.Problem == "" {
				t.Errorf("%s %d: %q %q", want, i, c.ProblemID, c.Problem)
			}
			if strings.Contains(c.Problem, "Щукина") {
				t.Errorf("%s %d: the reason quotes the holder: %s", want, i, c.Problem)
			}
			if d := Details(English{}, c, noon); len(d) == 0 || d[0].ID != "problem" {
				t.Errorf("%s %d: the details do not begin with the problem", want, i)
			}
			if len(laidOut(c)) > 100_000 {
				t.Errorf("%s %d: %d bytes to show", want, i, len(laidOut(c)))
			}
		}
	}
}

// What comes before the damage is shown.
func TestBrokenOnesShowWhatTheyCan(t *testing.T) {
	all := brokenOnes(t)
	for _, c := range []Certificate{Parse(all["truncated"][5]), Parse(all["negative-serial"][0]), Parse(all["trailing"][0]), Parse(all["dates"][2]), Parse(all["duplicate-extension"][0])} {
		if c.HolderName != "Щукина Шарлотта Иванова" || c.Serial == "" || len(c.Issuer) == 0 {
			t.Errorf("%s: holder %q, serial %q, issuer %v", c.ProblemID, c.HolderName, c.Serial, c.Issuer)
		}
	}
	if c := Parse(all["negative-serial"][0]); c.Serial != "-05f5" {
		t.Errorf("serial %s", c.Serial)
	}
	if got := Parse(all["duplicate-extension"][0]).Extensions(); len(got) < 4 {
		t.Errorf("%d extensions", len(got))
	}
	for _, der := range all["name"] {
		if c := Parse(der); c.HolderName != "Щукина" || len(c.Subject[1].Value) > 5000 {
			t.Errorf("holder %q beside %.40q", c.HolderName, c.Subject[1].Value)
		}
	}
}

// A good one among broken ones keeps its place and state.
func TestBrokenOnesHideNothing(t *testing.T) {
	var entries []Entry
	for _, all := range brokenOnes(t) {
		for _, der := range all {
			entries = append(entries, Entry{Certificate: Parse(der), KeyOnCard: KeyUnknown})
		}
	}
	good := Parse(makeCertificate(t, turkish(t), nil))
	entries = append(entries, Entry{Certificate: good, KeyOnCard: KeyYes})
	out := States(entries, nil, noon)
	if len(out) != len(entries) || out[len(out)-1].State != StateCurrent {
		t.Errorf("the good one is %s", out[len(out)-1].State)
	}
	for _, e := range out[:len(out)-1] {
		if e.State == StateCurrent || e.State == StateNew {
			t.Errorf("%s is %s", e.ProblemID, e.State)
		}
	}
}

func TestAbsurdButReadable(t *testing.T) {
	c := Parse(makeCertificate(t, turkish(t), func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
		c.SerialNumber = new(big.Int).Lsh(big.NewInt(1), 150)
	}))
	if c.Problem != "" && c.ProblemID != "dates" {
		t.Errorf("%s: %s", c.ProblemID, c.Problem)
	}
	if days := c.DaysLeft(noon); days != 2912118 {
		t.Errorf("%d days", days)
	}
}

// FuzzParse: nothing that a card gives makes a panic or an endless answer. Seeds are in testdata/fuzz/FuzzParse,
// and each kind of broken certificate.
func FuzzParse(f *testing.F) {
	for _, all := range brokenOnes(f) {
		for _, der := range all {
			if len(der) < 10_000 {
				f.Add(der)
			}
		}
	}
	for _, name := range []string{"gost.pem", "full.pem"} {
		f.Add(readPEM(f, filepath.Join("testdata", name)))
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		c := Parse(der)
		if len(c.Fingerprint) != 64 || c.X509 == nil && c.Problem == "" || (c.Problem == "") != (c.ProblemID == "") {
			t.Errorf("%q %q", c.Problem, c.ProblemID)
		}
		if n := len(laidOut(c)); n > 40*len(der)+1_000_000 {
			t.Errorf("%d bytes to show for %d", n, len(der))
		}
		Chain(c, []Certificate{c, Parse(der)})
		States([]Entry{{Certificate: c}}, nil, noon)
		DistinguishedName(c.Subject)
	})
}

// FuzzBundle: the same for files.
func FuzzBundle(f *testing.F) {
	for _, name := range []string{"gost.pem", "full.pem", "bundle.p7b"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte{0x30, 0x80})
	f.Fuzz(func(t *testing.T, data []byte) {
		if all, err := Bundle(data); err == nil && len(all) == 0 {
			t.Error("neither a certificate nor an error")
		}
	})
}

package register

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"testing"
)

// issue makes a certificate of an authority or a person, signed by parent; without a parent by its own key.
func issue(t testing.TB, name string, ca bool, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: noon, NotAfter: noon.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageContentCommitment, BasicConstraintsValid: true, IsCA: ca}
	if ca {
		c.KeyUsage = x509.KeyUsageCertSign
	}
	if parent == nil {
		parent, parentKey = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), parentKey)
	if err != nil {
		t.Fatal(err)
	}
	return Parse(der), key
}

func told(chain []Link) string {
	var all []string
	for _, l := range chain {
		all = append(all, l.HolderName+" "+l.Signed)
	}
	return strings.Join(all, ", ")
}

func TestChain(t *testing.T) {
	root, rootKey := issue(t, "Root", true, nil, nil)
	middle, middleKey := issue(t, "Middle", true, root.X509, rootKey)
	person, personKey := issue(t, "Person", false, middle.X509, middleKey)
	otherRoot, _ := issue(t, "Root", true, nil, nil)
	byPerson, _ := issue(t, "Pretender", false, person.X509, personKey)
	forged := Parse(person.DER)
	copied := *forged.X509
	copied.Signature = append([]byte{}, copied.Signature...)
	copied.Signature[len(copied.Signature)-1] ^= 1
	forged.X509 = &copied
	gost := Parse(readPEM(t, "testdata/gost.pem"))

	for name, c := range map[string]struct {
		of   Certificate
		pool []Certificate
		want string
	}{
		"whole":                     {person, []Certificate{otherRoot, root, middle, person}, "Person checked, Middle checked, Root checked"},
		"nothing known":             {person, nil, "Person no-issuer"},
		"no root":                   {person, []Certificate{middle}, "Person checked, Middle no-issuer"},
		"another root of this name": {middle, []Certificate{otherRoot}, "Middle no-issuer"},
		"signed by a person":        {byPerson, []Certificate{person, middle}, "Pretender no-issuer"},
		"changed":                   {forged, []Certificate{middle}, "Person bad"},
		"broken":                    {Parse([]byte{0x30}), []Certificate{root}, " unreadable"},
		"broken in the pool":        {person, []Certificate{Parse(middle.DER[:300]), middle, root}, "Person checked, Middle checked, Root checked"},
		"GOST":                      {gost, []Certificate{gost}, "Щукина Шарлотта Иванова checked"},
	} {
		if got := told(Chain(c.of, c.pool)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

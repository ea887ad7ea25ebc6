package ui

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"rekey/app/register"
)

// authority signs one certificate of a Turkish doctor (invented) with a key that is thrown away, and gives both.
func authority(t testing.TB) (root, doctor register.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := x509.ParseOID("2.16.792.1.2.1.1.5.7.1.1")
	if err != nil {
		t.Fatal(err)
	}
	sign := func(x, issuer *x509.Certificate) register.Certificate {
		der, err := x509.CreateCertificate(rand.Reader, x, issuer, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return register.Parse(der)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{Country: []string{"TR"}, Organization: []string{"Deneme Kurumu"}, CommonName: "Demo NES Sağlayıcısı v4"},
		NotBefore: fakeNow.AddDate(-5, 0, 0), NotAfter: fakeNow.AddDate(5, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1, 2, 3}}
	holder := &x509.Certificate{SerialNumber: big.NewInt(0x0a0b0c0d0e), NotBefore: fakeNow.AddDate(-3, 0, 23), NotAfter: fakeNow.AddDate(0, 0, 23),
		Subject:  pkix.Name{Country: []string{"TR"}, CommonName: "Ayşe Gül ÇAĞLAR", SerialNumber: "10000000146"},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, CRLDistributionPoints: []string{"http://127.0.0.1:9/demo.crl"}, OCSPServer: []string{"http://127.0.0.1:9/ocsp"},
		Policies: []x509.OID{policy}, ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4, 5}, Value: []byte{5, 0}}}}
	return sign(ca, ca), sign(holder, ca)
}

// real gives the first two holders certificates that can be read to the last byte: a Turkish doctor with the issuer on the card, a Russian head.
func real(t testing.TB, d *fakeDesk) {
	t.Helper()
	root, doctor := authority(t)
	d.entries[0].Certificate = doctor
	issuer := d.entries[0]
	issuer.Certificate, issuer.State, issuer.KeyOnCard = root, register.StateOther, register.KeyNo
	text, err := os.ReadFile("../app/register/testdata/full.pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	d.entries[1].Certificate = register.Parse(block.Bytes)
	d.entries = append(d.entries, issuer)
}

// shown is every text of the page.
func (s *stage) shown() string {
	var all []string
	for _, x := range textsOf(s.win.Canvas().Content(), fyne.Position{}, false) {
		all = append(all, x.text.String())
	}
	return strings.Join(all, "\n")
}

func (s *stage) mustShow(yes bool, wanted ...string) {
	s.t.Helper()
	for _, want := range wanted {
		if strings.Contains(s.shown(), want) != yes {
			s.t.Errorf("%q is shown: %v\n%s", want, !yes, s.shown())
		}
	}
}

// TestCertificatePage: everything that the certificate says, its numbers hidden until they are wanted, copied as shown, and back again.
func TestCertificatePage(t *testing.T) {
	d := newFake(t)
	real(t, d)
	s := open(t, d, "tr", "light")
	s.tap("home.details")
	s.onPage("certificate")
	s.mustShow(true, "Ayşe Gül ÇAĞLAR", "T.C. Kimlik No", "100••••••46", "0a0b 0c0d 0e", "Kamu SM NES", "inkâr edilemezlik", "http://127.0.0.1:9/ocsp", "1.2.3.4.5",
		"Demo NES Sağlayıcısı v4", "Yayıncının imzası doğrulandı.", "Kök sertifika", "kartta", "ACS ACR39U", "P-256", "SHA-256 ile ECDSA")
	s.mustShow(false, "10000000146")
	copied := func() string {
		s.tap("certificate.copy")
		return s.app.Clipboard().Content()
	}
	if text := copied(); strings.Contains(text, "10000000146") || !strings.Contains(text, "100••••••46") || !strings.Contains(text, "Parmak izleri\n  SHA-256: "+strings.ToUpper(d.entries[0].Fingerprint[:2])+":") {
		t.Errorf("copied:\n%s", text)
	}
	s.mustShow(true, s.T("certificate.copied.hidden"))
	s.tap("certificate.numbers")
	s.mustShow(true, "10000000146")
	s.mustShow(false, "100••••••46")
	if text := copied(); !strings.Contains(text, "T.C. Kimlik No (2.5.4.5): 10000000146") {
		t.Errorf("copied:\n%s", text)
	}
	s.key(fyne.KeyEscape)
	s.onPage("home")
	if f, ok := s.win.Canvas().Focused().(interface{ ID() string }); !ok || f.ID() != "home.details" {
		t.Errorf("the focus is on %v", s.win.Canvas().Focused())
	}
	s.tap("home.details")
	s.mustShow(false, "10000000146")
	d.entries = d.entries[:2] // without the issuer
	s.reload()
	s.rest()
	s.mustShow(true, "Yayıncı bilinmiyor", "Yayıncının sertifikası burada bilinmiyor.")
	d.entries = d.entries[1:]
	s.reload()
	s.rest()
	s.mustShow(true, s.T("certificate.gone"))
	s.tap("certificate.back")
	s.onPage("home")
}

// TestCertificatePageFromLists: from the choice one comes back to the choice, from the cards to the cards, scrolled as they were.
func TestCertificatePageFromLists(t *testing.T) {
	d := newFake(t)
	real(t, d)
	broken := d.entries[0]
	broken.Certificate, broken.State = register.Parse([]byte{0x30, 0x82, 4, 0, 0x30, 0x03}), register.StateOther
	d.entries = append(d.entries, broken)
	s := open(t, d, "ru", "light")
	s.tap("home.select")
	id := "choose.details." + short(d.entries[1].Fingerprint) // not among those that can be chosen
	s.tap(id)
	s.onPage("certificate")
	s.mustShow(true, "Использование ключа", "шифрование ключей", "КС1", "критическое", "112••••••95", "Корневой сертификат", "Учебная больница")
	s.key(fyne.KeyEscape)
	if !s.has("choose.cancel") || s.page != pageHome {
		t.Fatalf("not back in the choice: %s %v", s.page, s.ids())
	}
	if f, ok := s.win.Canvas().Focused().(interface{ ID() string }); !ok || f.ID() != id {
		t.Errorf("the focus is on %v", s.win.Canvas().Focused())
	}
	s.tap("choose.cancel")
	s.tap("nav.cards")
	s.scrollTo(120)
	before := s.scrolled()
	s.tap("card.details." + short(broken.Fingerprint))
	s.mustShow(true, s.T("register.problem.truncated"), "Сертификат повреждён.")
	if s.sidePage() != pageCards {
		t.Errorf("side bar: %s", s.sidePage())
	}
	s.tap("certificate.back")
	s.onPage("cards")
	if got := s.scrolled(); got != before || before == 0 {
		t.Errorf("scrolled to %v, was %v", got, before)
	}
}

// TestPagesTurnByKeys: a long page without controls is read with the keyboard, whatever has the focus.
func TestPagesTurnByKeys(t *testing.T) {
	d := newFake(t)
	real(t, d)
	s := open(t, d, "en", "light")
	s.tap("home.details")
	at := func() float32 { return pageScroll(s.win.Canvas().Content()).Offset.Y }
	s.key(fyne.KeyPageDown)
	page := at()
	s.key(fyne.KeyDown)
	line := at() - page
	s.key(fyne.KeyEnd)
	end := at()
	s.key(fyne.KeyPageUp)
	if up := end - at(); page < 300 || line < 10 || line > 100 || end <= page || up != page {
		t.Errorf("page %v, line %v, end %v, page up %v", page, line, end, up)
	}
	s.focus("certificate.back")
	s.key(fyne.KeyHome)
	if at() != 0 {
		t.Errorf("at %v", at())
	}
	s.onPage("certificate")
}

// certificatePages shows the certificates of a doctor and of a head of a clinic, as they could really be.
func certificatePages(s *stage, d *fakeDesk, look func(name string)) {
	s.t.Helper()
	before := slices.Clone(d.entries)
	real(s.t, d)
	s.reload()
	s.rest()
	for i, name := range []string{"50-certificate", "51-certificate-long"} {
		s.tapChoice("home.holder", s.view.Holders[i].Key)
		s.tap("home.details")
		if i > 0 {
			s.tap("certificate.numbers")
		}
		s.tap("certificate.copy")
		look(name)
		for turn := range 4 {
			s.key(fyne.KeyPageDown)
			s.picture(fmt.Sprintf("pages/%s-%d-%s-%d", name, turn, s.lang, s.scale))
		}
		s.tap("certificate.back")
	}
	d.entries = before
	s.reload()
	s.rest()
	s.tapChoice("home.holder", s.view.Holders[0].Key)
}

package esign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"strings"
	"testing"
	"time"

	"rekey/app/esign/pdf"
)

func sign(t *testing.T, h holder, pdf []byte) []byte {
	t.Helper()
	h.card.calls = 0
	signed, err := Sign(context.Background(), pdf, h.card, h.cert, []*x509.Certificate{h.ca}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if h.card.calls != 1 {
		t.Fatalf("the card signed %d times", h.card.calls)
	}
	return signed
}

func TestJudgesAcceptTheSignature(t *testing.T) {
	for _, c := range []struct{ kind, name string }{
		{"rsa-2048", "ŞULE (ÇIĞIR) ÖĞÜTÇÜ"},
		{"rsa-2048", "Шарлотта Щукина"},
		{"ec-p256", "Щукина (Ш.) \\ ب"},
		{"ec-p384", "ب (Ш"},
	} {
		t.Run(c.kind+" "+c.name, func(t *testing.T) {
			h := newHolder(t, c.kind, c.name)
			pdf := form(t, c.kind == "rsa-2048")
			signed := sign(t, h, pdf)
			before, after := save(t, "in.pdf", pdf), save(t, "out.pdf", signed)

			said := judge(t, "pdfsig", "-nocert", after)
			for _, want := range []string{"Signature is Valid", "Total document signed", "ETSI.CAdES.detached"} {
				if !strings.Contains(said, want) {
					t.Errorf("pdfsig does not say %q:\n%s", want, said)
				}
			}
			judge(t, "qpdf", "--check", after)
			if a, b := judge(t, "pdftotext", before, "-"), judge(t, "pdftotext", after, "-"); a != b || !strings.Contains(a, "page two") {
				t.Errorf("the text changed from %q to %q", a, b)
			}
			opensslAccepts(t, h, signed)

			found, err := Verify(signed)
			if err != nil || len(found) != 1 {
				t.Fatalf("%v %v", found, err)
			}
			s := found[0]
			if !s.Valid || !s.CoversWhole || s.Level != LevelBB || s.SignerName != c.name || !s.Signer.Equal(h.cert) || time.Since(s.Time) > time.Minute {
				t.Errorf("%+v", s)
			}
		})
	}
}

// opensslAccepts gives openssl the CMS and the signed bytes, cut out of the file by hand.
func opensslAccepts(t *testing.T, h holder, signed []byte) {
	t.Helper()
	cms, r := cut(t, signed)
	content := append(bytes.Clone(signed[:r.first]), signed[r.second:r.end]...)
	cmsFile := save(t, "signature.der", cms)
	said := judge(t, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", cmsFile,
		"-content", save(t, "content.bin", content), "-CAfile", save(t, "ca.pem", pemOf(h.ca)), "-purpose", "any", "-out", save(t, "null", nil))
	if !strings.Contains(strings.ToLower(said), "verification successful") {
		t.Errorf("openssl: %s", said)
	}
	printed := judge(t, "openssl", "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", cmsFile)
	printed, _, _ = strings.Cut(printed, "unsignedAttrs") // a time stamp has a signing time of its own
	if strings.Contains(printed, "signingTime") || !strings.Contains(printed, "signingCertificateV2") {
		t.Errorf("the signed attributes are not those of PAdES B-B:\n%s", printed)
	}
}

// cut takes the first signature out of a file.
func cut(t *testing.T, signed []byte) ([]byte, span) {
	t.Helper()
	f, err := pdf.Open(signed)
	if err != nil {
		t.Fatal(err)
	}
	fields, err := signatureFields(f)
	if err != nil || len(fields) == 0 {
		t.Fatal(fields, err)
	}
	r, err := byteRange(fields[0], len(signed))
	if err != nil {
		t.Fatal(err)
	}
	der, err := contents(fields[0].dict, signed[r.first:r.second])
	if err != nil {
		t.Fatal(err)
	}
	return der, r
}

func TestSecondSignatureKeepsTheFirst(t *testing.T) {
	doctor, officer := newHolder(t, "rsa-2048", "Doctor Ш"), newHolder(t, "ec-p256", "Officer ب")
	first := sign(t, doctor, form(t, true))
	second := sign(t, officer, first)
	if !bytes.HasPrefix(second, first) {
		t.Fatal("the first signature was touched")
	}
	third := sign(t, doctor, second)
	fourth := sign(t, officer, third)
	path := save(t, "four.pdf", fourth)
	judge(t, "qpdf", "--check", path)
	if said := judge(t, "pdfsig", "-nocert", path); strings.Count(said, "Signature is Valid") != 4 {
		t.Errorf("pdfsig: %s", said)
	}
	found, err := Verify(fourth)
	if err != nil || len(found) != 4 {
		t.Fatalf("%v %v", found, err)
	}
	for i, name := range []string{"Doctor Ш", "Officer ب", "Doctor Ш", "Officer ب"} {
		if s := found[i]; !s.Valid || s.SignerName != name || s.CoversWhole != (i == 3) {
			t.Errorf("%d: %+v", i, s)
		}
	}
}

// Form fields, another annotation and an open action have to be there afterwards, as they were.
func TestTheRestOfTheFileStays(t *testing.T) {
	h := newHolder(t, "ec-p256", "Holder")
	base := form(t, false)
	base = bytes.Replace(base, []byte("/Type /Catalog"), []byte("/Type /Catalog /Lang (tr) /AcroForm << /DA (/Helv 0 Tf) /Fields [ << /FT /Tx /T (Signature1) /V (a\\)b) >> ] >>"), 1)
	base = bytes.Replace(base, []byte("/Type /Page\n"), []byte("/Type /Page /Annots [ << /Type /Annot /Subtype /Text /Rect [1 2 3 4] /Contents (note) >> ]\n"), 1)
	signed := sign(t, h, sign(t, h, repairXref(t, base)))
	path := save(t, "rest.pdf", signed)
	judge(t, "qpdf", "--check", path)
	plain := string(throughQPDF(t, signed, "--qdf"))
	for _, want := range []string{"/Lang (tr)", "(a\\)b)", "(note)", "(Signature1)", "(Signature2)", "(Signature3)", "/DA (/Helv 0 Tf)", "/SigFlags 3"} {
		if !strings.Contains(plain, want) {
			t.Errorf("%s is lost", want)
		}
	}
	if said := judge(t, "pdfsig", "-nocert", path); strings.Count(said, "Signature is Valid") != 2 {
		t.Errorf("pdfsig: %s", said)
	}
}

func TestBadInputNeverReachesTheCard(t *testing.T) {
	h := newHolder(t, "ec-p256", "Holder")
	broken := newHolder(t, "ec-p256", "Broken chain")
	broken.ca.Raw = append(broken.ca.Raw, 0)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	pdf := form(t, false)
	xfa := bytes.Replace(bytes.Clone(pdf), []byte("/Type /Catalog"), []byte("/Type /Catalog /AcroForm << /Fields [] /XFA [] >>"), 1)
	encryption := newHolder(t, "ec-p256", "E", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement })
	over := newHolder(t, "ec-p256", "E", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	early := newHolder(t, "ec-p256", "E", func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })
	for _, c := range []struct {
		name string
		ctx  context.Context
		pdf  []byte
		h    holder
		cert *x509.Certificate
		kind Kind
	}{
		{"empty file", context.Background(), nil, h, h.cert, KindNotPDF},
		{"text", context.Background(), []byte("Sayın yetkili,"), h, h.cert, KindNotPDF},
		{"only a header", context.Background(), []byte("%PDF-1.7\n"), h, h.cert, KindPDF},
		{"half a PDF", context.Background(), pdf[:len(pdf)/2], h, h.cert, KindPDF},
		{"XFA form", context.Background(), repairXref(t, xfa), h, h.cert, KindPDF},
		{"encrypted", context.Background(), encrypted(t, pdf), h, h.cert, KindPDF},
		{"other key", context.Background(), pdf, newHolder(t, "ec-p256", "X"), h.cert, KindCertificate},
		{"for encryption", context.Background(), pdf, encryption, encryption.cert, KindCertificate},
		{"ended", context.Background(), pdf, over, over.cert, KindCertificate},
		{"not begun", context.Background(), pdf, early, early.cert, KindCertificate},
		{"broken chain", context.Background(), pdf, broken, broken.cert, KindCertificate},
		{"cancelled", cancelled, pdf, h, h.cert, KindSigner},
	} {
		c.h.card.calls = 0
		got, err := Sign(c.ctx, c.pdf, c.h.card, c.cert, []*x509.Certificate{c.h.ca}, time.Now())
		if got != nil || KindOf(err) != c.kind {
			t.Errorf("%s: %d bytes, %v; want kind %s", c.name, len(got), err, c.kind)
		}
		if c.h.card.calls != 0 {
			t.Errorf("%s: the card was asked", c.name)
		}
	}
}

func repairXref(t *testing.T, pdf []byte) []byte {
	t.Helper()
	return throughQPDF(t, pdf, "--object-streams=disable")
}

func encrypted(t *testing.T, pdf []byte) []byte {
	t.Helper()
	return throughQPDF(t, pdf, "--encrypt", "", "owner", "128", "--use-aes=n", "--")
}

func TestSignersThatLieAreRefused(t *testing.T) {
	h, other := newHolder(t, "rsa-2048", "Holder"), newKey(t, "rsa-2048")
	removed := errors.New("card removed")
	for name, c := range map[string]struct {
		kind Kind
		sign func([]byte, crypto.SignerOpts) ([]byte, error)
	}{
		"other key": {KindMismatch, func(d []byte, o crypto.SignerOpts) ([]byte, error) { return other.Sign(rand.Reader, d, o) }},
		"rubbish":   {KindMismatch, func([]byte, crypto.SignerOpts) ([]byte, error) { return make([]byte, 256), nil }},
		"too long":  {KindMismatch, func([]byte, crypto.SignerOpts) ([]byte, error) { return make([]byte, 1<<20), nil }},
		"error":     {KindSigner, func([]byte, crypto.SignerOpts) ([]byte, error) { return nil, removed }},
	} {
		h.card.calls, h.card.sign = 0, c.sign
		got, err := Sign(context.Background(), form(t, true), h.card, h.cert, nil, time.Now())
		if got != nil || KindOf(err) != c.kind || h.card.calls != 1 {
			t.Errorf("%s: %d bytes, %v, %d calls", name, len(got), err, h.card.calls)
		}
		if c.kind == KindSigner && !errors.Is(err, removed) {
			t.Errorf("the card's own error is lost: %v", err)
		}
	}
}

// A PDF with a cross-reference stream, as office programs write them.
func TestCrossReferenceStream(t *testing.T) {
	h := newHolder(t, "ec-p256", "Holder", func(c *x509.Certificate) { c.Subject = pkix.Name{CommonName: "Stream"} })
	pdf := throughQPDF(t, form(t, true), "--object-streams=generate")
	signed := sign(t, h, sign(t, h, pdf))
	path := save(t, "stream.pdf", signed)
	judge(t, "qpdf", "--check", path)
	if said := judge(t, "pdfsig", "-nocert", path); strings.Count(said, "Signature is Valid") != 2 {
		t.Errorf("pdfsig: %s", said)
	}
}

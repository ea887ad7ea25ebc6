package esign

import (
	"bytes"
	"context"
	"crypto"
	"testing"
	"time"

	pdfread "github.com/digitorus/pdf"
	pdfsign "github.com/digitorus/pdfsign/sign"
)

// foreign signs as another program would: adbe.pkcs7.detached with a signing-time.
func foreign(t *testing.T, h holder, pdf []byte, kind pdfsign.CertType, allowed pdfsign.DocMDPPerm) []byte {
	t.Helper()
	reader, err := pdfread.NewReader(bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = pdfsign.Sign(bytes.NewReader(pdf), &out, reader, int64(len(pdf)), pdfsign.SignData{
		Signature: pdfsign.SignDataSignature{CertType: kind, DocMDPPerm: allowed},
		Signer:    h.card.Signer, DigestAlgorithm: crypto.SHA256, Certificate: h.cert,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSignaturesOfOtherPrograms(t *testing.T) {
	h := newHolder(t, "rsa-2048", "Başka Program")
	pdf := foreign(t, h, form(t, true), pdfsign.ApprovalSignature, 0)
	found, err := Verify(pdf)
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	if s := found[0]; !s.Valid || s.Level != LevelPKCS7 || s.SignerName != "Başka Program" || s.Time.IsZero() {
		t.Errorf("%+v", s)
	}
	found, err = Verify(sign(t, newHolder(t, "ec-p256", "Holder"), pdf))
	if err != nil || len(found) != 2 || !found[0].Valid || found[0].CoversWhole || !found[1].Valid {
		t.Errorf("%+v %v", found, err)
	}
}

func TestAuthorsLockIsKept(t *testing.T) {
	author, h := newHolder(t, "rsa-2048", "Author"), newHolder(t, "ec-p256", "Holder")
	locked := foreign(t, author, form(t, true), pdfsign.CertificationSignature, pdfsign.DoNotAllowAnyChangesPerms)
	_, err := Sign(context.Background(), locked, h.card, h.cert, nil, time.Now())
	if KindOf(err) != KindPDF || h.card.calls != 0 {
		t.Errorf("%v, %d calls", err, h.card.calls)
	}
	open := foreign(t, author, form(t, true), pdfsign.CertificationSignature, pdfsign.AllowFillingExistingFormFieldsAndSignaturesPerms)
	sign(t, h, open)
}

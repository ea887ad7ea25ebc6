package esign

import (
	"bytes"
	"context"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/app/gost"
	"rekey/token/gosttest"
)

// gostHolder has a certificate from openssl's gost engine, and a key that the judge holds.
type gostHolder struct {
	GOSTSigner
	cert  *x509.Certificate
	ca    string // file
	calls int
	turn  func([]byte)
}

func newGOSTHolder(t *testing.T, bits int, set string) *gostHolder {
	t.Helper()
	j := gosttest.NewJudge(t)
	key := j.Generate(bits, set)
	dir := t.TempDir()
	keyFile, caFile, cerFile := filepath.Join(dir, "key.pem"), filepath.Join(dir, "ca.pem"), filepath.Join(dir, "holder.cer")
	if err := os.WriteFile(keyFile, key.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "usage.cnf")
	if err := os.WriteFile(config, []byte("[req]\ndistinguished_name = dn\n[dn]\n[usage]\nkeyUsage = digitalSignature, nonRepudiation\nbasicConstraints = CA:false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	judge(t, "openssl", "req", "-engine", "gost", "-x509", "-newkey", "gost2012_512", "-pkeyopt", "paramset:A", "-nodes", "-keyout", filepath.Join(dir, "ca.key"), "-out", caFile, "-subj", "/CN=CA")
	judge(t, "openssl", "req", "-engine", "gost", "-x509", "-config", config, "-extensions", "usage", "-key", keyFile, "-CA", caFile, "-CAkey", filepath.Join(dir, "ca.key"),
		"-utf8", "-subj", "/C=RU/CN=Щукина Шарлотта", "-outform", "DER", "-out", cerFile)
	der, err := os.ReadFile(cerFile)
	if err != nil {
		t.Fatal(err)
	}
	h := &gostHolder{ca: caFile}
	if h.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	if h.Key, err = gost.ParsePublicKey(key.SPKI); err != nil {
		t.Fatal(err)
	}
	h.Card = func(_ context.Context, digest, _ []byte) ([]byte, error) {
		h.calls++
		signature := j.Sign(key, digest)
		if h.turn != nil {
			h.turn(signature)
		}
		return signature, nil
	}
	return h
}

func TestGOSTSignatureIsTakenByOpenSSL(t *testing.T) {
	for set, bits := range map[string]int{"1.2.643.2.2.35.1": 256, "TCB": 256, "1.2.643.7.1.2.1.2.1": 512} {
		h := newGOSTHolder(t, bits, set)
		in := form(t, false)
		r, err := SignWith(t.Context(), in, h.GOSTSigner, h.cert, Options{})
		if err != nil || h.calls != 1 {
			t.Fatalf("%s: %v, %d calls", set, err, h.calls)
		}
		cms, cutOut := cut(t, r.PDF)
		content := append(bytes.Clone(r.PDF[:cutOut.first]), r.PDF[cutOut.second:cutOut.end]...)
		said := judge(t, "openssl", "cms", "-engine", "gost", "-verify", "-binary", "-inform", "DER", "-in", save(t, "signature.der", cms),
			"-content", save(t, "content.bin", content), "-CAfile", h.ca, "-purpose", "any", "-out", save(t, "null", nil))
		if !strings.Contains(strings.ToLower(said), "verification successful") {
			t.Errorf("%s: openssl: %s", set, said)
		}
		// A second signature leaves the first as it was.
		twice, err := SignWith(t.Context(), r.PDF, h.GOSTSigner, h.cert, Options{})
		if err != nil {
			t.Fatal(err)
		}
		found, err := Verify(twice.PDF)
		if err != nil || len(found) != 2 || !found[0].Valid || !found[1].Valid || found[1].Level != LevelBB || found[1].SignerName == "" {
			t.Errorf("%s: %+v, %v", set, found, err)
		}
		spoilt := bytes.Clone(r.PDF)
		spoilt[len(in)/2] ^= 1
		if found, err := Verify(spoilt); err == nil && len(found) > 0 && found[0].Valid {
			t.Errorf("%s: a changed file is good", set)
		}
	}
}

func TestBadGOSTSignersAreRefused(t *testing.T) {
	h, other := newGOSTHolder(t, 256, "TCB"), newGOSTHolder(t, 256, "TCB")
	in := form(t, false)
	if _, err := SignWith(t.Context(), in, h.GOSTSigner, other.cert, Options{}); KindOf(err) != KindCertificate || h.calls != 0 {
		t.Errorf("another certificate: %v", err)
	}
	if _, err := SignWith(t.Context(), in, h.GOSTSigner, h.cert, Options{At: time.Now().AddDate(5, 0, 0)}); KindOf(err) != KindCertificate || h.calls != 0 {
		t.Errorf("after the end: %v", err)
	}
	h.turn = func(s []byte) { s[3] ^= 1 }
	if _, err := SignWith(t.Context(), in, h.GOSTSigner, h.cert, Options{}); KindOf(err) != KindMismatch || h.calls != 1 {
		t.Errorf("a wrong signature: %v", err)
	}
}

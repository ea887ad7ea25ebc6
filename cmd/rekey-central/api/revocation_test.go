package api

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
)

// issued is a certificate of the demonstration CA for the owner, as PEM, known to the office.
func (b *bench) issued() (data []byte, fingerprint string) {
	b.t.Helper()
	s := b.received("generic")
	b.want(200, b.move("approve", s.ID))
	c := read[central.Case](b.t, b.want(200, b.move("issue", s.ID)))
	data = b.want(200, b.ask(ownerKey, "GET", "/v1/documents/"+c.FromCA[0].SHA256, nil)).body
	block, _ := pem.Decode(data)
	hash := sha256.Sum256(block.Bytes)
	fingerprint = hex.EncodeToString(hash[:])
	known := certificateOf(fingerprint, sumOf("holder"))
	known.Serial = "01" // what a client says about the number is not believed
	b.want(201, b.json(ownerKey, "PUT", "/v1/certificates/"+fingerprint, known))
	return data, fingerprint
}

// stands asks openssl whether a certificate stands with the revocation list as it is now.
func (b *bench) stands(certificate []byte) bool {
	b.t.Helper()
	dir := b.t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			b.t.Fatal(err)
		}
		return path
	}
	root := file("ca.pem", b.want(200, b.ask("", "GET", "/demo/ca.pem", nil)).body)
	list := file("ca.crl", b.want(200, b.ask("", "GET", "/demo/ca.crl", nil)).body)
	leaf, pemList := file("leaf.pem", certificate), filepath.Join(dir, "crl.pem")
	if out, err := exec.Command("openssl", "crl", "-inform", "DER", "-in", list, "-CAfile", root, "-out", pemList).CombinedOutput(); err != nil {
		b.t.Fatalf("%v %s", err, out)
	}
	out, err := exec.Command("openssl", "verify", "-crl_check", "-CAfile", root, "-CRLfile", pemList, leaf).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "certificate revoked") {
		b.t.Fatalf("%v %s", err, out)
	}
	return err == nil
}

func TestRevocation(t *testing.T) {
	b := start(t, t.TempDir())
	first, fingerprint := b.issued()
	second, kept := b.issued()
	if !b.stands(first) || !b.stands(second) {
		t.Fatal("a new certificate does not stand")
	}
	wish, not := wishOf(officetest.ID(t), fingerprint), wishOf(officetest.ID(t), kept)
	b.want(201, b.json(ownerKey, "POST", "/v1/revocations", wish))
	b.want(201, b.json(ownerKey, "POST", "/v1/revocations", not))
	b.want(422, b.json(otherKey, "POST", "/v1/revocations", wishOf(officetest.ID(t), fingerprint))) // nobody revokes another's
	if !b.stands(first) {
		t.Error("a wish alone revokes")
	}
	for range 2 {
		v := read[central.Revocation](t, b.want(200, b.ask(b.officer, "POST", "/v1/revocations/"+wish.ID+"/accept", nil)))
		if v.State != central.Accepted || v.RevokedAt == nil || v.Version != 2 {
			t.Errorf("got %+v", v)
		}
	}
	b.want(200, b.json(b.officer, "POST", "/v1/revocations/"+not.ID+"/decline", central.Return{Why: "no signature on the wish"}))
	if b.stands(first) || !b.stands(second) {
		t.Error("the list holds other certificates than the revoked one")
	}
	list, err := x509.ParseRevocationList(b.want(200, b.ask("", "GET", "/demo/ca.crl", nil)).body)
	if err != nil || len(list.RevokedCertificateEntries) != 1 || list.RevokedCertificateEntries[0].ReasonCode != 1 {
		t.Errorf("%v %+v", err, list)
	}
	now := read[central.Certificate](t, b.want(200, b.ask(ownerKey, "GET", "/v1/certificates/"+fingerprint, nil)))
	if now.RevokedAt == nil || now.Version != 2 {
		t.Errorf("got %+v", now)
	}
	now.RevokedAt, now.Card = nil, "0123456789" // the mark is not the owner's to take away
	now = read[central.Certificate](t, b.want(200, b.json(ownerKey, "PUT", "/v1/certificates/"+fingerprint, now)))
	if now.RevokedAt == nil || now.Version != 3 {
		t.Errorf("got %+v", now)
	}
	feed := b.changes(ownerKey, "").Changes
	last := feed[len(feed)-2:]
	if last[0].Kind != "revocation" || last[0].ID != wish.ID || last[0].State != central.Accepted || last[1].State != central.Declined || last[1].Why == "" {
		t.Errorf("got %+v", last)
	}
}

// A certificate of another authority is marked, and is not in the demonstration CA's list, even when its bytes say its name.
func TestRevocationOfAForeignCertificate(t *testing.T) {
	b := start(t, t.TempDir())
	other := start(t, t.TempDir())
	data, fingerprint := other.issued() // the same name, another key
	document := b.document(ownerKey, "certificate", data)
	known := certificateOf(fingerprint, sumOf("holder"))
	known.Document = document.SHA256
	b.want(201, b.json(ownerKey, "PUT", "/v1/certificates/"+fingerprint, known))
	wish := wishOf(officetest.ID(t), fingerprint)
	b.want(201, b.json(ownerKey, "POST", "/v1/revocations", wish))
	b.want(200, b.ask(b.officer, "POST", "/v1/revocations/"+wish.ID+"/accept", nil))
	if c := read[central.Certificate](t, b.ask(ownerKey, "GET", "/v1/certificates/"+fingerprint, nil)); c.RevokedAt == nil {
		t.Errorf("got %+v", c)
	}
	if list, err := x509.ParseRevocationList(b.want(200, b.ask("", "GET", "/demo/ca.crl", nil)).body); err != nil || len(list.RevokedCertificateEntries) != 0 {
		t.Errorf("%v %+v", err, list)
	}
}

// Whoever has a certificate may ask: its case may be an organisation's, or another account's.
func TestRevocationOfACertificateFromAnothersCase(t *testing.T) {
	b := start(t, t.TempDir())
	data, fingerprint := b.issued()
	b.want(201, b.json(otherKey, "PUT", "/v1/certificates/"+fingerprint, certificateOf(fingerprint, sumOf("holder"))))
	wish := wishOf(officetest.ID(t), fingerprint)
	b.want(201, b.json(otherKey, "POST", "/v1/revocations", wish))
	b.want(200, b.ask(b.officer, "POST", "/v1/revocations/"+wish.ID+"/accept", nil))
	if b.stands(data) {
		t.Error("it stands")
	}
	for _, key := range []string{ownerKey, otherKey} {
		if c := read[central.Certificate](t, b.ask(key, "GET", "/v1/certificates/"+fingerprint, nil)); c.RevokedAt == nil {
			t.Errorf("got %+v", c)
		}
	}
}

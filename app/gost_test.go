package app_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/app/esign"
	"rekey/app/gost"
	"rekey/app/procedure"
	"rekey/app/request"
	"rekey/cmd/rekey-demo/stage"
	"rekey/token"
	"rekey/token/gosttest"
)

// russianCA is an authority that openssl plays with its gost engine.
type russianCA struct {
	t   *testing.T
	dir string
}

func newRussianCA(t *testing.T) *russianCA {
	t.Helper()
	a := &russianCA{t, t.TempDir()}
	a.openssl(nil, "req", "-x509", "-newkey", "gost2012_512", "-pkeyopt", "paramset:A", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "3000",
		"-utf8", "-subj", "/C=RU/CN=Учебный УЦ")
	usage := "keyUsage = digitalSignature, nonRepudiation\nbasicConstraints = CA:false\n"
	if err := os.WriteFile(filepath.Join(a.dir, "usage.cnf"), []byte(usage), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// issue makes a certificate (DER) of a request (DER).
func (a *russianCA) issue(req []byte, days string) []byte {
	a.t.Helper()
	a.openssl(req, "x509", "-req", "-inform", "DER", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", days, "-copy_extensions", "copy", "-extfile", "usage.cnf",
		"-outform", "DER", "-out", "issued.cer")
	der, err := os.ReadFile(filepath.Join(a.dir, "issued.cer"))
	if err != nil {
		a.t.Fatal(err)
	}
	return der
}

func (a *russianCA) openssl(in []byte, command string, args ...string) string {
	a.t.Helper()
	cmd := exec.Command("openssl", append([]string{command, "-engine", "gost"}, args...)...)
	cmd.Dir, cmd.Stdin = a.dir, bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	if err != nil {
		a.t.Fatalf("openssl %s %v: %v\n%s", command, args, err, out)
	}
	return string(out)
}

// gostCard is a card with a GOST key and a certificate of it; what is on it outlives the module.
type gostCard struct {
	path, serial string
	driver       []string
	certificate  []byte
}

// newGOSTCard initialises a card of SoftHSM and gives its person a certificate that ends in so many days.
func newGOSTCard(t *testing.T, p stage.Person, ca *russianCA, days string) *gostCard {
	t.Helper()
	ctx := t.Context()
	c := &gostCard{path: gosttest.SoftHSM(t), driver: gosttest.Driver(t)}
	m := token.Helper(c.path, c.driver)
	defer m.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	c.serial, err = m.InitBlank(ctx, p.CardLabel, []byte("87654321"), []byte(p.PIN))
	check(err)
	s, err := m.Open(ctx, c.serial)
	check(err)
	defer s.Close()
	check(s.Login(ctx, []byte(p.PIN)))
	key, err := s.Generate(ctx, token.KeySpec{Algorithm: "gost2012-256/CryptoPro-XchA", ID: []byte{1}, Label: "first key"})
	check(err)
	k, err := gost.ParsePublicKey(key.SPKI)
	check(err)
	subject, err := request.NewSubject(p.Subject)
	check(err)
	req, err := request.NewGOST(ctx, k, func(ctx context.Context, digest, message []byte) ([]byte, error) {
		return s.Sign(ctx, key, digest, token.SignOptions{Streebog: true, Message: message})
	}, subject, []pkix.Extension{request.SubjectSignTool(`СКЗИ "Проба"`)})
	check(err)
	c.certificate = ca.issue(req, days)
	check(s.PutCertificate(ctx, key.ID, "first", c.certificate))
	return c
}

func (c *gostCard) set() *token.Set {
	return token.NewSet([]string{c.path}, func(path string) token.Module { return token.Helper(path, c.driver) })
}

// newGOSTDesk is newDesk with a real GOST card.
func newGOSTDesk(t *testing.T, p stage.Person, ca *russianCA, central string) *desk {
	t.Helper()
	card := newGOSTCard(t, p, ca, "40")
	sum := sha256.Sum256(card.certificate)
	d := &desk{t: t, dir: t.TempDir(), person: p, central: central, cards: card.set(), fingerprint: hex.EncodeToString(sum[:])}
	d.open()
	t.Cleanup(func() { d.App.Close() })
	return d
}

// documentOf reads a document of a case, PEM or not, as DER.
func (d *desk) documentOf(id, kind string) []byte {
	d.t.Helper()
	c := d.stored(id)
	doc, ok := c.Document(kind)
	if !ok {
		d.t.Fatalf("no document %s: %s", kind, asJSON(d.t, c.Documents))
	}
	dir := d.t.TempDir()
	if _, err := d.ExportTo(id, dir); err != nil {
		d.t.Fatal(err)
	}
	var found []string
	_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, _ error) error {
		if filepath.Base(path) == doc.Name {
			found = append(found, path)
		}
		return nil
	})
	if len(found) != 1 {
		d.t.Fatalf("exported %d files %s", len(found), doc.Name)
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		d.t.Fatal(err)
	}
	if block, _ := pem.Decode(data); block != nil {
		return block.Bytes
	}
	return data
}

// The planned key change with the algorithm that Russian authorities take, from a card with a GOST certificate to the choice of the new one; openssl's
// gost engine reads the request and plays the authority.
func TestRussianRenewalWithGOST(t *testing.T) {
	ca, f := newRussianCA(t), newFeed(t)
	d := newGOSTDesk(t, stage.Head(), ca, f.URL)
	draft := d.draft()
	if draft.KeyAlgorithm != "gost2012-256/CryptoPro-A" {
		t.Fatalf("the card's first algorithm is %s", draft.KeyAlgorithm)
	}
	c := d.run(d.begin().ID, "")
	if d.asked != 1 || c.KeyAlgorithm != "gost2012-256/CryptoPro-A" || !gost.IsKey(c.SPKI) || len(f.submitted) != 1 {
		t.Fatalf("%d PIN entries, %s, %d submissions: %s", d.asked, c.KeyAlgorithm, len(f.submitted), asJSON(t, c.Steps))
	}
	req := d.documentOf(c.ID, central.DocRequest)
	said := ca.openssl(req, "req", "-inform", "DER", "-verify", "-noout", "-text", "-nameopt", "utf8,sep_multiline")
	for _, want := range []string{"verify OK", "GOST R 34.10-2012", "id-GostR3410-2001-CryptoPro-A-ParamSet", "Щукина", "11223344595",
		"Private Key Usage Period", "Not After: " + time.Now().UTC().AddDate(1, 0, 0).Format("Jan _2 00:00:00 2006"), "Signing Tool of Subject", "СКЗИ \"Проба\""} {
		if !strings.Contains(said, want) {
			t.Errorf("openssl does not say %q of the request:\n%s", want, said)
		}
	}

	issued := ca.issue(req, "365")
	f.say(c.ID, central.StateIssued, "", f.document(central.DocCertificate, "certificate.cer", issued))
	d.sync("")
	c = d.run(c.ID, "")
	if c.New == "" || state(c, procedure.Install) != "done" || d.asked != 2 {
		t.Fatalf("not installed after %d PIN entries: %s", d.asked, asJSON(t, c.Steps))
	}
	if err := d.Choose(t.Context(), c.New, d.ask()); err != nil {
		t.Fatal(err)
	}
	view, err := d.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(view.Entries) != 2 || len(view.Holders) != 1 || view.Holders[0].Current.Fingerprint != c.New {
		t.Errorf("current is not the new certificate: %s", asJSON(t, view.Holders))
	}
	for _, e := range view.Entries {
		if e.KeyOnCard != "yes" || e.KeyAlgorithm != "gost2012-256" {
			t.Errorf("%s: key on card %q, %s", e.Fingerprint[:8], e.KeyOnCard, e.KeyAlgorithm)
		}
	}
	// The old one is still there and can be chosen again: its key is proved on the card.
	if err := d.Choose(t.Context(), d.fingerprint, d.ask()); err != nil {
		t.Fatal(err)
	}
	d.rebuilds(c.ID)
}

// A GOST certificate for another key is neither written nor the end of the case.
func TestForeignGOSTCertificateIsRefused(t *testing.T) {
	ca, f := newRussianCA(t), newFeed(t)
	d := newGOSTDesk(t, stage.Head(), ca, f.URL)
	c := d.run(d.begin().ID, "")
	ca.openssl(nil, "req", "-new", "-newkey", "gost2012_256", "-pkeyopt", "paramset:A", "-nodes", "-keyout", "other.key", "-outform", "DER", "-out", "other.p10", "-subj", "/CN=Other")
	other, err := os.ReadFile(filepath.Join(ca.dir, "other.p10"))
	if err != nil {
		t.Fatal(err)
	}
	f.say(c.ID, central.StateIssued, "", f.document(central.DocCertificate, "certificate.cer", ca.issue(other, "365")))
	_, _ = d.Sync(t.Context()) // what is said of it is the matter of other tests
	if c = d.stored(c.ID); c.New != "" || state(c, procedure.Install) == "done" {
		t.Errorf("a foreign certificate was installed: %s", asJSON(t, c.Steps))
	}
	f.say(c.ID, central.StateIssued, "", f.document(central.DocCertificate, "certificate.cer", ca.issue(d.documentOf(c.ID, central.DocRequest), "365")))
	d.sync("")
	if c = d.run(c.ID, ""); c.New == "" {
		t.Errorf("the right one was not installed: %s", asJSON(t, c.Steps))
	}
}

// Who has a valid GOST certificate brings no papers: it signs the request and the application, and openssl and Rekey find both signatures good.
func TestGOSTKeySignsRequestAndApplication(t *testing.T) {
	ca, f, p := newRussianCA(t), newFeed(t), stage.Head()
	p.Procedure, p.Route = "ru-taxcom-tus", "e-signed"
	p.Subject = append(p.Subject, request.Attr{OID: "1.2.643.3.131.1.1", Value: "001234567887", Type: request.Numeric})
	d := newGOSTDesk(t, p, ca, f.URL)
	c := d.run(d.begin().ID, "")
	if d.asked != 1 || len(f.submitted) != 1 {
		t.Fatalf("%d PIN entries, %d submissions: %s", d.asked, len(f.submitted), asJSON(t, c.Steps))
	}
	if said := ca.openssl(d.documentOf(c.ID, central.DocRequest), "req", "-inform", "DER", "-noout", "-text"); !strings.Contains(said, "1.2.643.100.114") {
		t.Errorf("the request does not say that a certificate identifies its holder:\n%s", said)
	}
	signed := d.documentOf(c.ID, central.DocRequestSigned)
	ca.openssl(signed, "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", "ca.pem", "-purpose", "any", "-out", "inside.p10")
	inside, err := os.ReadFile(filepath.Join(ca.dir, "inside.p10"))
	if err != nil || !bytes.Equal(inside, d.documentOf(c.ID, central.DocRequest)) {
		t.Errorf("what is inside is not the request: %v", err)
	}
	if der, by, err := request.ReadSigned(signed); err != nil || !bytes.Equal(der, inside) || !gost.IsKey(by.RawSubjectPublicKeyInfo) {
		t.Errorf("Rekey does not take the signed request: %v", err)
	}
	signed[len(signed)-1] ^= 1
	if _, _, err := request.ReadSigned(signed); err == nil {
		t.Error("a changed signature is taken")
	}

	pdf := d.documentOf(c.ID, central.DocApplicationSigned)
	found, err := esign.Verify(pdf)
	if err != nil || len(found) != 1 || !found[0].Valid || found[0].Level != esign.LevelBB || !found[0].CoversWhole {
		t.Errorf("the application: %+v, %v", found, err)
	}
	pdf[bytes.Index(pdf, []byte("/Type"))+1] ^= 1
	if found, err := esign.Verify(pdf); err == nil && len(found) == 1 && found[0].Valid {
		t.Error("a changed application is called good")
	}
}

// The demonstration's office certifies GOST keys too, with its own ECDSA signature.
func TestGOSTRenewalThroughTheDemonstrationOffice(t *testing.T) {
	d := newGOSTDesk(t, stage.Head(), newRussianCA(t), office.URL)
	c := d.run(d.begin().ID, "")
	officeSays(t, "approve", c.ID)
	officeSays(t, "issue", c.ID)
	d.sync("")
	c = d.run(c.ID, "")
	if c.New == "" || state(c, procedure.Install) != "done" || c.KeyAlgorithm != "gost2012-256/CryptoPro-A" {
		t.Fatalf("not installed: %s", asJSON(t, c.Steps))
	}
	if err := d.Choose(t.Context(), c.New, d.ask()); err != nil {
		t.Fatal(err)
	}
}

package page

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/app/esign"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
	"rekey/cmd/rekey-central/officetest"
	"rekey/cmd/rekey-central/registry"

	"codeberg.org/go-pdf/fpdf"
)

// client is who hands in; boss is who has the key of the office's folder.
var (
	client = office.Caller{Account: "c0ffee", Owner: "c0ffee", Role: central.RoleHolder}
	boss   = office.Caller{Account: accounts.OfficerID, Role: central.RoleOfficer}
)

// desk is a running server with the pages, and a browser without JavaScript.
type desk struct {
	t        testing.TB
	office   *office.Office
	registry *registry.Registry
	book     *accounts.Book
	trail    accounts.Trail
	key      string
	base     string
	pin      string // of the private authority, over TLS

	certificates []tls.Certificate // of the browser
	log          *bytes.Buffer
	http         *http.Client
}

// open starts a server on plain HTTP, or, with change, as change starts it.
func open(t testing.TB, change ...func(*desk, Config) string) *desk {
	t.Helper()
	dir := t.TempDir()
	store, err := office.Open(t.Context(), office.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	authority, err := ca.OpenOrInit(dir)
	if err != nil {
		t.Fatal(err)
	}
	key, err := office.OfficerKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, office: store, registry: registry.New(store), key: key, log: &bytes.Buffer{}, trail: accounts.Trail{DB: store.DB()},
		book: accounts.New(accounts.Config{DB: store.DB(), OfficerKey: key})}
	issuer := func(_ central.Case, request []byte) ([]byte, error) {
		return authority.Certify(ca.Order{Request: request, Profile: "generic", CRL: "http://127.0.0.1/demo/ca.crl"})
	}
	c := Config{Office: store, Registry: d.registry, Accounts: d.book, Trail: d.trail, Issuer: issuer, Made: authority.Made, Log: slog.New(slog.NewTextHandler(d.log, nil))}
	d.http = newBrowser(t)
	if len(change) > 0 {
		d.base = change[0](d, c)
		return d
	}
	server := httptest.NewServer(New(c))
	t.Cleanup(server.Close)
	d.base = server.URL
	return d
}

func newBrowser(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// reply is a page after all redirections.
type reply struct {
	status int
	path   string
	header http.Header
	body   string
}

func (d *desk) do(req *http.Request) reply {
	d.t.Helper()
	res, err := d.http.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Request.URL.Path, res.Header, string(data)}
}

func (d *desk) get(path string) reply {
	d.t.Helper()
	req, err := http.NewRequest("GET", d.base+path, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.do(req)
}

// post sends a form; header holds pairs.
func (d *desk) post(path string, form url.Values, header ...string) reply {
	d.t.Helper()
	req, err := http.NewRequest("POST", d.base+path, bytes.NewReader([]byte(form.Encode())))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return d.do(req)
}

func (d *desk) login() {
	d.t.Helper()
	if r := d.post("/officer/login", url.Values{"key": {" " + d.key + "\n"}}); r.status != 200 || r.path != "/officer/" {
		d.t.Fatalf("login: %d %s", r.status, r.path)
	}
}

// hidden reads the hidden fields of a page's first form with a version, or of its first form.
func hidden(page string) url.Values {
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="(token|version)" value="([^"]*)">`).FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	return form
}

// press pushes a button of the case's page.
func (d *desk) press(id, verb, why string) reply {
	d.t.Helper()
	form := hidden(d.get("/officer/cases/" + id).body)
	if why != "" {
		form.Set("why", why)
	}
	return d.post("/officer/cases/"+id+"/"+verb, form)
}

func (d *desk) document(kind, name string, data []byte) central.Document {
	d.t.Helper()
	hash := sha256.Sum256(data)
	sum := hex.EncodeToString(hash[:])
	if _, err := d.office.PutDocument(d.t.Context(), client, sum, bytes.NewReader(data)); err != nil {
		d.t.Fatal(err)
	}
	return central.Document{Kind: kind, Name: name, SHA256: sum, Size: int64(len(data))}
}

func (d *desk) submit(s central.Submission) central.Submission {
	d.t.Helper()
	if s.ID == "" {
		s.ID, s.Procedure, s.Reason, s.Route, s.CreatedAt = officetest.ID(d.t), "tr-kamusm-nes", "renewal", "e-signed", time.Now()
	}
	if s.Holder == "" {
		s.Holder = "Ayşe Örnek"
	}
	if _, err := d.office.Submit(d.t.Context(), client, officetest.ID(d.t), office.AnyVersion, s); err != nil {
		d.t.Fatal(err)
	}
	return s
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func pdf(t *testing.T) []byte {
	t.Helper()
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetFont("Helvetica", "", 12)
	doc.AddPage()
	doc.Cell(100, 10, "Application form")
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// certificate makes one of an invented person, or of an authority when there is no parent.
func certificate(t *testing.T, name string, parent *x509.Certificate, public crypto.PublicKey, signer crypto.Signer) *x509.Certificate {
	t.Helper()
	now := time.Now()
	c := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageContentCommitment}
	if parent == nil {
		c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign
		parent = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, public, signer)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// signedPDF is a form signed by an invented person.
func signedPDF(t *testing.T) []byte {
	t.Helper()
	key, root := newKey(t), newKey(t)
	signer := certificate(t, "AYŞE ÖRNEK", certificate(t, "Invented CA", nil, root.Public(), root), key.Public(), root)
	out, err := esign.Sign(context.Background(), pdf(t), crypto.Signer(key), signer, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

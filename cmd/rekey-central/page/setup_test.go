package page

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
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

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/uuid"
	"rekey/app/central"
	"rekey/app/esign"
	"rekey/cmd/rekey-central/api"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/office"
)

const client = "c0ffee"

// desk is a running server with the pages, and a browser without JavaScript.
type desk struct {
	t      *testing.T
	office *office.Office
	key    string
	base   string
	log    *bytes.Buffer
	http   *http.Client
}

func open(t *testing.T) *desk {
	t.Helper()
	dir := t.TempDir()
	store, err := office.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := ca.OpenOrInit(dir)
	if err != nil {
		t.Fatal(err)
	}
	key, err := office.OfficerKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, office: store, key: key, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(d.log, nil))
	pages := New(Config{Office: store, Issuer: api.Issuer(authority, "http://127.0.0.1/demo/ca.crl"), OfficerKey: key, Log: log})
	server := httptest.NewServer(api.New(api.Config{Office: store, Data: dir, Authority: authority, OfficerKey: key, Log: log, Page: pages}))
	d.base = server.URL
	t.Cleanup(func() { server.Close(); _ = store.Close() })
	d.http = newBrowser(t)
	return d
}

func newBrowser(t *testing.T) *http.Client {
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
	if _, err := d.office.PutDocument(client, sum, bytes.NewReader(data)); err != nil {
		d.t.Fatal(err)
	}
	return central.Document{Kind: kind, Name: name, SHA256: sum, Size: int64(len(data))}
}

func (d *desk) submit(s central.Submission) central.Submission {
	d.t.Helper()
	if s.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			d.t.Fatal(err)
		}
		s.ID, s.Procedure, s.Reason, s.Route, s.CreatedAt = id.String(), "tr-kamusm-nes", "renewal", "e-signed", time.Now()
	}
	if s.Holder == "" {
		s.Holder = "Ayşe Örnek"
	}
	key, err := uuid.NewV7()
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.office.Submit(client, key.String(), s); err != nil {
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

func pkcs10(t *testing.T) []byte {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "AYŞE ÖRNEK", SerialNumber: "10000000146"}}, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
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

// signedPDF is a form signed by an invented person.
func signedPDF(t *testing.T) []byte {
	t.Helper()
	key, root := newKey(t), newKey(t)
	now := time.Now()
	parent := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Invented CA"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "AYŞE ÖRNEK"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		KeyUsage: x509.KeyUsageContentCommitment}
	der, err := x509.CreateCertificate(rand.Reader, leaf, parent, key.Public(), root)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	out, err := esign.Sign(context.Background(), pdf(t), crypto.Signer(key), certificate, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

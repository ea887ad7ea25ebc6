package page

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/officetest"
)

func contains(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("%q is not in\n%s", text, page)
		}
	}
}

// A case from the list to the certificate.
func TestDecide(t *testing.T) {
	d := open(t)
	d.login()
	s := d.submit(central.Submission{
		Details:   map[string]string{"phone": "05000000000", "note": "<script>alert(1)</script>"},
		Rows:      []map[string]string{{"name": "Deniz Örnek", "unit": "1"}, {"name": "Can Örnek", "room": "<b>7</b>"}},
		Documents: []central.Document{d.document(central.DocApplicationSigned, "application-signed.pdf", signedPDF(t)), d.document(central.DocScan, "tarama ş.pdf", []byte("<html>"))},
	})
	list := d.get("/officer/")
	contains(t, list.body, "Ayşe Örnek", "/officer/cases/"+s.ID, "tr-kamusm-nes")
	c := d.get("/officer/cases/" + s.ID)
	contains(t, c.body, "05000000000", "&lt;script&gt;", "List of 2", "&lt;b&gt;7&lt;/b&gt;", "The document is as it was signed", "AYŞE ÖRNEK",
		"PAdES B-B", "issued by Invented CA", "Whole document</dt><dd>covered", "Approve", "Return")
	if strings.Contains(c.body, "<script") || strings.Contains(c.body, "Issue the certificate") {
		t.Error(c.body)
	}
	r := d.press(s.ID, "approve", "")
	contains(t, r.body, "The case is approved.", "There is no request to certify yet")
	s.Documents = append(s.Documents, d.document(central.DocRequest, "request.p10", officetest.Request(t)))
	d.submit(s) // after the approval
	r = d.press(s.ID, "issue", "")
	contains(t, r.body, "The certificate is made", "certificate.pem")
	if strings.Contains(r.body, "<h2>Decision") {
		t.Error("an issued case has nothing to decide")
	}
	for _, doc := range s.Documents {
		got := d.get("/officer/cases/" + s.ID + "/documents/" + doc.SHA256)
		if got.status != 200 || int64(len(got.body)) != doc.Size || got.header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment; filename") {
			t.Errorf("%s: %d, %d bytes, %v", doc.Name, got.status, len(got.body), got.header)
		}
	}
	for state, there := range map[string]bool{"received": false, "approved": false, "issued": true, "all": true} {
		if got := d.get("/officer/?state=" + state); strings.Contains(got.body, s.ID) != there {
			t.Errorf("%s: in the list %v", state, !there)
		}
	}
	for _, secret := range []string{s.ID, "rnek", d.key} {
		if strings.Contains(d.log.String(), secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}

func TestReturnWithAReason(t *testing.T) {
	d := open(t)
	d.login()
	s := d.submit(central.Submission{})
	if r := d.press(s.ID, "return", " \r\n "); r.status != 422 || !strings.Contains(r.body, "Nothing was done: why") {
		t.Errorf("%d %s", r.status, r.body)
	}
	r := d.press(s.ID, "return", "no stamp\r\nno <date>")
	contains(t, r.body, "went back to its holder", "no stamp\nno &lt;date&gt;")
	changes, err := d.office.Changes(t.Context(), client, 0)
	if err != nil || len(changes.Changes) != 1 || changes.Changes[0].Why != "no stamp\nno <date>" {
		t.Errorf("%v %+v", err, changes)
	}
}

// What changed under the officer's eyes is not decided, and the text typed is not lost.
func TestChangedMeanwhile(t *testing.T) {
	d := open(t)
	d.login()
	s := d.submit(central.Submission{})
	form := hidden(d.get("/officer/cases/" + s.ID).body)
	form.Set("why", "the old text")
	s.Holder = "Corrected Name"
	d.submit(s)
	for _, verb := range []string{"approve", "return"} {
		r := d.post("/officer/cases/"+s.ID+"/"+verb, form)
		if r.status != 409 {
			t.Errorf("%s: %d", verb, r.status)
		}
		contains(t, r.body, "has changed since you opened it", "Corrected Name", "the old text")
	}
	for _, version := range []string{"", "0", "-1", "x"} { // no way around it
		form.Set("version", version)
		if r := d.post("/officer/cases/"+s.ID+"/approve", form); r.status != 400 {
			t.Errorf("version %q: %d", version, r.status)
		}
	}
	r := d.post("/officer/cases/"+s.ID+"/issue", hidden(d.get("/officer/cases/"+s.ID).body))
	if r.status != 409 || !strings.Contains(r.body, "only a case that is approved") {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestBadSignedDocuments(t *testing.T) {
	d := open(t)
	d.login()
	good := signedPDF(t)
	changed := bytes.Replace(good, []byte("/MediaBox"), []byte("/MediaBoy"), 1)
	added := append(bytes.Clone(good), "\n% and more\n"...)
	table := map[string][]byte{
		"This PDF has no signature": pdf(t), "this is no PDF": []byte("hello"), "Not checked": []byte("%PDF-1.7 rubbish"),
		"Not valid": changed, "no signature covers the whole document": added,
	}
	for text, data := range table {
		s := d.submit(central.Submission{Documents: []central.Document{d.document(central.DocApplicationSigned, "application-signed.pdf", data)}})
		r := d.get("/officer/cases/" + s.ID)
		contains(t, r.body, text, "Approve")
		if strings.Contains(r.body, "is as it was signed") {
			t.Errorf("%s: called good", text)
		}
	}
}

func TestBadRequestIsExplained(t *testing.T) {
	d := open(t)
	d.login()
	s := d.submit(central.Submission{Documents: []central.Document{d.document(central.DocRequest, "request.p10", []byte("no request"))}})
	d.press(s.ID, "approve", "")
	if r := d.press(s.ID, "issue", ""); r.status != 422 || !strings.Contains(r.body, "Nothing was done: ") {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// The authority's card is not there: the officer reads it on the case, which stays approved.
func TestSignerIsAway(t *testing.T) {
	d := open(t, func(_ *desk, c Config) string {
		c.Issuer = func(central.Case, []byte) ([]byte, error) {
			return nil, &ca.Error{Op: "make certificate", Kind: ca.KindSigner, Err: errors.New("/opt/signer: no card")}
		}
		server := httptest.NewServer(New(c))
		t.Cleanup(server.Close)
		return server.URL
	})
	d.login()
	s := d.submit(central.Submission{Documents: []central.Document{d.document(central.DocRequest, "request.p10", []byte("request"))}})
	d.press(s.ID, "approve", "")
	r := d.press(s.ID, "issue", "")
	if r.status != 503 || !strings.Contains(r.body, "did not sign") || strings.Contains(r.body, "/opt") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if c, err := d.office.Case(t.Context(), boss, s.ID); err != nil || c.State != central.StateApproved {
		t.Errorf("%v %+v", err, c)
	}
}

func TestListPages(t *testing.T) {
	d := open(t)
	d.login()
	for range pageSize + 1 {
		d.submit(central.Submission{})
	}
	first := d.get("/officer/")
	contains(t, first.body, "Next page", "/officer/?after=50&amp;state=received")
	if rest := d.get("/officer/?after=50&state=received"); strings.Count(rest.body, "/officer/cases/") != 1 || strings.Contains(rest.body, "Next page") {
		t.Error(rest.body)
	}
}

// Who is not logged in sees nothing and does nothing.
func TestNobodyGetsIn(t *testing.T) {
	d := open(t)
	doc := d.document(central.DocScan, "scan.pdf", []byte("scan"))
	s := d.submit(central.Submission{Documents: []central.Document{doc}})
	if r := d.post("/officer/login", url.Values{"key": {strings.Repeat("0", 64)}}); r.status != 403 || !strings.Contains(r.body, "not an officer's key") {
		t.Errorf("%d %s", r.status, r.body)
	}
	for _, path := range []string{"/officer/", "/officer/cases/" + s.ID, "/officer/cases/" + s.ID + "/documents/" + doc.SHA256} {
		if r := d.get(path); r.path != "/officer/login" || strings.Contains(r.body, "rnek") {
			t.Errorf("%s leads to %s", path, r.path)
		}
	}
	for _, verb := range []string{"approve", "return", "issue"} {
		if r := d.post("/officer/cases/"+s.ID+"/"+verb, url.Values{"version": {"1"}, "why": {"x"}, "token": {""}}); r.path != "/officer/login" {
			t.Errorf("%s leads to %s", verb, r.path)
		}
	}
	d.login()
	page := d.get("/officer/cases/" + s.ID)
	form := hidden(page.body)
	for name, spoil := range map[string]func(url.Values) []string{
		"no token":    func(f url.Values) []string { f.Del("token"); return nil },
		"false token": func(f url.Values) []string { f.Set("token", strings.Repeat("A", 26)); return nil },
		"other site":  func(url.Values) []string { return []string{"Sec-Fetch-Site", "cross-site"} },
		"other port":  func(url.Values) []string { return []string{"Sec-Fetch-Site", "same-site"} },
		"origin":      func(url.Values) []string { return []string{"Origin", "http://evil.example"} },
		"large":       func(f url.Values) []string { f.Set("why", strings.Repeat("x", maxForm)); return nil },
	} {
		f := url.Values{"token": form["token"], "version": form["version"], "why": {"x"}}
		header := spoil(f)
		if r := d.post("/officer/cases/"+s.ID+"/approve", f, header...); r.status != 403 && r.status != 400 {
			t.Errorf("%s: %d", name, r.status)
		}
	}
	if c, err := d.office.Case(t.Context(), boss, s.ID); err != nil || c.State != central.StateReceived {
		t.Errorf("%v %+v", err, c)
	}
	if r := d.post("/officer/logout", url.Values{"token": form["token"]}); r.path != "/officer/login" {
		t.Errorf("logout leads to %s", r.path)
	}
	if r := d.get("/officer/"); r.path != "/officer/login" {
		t.Errorf("after the logout: %s", r.path)
	}
}

func TestHeaders(t *testing.T) {
	d := open(t)
	r := d.get("/officer/login")
	for name, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin"} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	csp := r.header.Get("Content-Security-Policy")
	if !strings.HasPrefix(csp, "default-src 'none'; style-src 'self'; form-action 'self'") || strings.Contains(csp, "unsafe") {
		t.Error(csp)
	}
	if r := d.get("/officer/style.css"); r.header.Get("Content-Type") != "text/css; charset=utf-8" || strings.Contains(r.body, "http") {
		t.Error(r.header)
	}
	d.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	login := d.post("/officer/login", url.Values{"key": {d.key}})
	if got := login.header.Get("Set-Cookie"); !strings.Contains(got, "; Path=/officer/; HttpOnly; SameSite=Strict") {
		t.Error(got)
	}
	req, err := http.NewRequest("GET", d.base+"/officer/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.example" // a foreign name that was made to point here
	if r := d.do(req); r.status != 403 {
		t.Errorf("foreign name: %d", r.status)
	}
	for _, path := range []string{"/officer/nothing", "/officer/?state=lost", "/officer/cases/x", "/officer/?after=x"} {
		if r := d.get(path); r.status != 404 && r.status != 400 {
			t.Errorf("%s: %d", path, r.status)
		}
	}
}

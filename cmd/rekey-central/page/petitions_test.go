package page

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
	"rekey/cmd/rekey-central/registry"
)

// receipt hands one in for a case.
func (d *desk) receipt(c central.Submission) central.Receipt {
	d.t.Helper()
	paper := d.document(central.DocReceipt, "receipt.pdf", []byte("paid "+officetest.ID(d.t)))
	v, _, err := d.registry.HandInReceipt(d.t.Context(), client, central.Receipt{ID: officetest.ID(d.t), Case: c.ID, SHA256: paper.SHA256, Amount: "250.00", Currency: "TRY", CreatedAt: time.Now()})
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// wish tells about a certificate and asks to revoke it.
func (d *desk) wish(c central.Certificate) central.Revocation {
	d.t.Helper()
	if _, _, err := d.registry.PutCertificate(d.t.Context(), client, c.Fingerprint, registry.AnyVersion, c); err != nil {
		d.t.Fatal(err)
	}
	v, _, err := d.registry.AskRevocation(d.t.Context(), client, central.Revocation{ID: officetest.ID(d.t), Fingerprint: c.Fingerprint, Reason: "keyCompromise", CreatedAt: time.Now()})
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// decideOn pushes a button of one thing on a page of things.
func (d *desk) decideOn(path, id, verb, why string) reply {
	d.t.Helper()
	page := d.get("/officer/" + path).body
	_, row, found := strings.Cut(page, `id="`+id+`"`)
	if !found {
		d.t.Fatalf("%s is not in %s", id, page)
	}
	form := hidden(row[:strings.Index(row, "</form>")])
	form.Set("why", why)
	return d.post("/officer/"+path+"/"+id+"/"+verb, form)
}

func TestReceipts(t *testing.T) {
	d := open(t)
	d.login()
	contains(t, d.get("/officer/receipts").body, "There is nothing in this list")
	s := d.submit(central.Submission{})
	yes, no := d.receipt(s), d.receipt(s)
	page := d.get("/officer/receipts")
	contains(t, page.body, "250.00 TRY", "/officer/cases/"+s.ID, "/officer/receipts/"+yes.ID+"/paper")
	if r := d.get("/officer/receipts/" + yes.ID + "/paper"); r.status != 200 || !strings.HasPrefix(r.body, "paid ") || !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %v", r.status, r.header)
	}
	contains(t, d.decideOn("receipts", yes.ID, "accept", "").body, "It is accepted")
	if r := d.decideOn("receipts", no.ID, "decline", " "); r.status != 422 {
		t.Errorf("%d", r.status)
	}
	contains(t, d.decideOn("receipts", no.ID, "decline", "the amount\r\nis <wrong>").body, "It is declined")
	contains(t, d.get("/officer/receipts?state=declined").body, no.ID, "the amount\nis &lt;wrong&gt;")
	for id, state := range map[string]string{yes.ID: central.Accepted, no.ID: central.Declined} {
		if v, err := d.registry.Receipt(t.Context(), client, id); err != nil || v.State != state {
			t.Errorf("%+v %v", v, err)
		}
		for tab, there := range map[string]bool{central.Waiting: false, state: true, allStates: true} {
			if got := strings.Contains(d.get("/officer/receipts?state="+tab).body, id); got != there {
				t.Errorf("%s in %s: %v", state, tab, got)
			}
		}
	}
	contains(t, d.get("/officer/audit").body, "acceptReceipt", "declineReceipt", ">422<")
	form := hidden(page.body) // seen before the decision
	if r := d.post("/officer/receipts/"+yes.ID+"/decline", url.Values{"token": form["token"], "version": {"1"}, "why": {"too late"}}); r.status != 409 {
		t.Errorf("a decision on an old version: %d", r.status)
	}
	for _, version := range []string{"", "0", "x"} {
		if r := d.post("/officer/receipts/"+yes.ID+"/accept", url.Values{"token": form["token"], "version": {version}}); r.status != 400 {
			t.Errorf("version %q: %d", version, r.status)
		}
	}
	for path, status := range map[string]int{"/officer/receipts?state=lost": 404, "/officer/receipts/none/paper": 404} {
		if r := d.get(path); r.status != status {
			t.Errorf("%s: %d", path, r.status)
		}
	}
}

// Those to decide are found behind any number of decided ones.
func TestReceiptPages(t *testing.T) {
	d := open(t)
	d.login()
	s := d.submit(central.Submission{})
	var waiting []string
	for i := range pageSize + 20 {
		v := d.receipt(s)
		if i < pageSize {
			if _, err := d.registry.AcceptReceipt(t.Context(), boss, v.ID, registry.AnyVersion); err != nil {
				t.Fatal(err)
			}
			continue
		}
		waiting = append(waiting, v.ID)
	}
	contains(t, d.get("/officer/receipts").body, waiting...)
	first := d.get("/officer/receipts?state=all").body
	if n := strings.Count(first, "Save the receipt"); n != pageSize {
		t.Errorf("%d on a page", n)
	}
	_, rest, _ := strings.Cut(first, `<p><a href="`)
	next, _, _ := strings.Cut(rest, `"`)
	if n := strings.Count(d.get(strings.ReplaceAll(next, "&amp;", "&")).body, "Save the receipt"); n != 20 {
		t.Errorf("%d on the next page: %s", n, next)
	}
}

func TestRevocations(t *testing.T) {
	d := open(t)
	d.login()
	s := d.submit(central.Submission{Documents: []central.Document{d.document(central.DocRequest, "request.p10", officetest.Request(t))}})
	d.press(s.ID, "approve", "")
	d.press(s.ID, "issue", "")
	c, err := d.office.Case(t.Context(), client, s.ID)
	if err != nil || len(c.FromCA) != 1 {
		t.Fatalf("%+v %v", c, err)
	}
	text, err := d.office.Content(t.Context(), c.FromCA[0].SHA256)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	made, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(made.Raw)
	fingerprint := hex.EncodeToString(hash[:])
	told := central.Certificate{Fingerprint: fingerprint, Holder: strings.Repeat("a", 64), Serial: made.SerialNumber.Text(16), NotBefore: made.NotBefore, NotAfter: made.NotAfter, Document: c.FromCA[0].SHA256, Case: c.ID}
	v := d.wish(told)
	contains(t, d.get("/officer/revocations").body, told.Serial) // nobody has told about the holder yet
	if _, _, err := d.registry.PutHolder(t.Context(), client, "", told.Holder, registry.AnyVersion, central.Holder{ID: told.Holder, Name: "Deniz Örnek"}); err != nil {
		t.Fatal(err)
	}
	contains(t, d.get("/officer/revocations").body, "keyCompromise", told.Serial, fingerprint, "Deniz Örnek", `href="/officer/cases/`+c.ID+`"`)
	contains(t, d.decideOn("revocations", v.ID, "accept", "").body, "It is accepted")
	if listed, err := d.registry.Listed(t.Context()); err != nil || len(listed) != 1 || listed[0].SerialNumber.Cmp(made.SerialNumber) != 0 {
		t.Errorf("%+v %v", listed, err)
	}
	contains(t, d.get("/officer/audit").body, "acceptRevocation", v.ID)
}

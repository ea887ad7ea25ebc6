package page

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
)

// An officer with a real browser, without JavaScript: log in, approve, issue, return.
func TestChromium(t *testing.T) {
	d, b := open(t), startBrowser(t)
	s := d.submit(central.Submission{
		Details: map[string]string{"given_name": "Ayşe", "family_name": "Örnek", "national_id": "10000000146", "phone": "05000000000"},
		Rows:    []map[string]string{{"name": "Deniz Örnek", "national_id": "10000000146"}, {"name": "Can Örnek", "national_id": "10000000146"}},
		Documents: []central.Document{d.document(central.DocApplicationSigned, "application-signed.pdf", signedPDF(t)),
			d.document(central.DocRequest, "request.p10", officetest.Request(t)), d.document(central.DocReceipt, "receipt.pdf", pdf(t))},
	})
	back := d.submit(central.Submission{Holder: "Проба Примеровна"})
	b.loads(func() { b.ask("Page.navigate", map[string]any{"url": d.base + "/officer/"}, nil) })
	b.picture("officer-login")
	b.click("#key")
	b.write(d.key)
	b.loads(func() { b.click("main button") })
	b.picture("officer-list")
	b.loads(func() { b.click(`a[href="/officer/cases/` + s.ID + `"]`) })
	b.picture("officer-case")
	contains(t, b.html(), "The document is as it was signed", "10000000146", "List of 2")
	b.loads(func() { b.click(`form[action$="/approve"] button`) })
	contains(t, b.html(), "The case is approved.")
	b.loads(func() { b.click(`form[action$="/issue"] button`) })
	contains(t, b.html(), "The certificate is made", "certificate.pem")
	b.picture("officer-issued")
	b.loads(func() { b.click(".bar .name") })
	b.loads(func() { b.click(`a[href="/officer/cases/` + back.ID + `"]`) })
	b.click("#why")
	b.write("Damga eksik")
	b.loads(func() { b.click(`form[action$="/return"] button`) })
	contains(t, b.html(), "went back to its holder", "Damga eksik")
	b.picture("officer-returned")
	for id, state := range map[string]string{s.ID: central.StateIssued, back.ID: central.StateReturned} {
		if c, err := d.office.Case(t.Context(), boss, id); err != nil || c.State != state {
			t.Errorf("%v %s is %s", err, c.Holder, c.State)
		}
	}
	b.loads(func() { b.click(".bar button") })
	contains(t, b.html(), "Officer's key")
}

// Another machine, over TLS: the browser knows the private authority by its pin.
func TestChromiumOverTLS(t *testing.T) {
	d := open(t, overTLS)
	address, err := url.Parse(d.base)
	if err != nil {
		t.Fatal(err)
	}
	b := startBrowser(t, "--host-resolver-rules=MAP "+address.Hostname()+" 127.0.0.1", "--ignore-certificate-errors-spki-list="+d.pin)
	s := d.submit(central.Submission{})
	yes, no := d.receipt(s), d.receipt(s)
	b.loads(func() { b.ask("Page.navigate", map[string]any{"url": d.base + "/officer/"}, nil) })
	b.click("#key")
	b.write(d.key)
	b.loads(func() { b.click("main button") })
	b.loads(func() { b.click(`.bar a[href="/officer/receipts"]`) })
	contains(t, b.html(), s.Holder)
	b.picture("officer-receipts")
	b.loads(func() { b.click(`form[action$="/` + yes.ID + `/accept"] button`) })
	contains(t, b.html(), "It is accepted")
	b.click("#why-" + no.ID)
	b.write("The amount is wrong")
	b.loads(func() { b.click(`form[action$="/` + no.ID + `/decline"] button`) })
	contains(t, b.html(), "It is declined", "There is nothing in this list")
	b.loads(func() { b.click(`.bar a[href="/officer/accounts"]`) })
	b.click("#name")
	b.write("Can Örnek")
	b.loads(func() { b.click("#add button") })
	contains(t, b.html(), "The account is made", "Can Örnek", `id="new-key"`)
	b.picture("officer-accounts")
	b.loads(func() { b.click(`form[action$="/disable"] button`) })
	contains(t, b.html(), "The account is disabled.")
	b.picture("officer-account-disabled")
	b.loads(func() { b.click(`form[action$="/enable"] button`) })
	contains(t, b.html(), "The account is in use again.")
	d.wish(central.Certificate{Fingerprint: strings.Repeat("c", 64), Holder: strings.Repeat("a", 64), Serial: "0a1b2c", Issuer: "Invented authority",
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0)})
	b.loads(func() { b.click(`.bar a[href="/officer/revocations"]`) })
	contains(t, b.html(), "keyCompromise", "Invented authority", "0a1b2c")
	b.picture("officer-revocations")
	b.loads(func() { b.click(`.bar a[href="/officer/audit"]`) })
	contains(t, b.html(), "acceptReceipt", "declineReceipt", "addAccount", "disableAccount")
	b.picture("officer-audit")
	for id, state := range map[string]string{yes.ID: central.Accepted, no.ID: central.Declined} {
		if v, err := d.registry.Receipt(t.Context(), client, id); err != nil || v.State != state {
			t.Errorf("%+v %v", v, err)
		}
	}
}

package api

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
)

// The office's part of a holder and the owner's part stay apart, whoever writes last.
func TestHolderHasTwoParts(t *testing.T) {
	b := start(t, t.TempDir())
	id := sumOf("holder")
	path := "/v1/holders/" + id
	h := holderOf(id)
	h.Office = map[string]string{"number": "7"} // not the owner's to say
	made := b.want(201, b.json(ownerKey, "PUT", path, h))
	if got := read[central.Holder](t, made); got.Office != nil || got.Version != 1 || got.Owner != "" || made.header.Get("ETag") != `"1"` {
		t.Errorf("got %+v", got)
	}
	if again := b.want(200, b.json(ownerKey, "PUT", path, h)); !bytes.Equal(again.body, made.body) {
		t.Errorf("a repetition changed %s to %s", made.body, again.body)
	}
	office := central.Holder{ID: id, Name: "Somebody Else", Office: map[string]string{"number": "12", "branch": "dentistry"}}
	got := read[central.Holder](t, b.want(200, b.json(b.officer, "PUT", path, office)))
	if got.Name != h.Name || got.Office["branch"] != "dentistry" || got.Version != 2 || got.Owner == "" {
		t.Errorf("got %+v", got)
	}
	b.want(412, b.json(ownerKey, "PUT", path, h, "If-Match", `"1"`))
	h.Fields["phone"] = "05000000001"
	got = read[central.Holder](t, b.want(200, b.json(ownerKey, "PUT", path, h, "If-Match", `"2"`)))
	if got.Office["number"] != "12" || got.Fields["phone"] != "05000000001" || got.Version != 3 {
		t.Errorf("got %+v", got)
	}
	feed := b.changes(ownerKey, "").Changes
	if len(feed) != 1 || feed[0].Kind != "holder" || feed[0].ID != id || feed[0].State != "changed" || feed[0].Case != "" {
		t.Errorf("got %+v", feed)
	}
	b.want(404, b.json(b.officer, "PUT", "/v1/holders/"+sumOf("nobody"), central.Holder{ID: sumOf("nobody"), Name: "x"}))
}

// Two owners may know the same holder; neither sees the other, and the officer says whom it means.
func TestSameHolderOfTwoOwners(t *testing.T) {
	b := start(t, t.TempDir())
	id := sumOf("holder")
	path := "/v1/holders/" + id
	for key, phone := range map[string]string{ownerKey: "1", otherKey: "2"} {
		h := holderOf(id)
		h.Fields["phone"] = phone
		b.want(201, b.json(key, "PUT", path, h))
	}
	if h := read[central.Holder](t, b.want(200, b.ask(ownerKey, "GET", path+"?owner="+sumOf(otherKey), nil))); h.Fields["phone"] != "1" {
		t.Errorf("a stranger's record: %+v", h)
	}
	b.want(409, b.ask(b.officer, "GET", path, nil))
	list := read[central.Page[central.Holder]](t, b.want(200, b.ask(b.officer, "GET", "/v1/holders", nil)))
	if len(list.Items) != 2 || list.Items[0].Owner == list.Items[1].Owner {
		t.Fatalf("got %+v", list)
	}
	for _, one := range list.Items {
		body := central.Holder{ID: id, Name: "x", Office: map[string]string{"of": one.Owner}}
		if h := read[central.Holder](t, b.want(200, b.json(b.officer, "PUT", path+"?owner="+one.Owner, body))); h.Fields["phone"] != one.Fields["phone"] || h.Office["of"] != one.Owner {
			t.Errorf("got %+v", h)
		}
	}
	b.want(404, b.ask(b.officer, "GET", path+"?owner=nobody", nil))
}

func TestResourcePages(t *testing.T) {
	b := start(t, t.TempDir())
	var mine, all []string
	for i := range 7 {
		id, key := sumOf(fmt.Sprint("card", i)), ownerKey
		if i%3 == 2 {
			key = otherKey
		} else {
			mine = append(mine, id)
		}
		all = append(all, id)
		b.want(201, b.json(key, "PUT", "/v1/cards/"+id, cardOf(id)))
	}
	slices.Sort(mine)
	slices.Sort(all)
	walk := func(key string) (got []string) {
		for after := ""; ; {
			page := read[central.Page[central.Card]](t, b.want(200, b.ask(key, "GET", "/v1/cards?limit=2"+after, nil)))
			for _, c := range page.Items {
				got = append(got, c.ID)
			}
			if page.Next == "" {
				return got
			}
			after = "&after=" + page.Next
		}
	}
	if got := walk(ownerKey); !slices.Equal(got, mine) {
		t.Errorf("got %v, want %v", got, mine)
	}
	if got := walk(b.officer); !slices.Equal(got, all) {
		t.Errorf("got %v, want %v", got, all)
	}
}

func TestResourcesAreChecked(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("generic")
	d, id := s.Documents[0], sumOf("x")
	foreign := submission(t, "generic")
	b.want(201, b.submit(otherKey, "k", foreign))
	certificate, photo := certificateOf(id, id), photoOf(id, d)
	card, holder, receipt := cardOf(id), holderOf(id), receiptOf(officetest.ID(t), s.ID, d)
	spoil := func(path string, good any, change func()) reply {
		change()
		method := "PUT"
		if strings.HasPrefix(path, "/v1/receipts") {
			method = "POST"
		}
		return b.bad().json(ownerKey, method, path, good)
	}
	table := map[string]reply{
		"name":       spoil("/v1/holders/"+id, &holder, func() { holder.Name = "two\nlines" }),
		"serial":     spoil("/v1/cards/"+id, &card, func() { card.Serial = "" }),
		"not_after":  spoil("/v1/certificates/"+id, &certificate, func() { certificate.NotAfter = certificate.NotBefore }),
		"type":       spoil("/v1/photos/"+id, &photo, func() { photo.Type = "text/html" }),
		"case":       spoil("/v1/receipts", &receipt, func() { receipt.Case = foreign.ID }),
		"id":         b.bad().json(ownerKey, "PUT", "/v1/cards/"+sumOf("y"), cardOf(id)),
		"documents ": b.json(ownerKey, "PUT", "/v1/photos/"+id, photoOf(id, entry("photo", []byte("not sent")))),
	}
	for field, r := range table {
		if p := b.want(422, r).problem(t); !strings.HasPrefix(p.Detail, field) {
			t.Errorf("%s: %q", field, p.Detail)
		}
	}
	named := certificateOf(id, id)
	named.Case = foreign.ID
	b.want(422, b.json(ownerKey, "PUT", "/v1/certificates/"+id, named))
	named.Case, named.Document = s.ID, entry("x", []byte("not sent")).SHA256
	b.want(422, b.json(ownerKey, "PUT", "/v1/certificates/"+id, named))
	named.Document = d.SHA256
	b.want(201, b.json(ownerKey, "PUT", "/v1/certificates/"+id, named))
	if page := read[central.Page[central.Card]](t, b.ask(ownerKey, "GET", "/v1/cards", nil)); len(page.Items) != 0 {
		t.Errorf("something was kept: %+v", page)
	}
}

func TestReceipts(t *testing.T) {
	b := start(t, t.TempDir())
	s := b.received("generic")
	good, poor := receiptOf(officetest.ID(t), s.ID, s.Documents[0]), receiptOf(officetest.ID(t), s.ID, s.Documents[0])
	good.State, good.Why = central.Accepted, "says the client"
	first := b.want(201, b.json(ownerKey, "POST", "/v1/receipts", good))
	if v := read[central.Receipt](t, first); v.State != central.Waiting || v.Why != "" || first.header.Get("Location") != "/v1/receipts/"+good.ID {
		t.Errorf("got %+v", v)
	}
	b.want(201, b.json(ownerKey, "POST", "/v1/receipts", poor))
	other := good
	other.Amount = "1.00"
	b.want(409, b.json(ownerKey, "POST", "/v1/receipts", other))
	taken := receiptOf(good.ID, submission(t, "generic").ID, b.document(otherKey, "receipt", []byte("x")))
	theirs := submission(t, "generic")
	b.want(201, b.submit(otherKey, "k", theirs))
	taken.Case = theirs.ID
	b.want(409, b.json(otherKey, "POST", "/v1/receipts", taken)) // the ID is another owner's
	b.want(412, b.ask(b.officer, "POST", "/v1/receipts/"+good.ID+"/accept", nil, "If-Match", `"2"`))
	for range 2 {
		if v := read[central.Receipt](t, b.want(200, b.ask(b.officer, "POST", "/v1/receipts/"+good.ID+"/accept", nil))); v.State != central.Accepted || v.Version != 2 {
			t.Errorf("got %+v", v)
		}
		if v := read[central.Receipt](t, b.want(200, b.json(b.officer, "POST", "/v1/receipts/"+poor.ID+"/decline", central.Return{Why: " too dark "}))); v.State != central.Declined || v.Why != "too dark" {
			t.Errorf("got %+v", v)
		}
	}
	b.want(409, b.json(b.officer, "POST", "/v1/receipts/"+good.ID+"/decline", central.Return{Why: "after all"}))
	b.want(409, b.ask(b.officer, "POST", "/v1/receipts/"+poor.ID+"/accept", nil))
	b.want(409, b.json(b.officer, "POST", "/v1/receipts/"+poor.ID+"/decline", central.Return{Why: "another reason"}))
	b.want(404, b.ask(b.officer, "POST", "/v1/receipts/"+officetest.ID(t)+"/accept", nil))
	if v := read[central.Receipt](t, b.want(200, b.json(ownerKey, "POST", "/v1/receipts", good))); v.State != central.Accepted || v.Version != 2 { // handed in again
		t.Errorf("got %+v", v)
	}
	feed := b.changes(ownerKey, "").Changes
	if len(feed) != 2 || feed[0].Kind != "receipt" || feed[0].ID != good.ID || feed[0].State != central.Accepted || feed[1].Why != "too dark" {
		t.Errorf("got %+v", feed)
	}
	if feed = b.changes(otherKey, "").Changes; len(feed) != 0 {
		t.Errorf("told to somebody else: %+v", feed)
	}
}

func TestReports(t *testing.T) {
	b := start(t, t.TempDir())
	clerk := b.newcomer(central.RoleClerk, "Clinic")
	for i, province := range []string{"Ankara", "İzmir", "Ankara"} {
		s := submission(t, "generic")
		s.Details["province"] = province
		b.want(201, b.submit(clerk, fmt.Sprint(i), s))
		if i == 0 {
			b.want(200, b.move("approve", s.ID))
		}
	}
	b.want(201, b.submit(otherKey, "k", submission(t, "tr-kamusm-nes")))
	lines := func(key, by string) string {
		r := read[central.Report](t, b.want(200, b.ask(key, "GET", "/v1/reports/cases?by="+by, nil)))
		text := ""
		for _, l := range r.Lines {
			text += fmt.Sprintf("%v%d", l.Values, l.Cases)
		}
		return text
	}
	month := time.Now().UTC().Format("2006-01")
	table := []struct{ key, by, want string }{
		{clerk, "state", "[approved]1[received]2"},
		{clerk, "state,detail:province", "[approved Ankara]1[received Ankara]1[received İzmir]1"},
		{b.officer, "procedure,month", "[generic " + month + "]3[tr-kamusm-nes " + month + "]1"},
		{b.officer, "detail:province", "[]1[Ankara]2[İzmir]1"},
		{b.officer, "reason,route", "[renewal e-signed]4"},
	}
	for _, row := range table {
		if got := lines(row.key, row.by); got != row.want {
			t.Errorf("%s: got %s, want %s", row.by, got, row.want)
		}
	}
	for _, q := range []string{"", "?by=", "?by=holder", "?by=state,state,state,state,state", "?by=detail:", "?by=state&by=route"} {
		b.want(400, b.bad().ask(b.officer, "GET", "/v1/reports/cases"+q, nil))
	}
	now := time.Now().UTC()
	for i, days := range []int{70, 10, -1, 20} {
		c := certificateOf(sumOf(fmt.Sprint(i)), sumOf("h"))
		c.NotAfter = now.AddDate(0, 0, days)
		b.want(201, b.json(clerk, "PUT", "/v1/certificates/"+c.Fingerprint, c))
	}
	old := certificateOf(sumOf("old"), sumOf("h"))
	old.Current = false
	b.want(201, b.json(clerk, "PUT", "/v1/certificates/"+old.Fingerprint, old))
	var got []string
	for after := ""; ; {
		page := read[central.Page[central.Certificate]](t, b.want(200, b.ask(clerk, "GET", "/v1/reports/expiring?limit=1"+after, nil)))
		for _, c := range page.Items {
			got = append(got, c.Fingerprint)
		}
		if page.Next == "" {
			break
		}
		after = "&after=" + page.Next
	}
	if !slices.Equal(got, []string{sumOf("1"), sumOf("3")}) {
		t.Errorf("got %v", got)
	}
	if page := read[central.Page[central.Certificate]](t, b.want(200, b.ask(b.officer, "GET", "/v1/reports/expiring?days=365", nil))); len(page.Items) != 3 {
		t.Errorf("got %+v", page)
	}
}

package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/data"
)

// An account from the form to its end.
func TestAccountsPage(t *testing.T) {
	d := open(t)
	d.login()
	page := d.get("/officer/accounts")
	contains(t, page.body, "There are no accounts yet", "<option>order-maker</option>")
	form := hidden(page.body)
	form.Set("role", central.RoleClerk)
	form.Set("organisation", "Clinic <1>")
	form.Set("name", "Ayşe Örnek")
	made := d.post("/officer/accounts", form)
	contains(t, made.body, "The account is made", "Clinic &lt;1&gt;", "Ayşe Örnek")
	key := regexp.MustCompile(`id="new-key">([0-9a-f]{64})<`).FindStringSubmatch(made.body)
	if key == nil {
		t.Fatal(made.body)
	}
	req, err := http.NewRequest("GET", d.base, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key[1])
	who, err := d.book.Admit(req)
	if err != nil || who.Owner != "org/Clinic <1>" {
		t.Errorf("%+v %v", who, err)
	}
	again := d.get("/officer/accounts")
	if strings.Contains(again.body, key[1]) || !strings.Contains(again.body, who.Account) {
		t.Error("the key is shown again, or the account is not")
	}
	form.Set("organisation", "")
	if r := d.post("/officer/accounts", form); r.status != 422 {
		t.Errorf("%d", r.status)
	} else {
		contains(t, r.body, "Nothing was done: organisation", `<option selected>clerk`, `value="Ayşe Örnek"`)
	}
	r := d.post("/officer/accounts/"+who.Account+"/disable", hidden(again.body))
	contains(t, r.body, "The account is disabled.", `<span class="state returned">disabled</span>`)
	if _, err := d.book.Admit(req); err == nil {
		t.Error("disabled, and admitted")
	}
	r = d.post("/officer/accounts/"+who.Account+"/enable", hidden(r.body))
	contains(t, r.body, "The account is in use again.", "Disable</button>")
	if _, err := d.book.Admit(req); err != nil {
		t.Errorf("enabled again: %v", err)
	}
	if r := d.post("/officer/accounts/none/disable", form); r.status != 404 {
		t.Errorf("%d", r.status)
	}
	for _, path := range []string{"/officer/accounts", "/officer/accounts/" + who.Account + "/disable"} {
		if r := d.post(path, url.Values{"role": {"officer"}}); r.status != 403 {
			t.Errorf("%s without the token: %d", path, r.status)
		}
	}
	audit := d.get("/officer/audit").body
	contains(t, audit, "addAccount", "disableAccount", "enableAccount", who.Account, ">422<", ">404<")
	for _, secret := range []string{key[1], "Örnek", "Clinic"} {
		if strings.Contains(audit, secret) || strings.Contains(d.log.String(), secret) {
			t.Errorf("%q is in the audit list or in the log", secret)
		}
	}
}

// The audit list from the newest to the first entry.
func TestAuditPage(t *testing.T) {
	d := open(t)
	d.login() // number 1
	for range 2*pageSize + 5 {
		if err := d.trail.Record(t.Context(), boss, "approve", "a-case", 200); err != nil {
			t.Fatal(err)
		}
	}
	path, want := "/officer/audit", 2*pageSize+6
	for path != "" {
		r := d.get(path)
		rows := regexp.MustCompile(`<tr><td class="number">(\d+)</td>`).FindAllStringSubmatch(r.body, -1)
		for _, row := range rows {
			if row[1] != number(want) {
				t.Fatalf("%s: number %s, want %d", path, row[1], want)
			}
			want--
		}
		path = ""
		if older := regexp.MustCompile(`href="(/officer/audit\?before=\d+)"`).FindStringSubmatch(r.body); older != nil {
			path = older[1]
		}
	}
	if want != 0 {
		t.Errorf("%d entries were not shown", want)
	}
	for _, before := range []string{"x", "0", "-1"} {
		if r := d.get("/officer/audit?before=" + before); r.status != 400 {
			t.Errorf("%s: %d", before, r.status)
		}
	}
	err := d.office.DB().Update(t.Context(), func(tx data.Tx) error { // the oldest have gone
		return errors.Join(tx.Delete(data.Audit, data.Number(1)), tx.Delete(data.Audit, data.Number(2)))
	})
	if err != nil {
		t.Fatal(err)
	}
	for before, older := range map[string]bool{number(pageSize + 4): true, number(pageSize + 3): false, "4": false} {
		r := d.get("/officer/audit?before=" + before)
		if got := strings.Contains(r.body, ">Older<"); got != older || !strings.Contains(r.body, ">3<") != older {
			t.Errorf("before %s: older %v, want %v", before, got, older)
		}
	}
	contains(t, d.get("/officer/audit?before=1").body, "Nothing has been done yet")
	contains(t, d.get("/officer/audit?before=999999").body, ">106<")
}

// The way of the office's commands: a key in each request, JSON back.
func TestRemoteAccounts(t *testing.T) {
	d := open(t)
	clerk, err := d.book.Add(t.Context(), accounts.Order{Role: central.RoleClerk, Organisation: "Clinic 1"})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(key, method, path, body string, want int, into any) {
		t.Helper()
		req, err := http.NewRequest(method, d.base+"/officer/desk/"+path, bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		if key != "" {
			req.Header.Set("Authorization", "Bearer "+key)
		}
		r := d.do(req)
		if r.status != want || (want == 200) == strings.Contains(r.header.Get("Content-Type"), "problem") {
			t.Errorf("%s %s: %d %s", method, path, r.status, r.body)
		}
		if into != nil {
			if err := json.Unmarshal([]byte(r.body), into); err != nil {
				t.Error(err)
			}
		}
	}
	var made accounts.Made
	ask(d.key, "POST", "accounts", `{"role":"holder","name":"Can Örnek"}`, 200, &made)
	if made.Key == "" || made.Account.Name != "Can Örnek" {
		t.Errorf("%+v", made)
	}
	var list central.Page[accounts.Account]
	ask(d.key, "GET", "accounts", "", 200, &list)
	if len(list.Items) != 2 {
		t.Errorf("%+v", list)
	}
	ask(d.key, "POST", "accounts/"+made.Account.ID+"/disable", "", 200, nil)
	if _, err := d.book.Check(t.Context(), made.Account.ID); err == nil {
		t.Error("it is not disabled")
	}
	ask(d.key, "POST", "accounts/"+made.Account.ID+"/enable", "", 200, nil)
	if _, err := d.book.Check(t.Context(), made.Account.ID); err != nil {
		t.Errorf("it is not enabled: %v", err)
	}
	ask(d.key, "POST", "accounts/"+made.Account.ID+"/disable", "", 200, nil)
	ask(d.key, "POST", "accounts/none/disable", "", 404, nil)
	ask(d.key, "POST", "accounts/none/enable", "", 404, nil)
	ask(d.key, "POST", "accounts", `{"role":"boss"}`, 422, nil)
	for _, body := range []string{"", "[]", `{"role":"holder","more":1}`, `{"role":"holder"}{}`} {
		ask(d.key, "POST", "accounts", body, 400, nil)
	}
	for key, status := range map[string]int{"": 401, strings.Repeat("x", 64): 401, clerk.Key: 403, made.Key: 403} {
		ask(key, "GET", "accounts", "", status, nil)
		ask(key, "POST", "accounts", `{"role":"officer"}`, status, nil)
		ask(key, "POST", "accounts/"+clerk.Account.ID+"/disable", "", status, nil)
	}
	d.login() // a session of the browser is no key
	ask("", "POST", "accounts", `{"role":"officer"}`, 401, nil)
}

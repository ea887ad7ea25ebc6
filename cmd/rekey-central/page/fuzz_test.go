package page

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"rekey/app/central"
)

// Whatever comes in a form, an address or a cookie is answered, and no failure of ours; without the session's token nothing is done.
func FuzzForms(f *testing.F) {
	f.Add("accounts", "token=TOKEN&role=holder&name=x&certificate=-----BEGIN+CERTIFICATE-----", "", "COOKIE")
	f.Add("cases/CASE/return", "token=TOKEN&version=1&why=%00%ff", "state=%zz&after=-1", "COOKIE")
	f.Add("cases/CASE/approve", "token=&version=9223372036854775808", "", "COOKIE")
	f.Add("accounts/../enable", "%", "done=disable", "x=\"")
	f.Add("receipts/CASE/decline", "token=TOKEN&version=1;why=1", "state=all&after=a/b/c", "COOKIE")
	f.Add("audit", "", "before=-9223372036854775808", "COOKIE")
	f.Add("login", "key=TOKEN&key=", "key=1", "")
	f.Add("desk/accounts", `{"role":"officer"}`, "after=\x00", "COOKIE")
	var handler http.Handler
	d := open(f, func(_ *desk, c Config) string { handler = New(c); return "" })
	s := d.submit(central.Submission{})
	form := url.Values{"key": {d.key}}
	login := httptest.NewRequest("POST", "http://localhost/officer/login", strings.NewReader(form.Encode()))
	login.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	login.RemoteAddr = "127.0.0.1:1"
	in := httptest.NewRecorder()
	handler.ServeHTTP(in, login)
	cookies := in.Result().Cookies()
	if len(cookies) != 1 {
		f.Fatal(in.Body)
	}
	ask := func(method, path, body, query, cookie string) (int, string) {
		r := httptest.NewRequest(method, "http://localhost/officer/", strings.NewReader(body))
		r.URL = &url.URL{Path: "/officer/" + path, RawQuery: query}
		r.RemoteAddr = "127.0.0.1:1"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", cookie)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	cookie := cookies[0].Name + "=" + cookies[0].Value
	_, page := ask("GET", "accounts", "", "", cookie)
	token := hidden(page).Get("token")
	if token == "" {
		f.Fatal(page)
	}
	f.Fuzz(func(t *testing.T, path, body, query, jar string) {
		fill := strings.NewReplacer("TOKEN", token, "CASE", s.ID, "COOKIE", cookie).Replace
		before, err := d.office.Case(t.Context(), boss, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{"GET", "POST"} {
			if status, text := ask(method, fill(path), fill(body), fill(query), fill(jar)); status >= 500 {
				t.Fatalf("%s %q: %d %s", method, path, status, text)
			}
		}
		after, err := d.office.Case(t.Context(), boss, s.ID)
		if err != nil || after.Version != before.Version && !(strings.Contains(body, "TOKEN") && strings.Contains(jar, "COOKIE")) {
			t.Fatalf("decided without the token: %+v %v", after, err)
		}
	})
}

package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app"
	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
	"rekey/store"
)

// understood wants an error whose kind says what to do, or none.
func understood(t *testing.T, err error) {
	t.Helper()
	if err != nil && app.KindOf(err) == app.Internal {
		t.Errorf("nobody knows what to do about this: %v", err)
	}
}

// FuzzOutboxOnDisk puts one value into the outbox as another version of the program, or a fault, might have left it.
func FuzzOutboxOnDisk(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `[]`, `7`, `{"kind":"case"}`, `{"kind":"case","case":"x","key":"k","body":{}}`, `{"kind":"receipt","holder_key":"h","body":7}`,
		`{"kind":"of a newer program","key":"k","body":null}`, `{"kind":"holder","attempts":9223372036854775807,"not_before":"9999-12-31T23:59:59Z","body":{"id":"h"}}`,
		`{"kind":"addition","case":"x","body":{"documents":[{"kind":"scan","sha256":"../../etc"}]}}`, `{"kind":"holder","attempts":-5,"if_match":-1,"tried":"9999-01-01T00:00:00Z","body":{"id":"../x"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if !json.Valid([]byte(value)) || len(value) > 10_000 {
			return
		}
		d := newDesk(t, stage.Head(), 40, newFeed(t).URL)
		d.Close()
		s, err := store.Open(filepath.Join(d.dir, "store"))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Update(func(tx *store.Tx) error {
			return store.Put(tx, store.Outbox, store.Sequence(1), json.RawMessage(value))
		}); err != nil {
			t.Fatal(err)
		}
		s.Close()
		d.open()
		_, err = d.Outbox()
		understood(t, err)
		_, err = d.Sync(t.Context())
		understood(t, err)
		d.UntilNext()
		if _, err := d.Cases(); err != nil {
			t.Error(err)
		}
	})
}

// FuzzFeed lets the office say something about a case that is here (CASE in its words). The case stays what its events make it, and the
// next exchange with an office in its right mind goes through.
func FuzzFeed(f *testing.F) {
	change := `{"changes":[{"cursor":1,"at":"2026-01-02T03:04:05Z",` + "%" + `}],"next":1}`
	for _, said := range []string{
		`"case":"CASE","state":"approved"`, `"case":"CASE","state":"returned","why":"x","version":2`, `"case":"CASE","state":"of a newer office"`, `"case":"","state":""`,
		`"case":"CASE","state":"issued","documents":[{"kind":"certificate","name":"../c","sha256":"aa"}]`, `"kind":"revocation","id":"../x","state":"accepted"`,
		`"kind":"receipt","id":"","state":"accepted"`, `"kind":"holder","id":"%2f","state":"changed"`, `"case":"CASE","state":"returned","version":-9`,
	} {
		f.Add(strings.Replace(change, "%", said, 1))
	}
	f.Add(`{"changes":[],"next":9223372036854775807,"more":true}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, page string) {
		good := newFeed(t)
		d := newDesk(t, stage.Head(), 40, good.URL)
		c := d.run(d.begin().ID, "")
		page = strings.ReplaceAll(page, "CASE", c.ID)
		odd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/changes" && r.URL.Query().Get("after") == "0" {
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, page)
				return
			}
			problem(w, 404, "no such thing")
		}))
		defer odd.Close()
		d.central = odd.URL
		d.open()
		_, err := d.Sync(t.Context())
		understood(t, err)
		d.rebuilds(c.ID)
		d.central = good.URL
		d.open()
		d.sync("")
	})
}

// FuzzConfigure: whatever is typed in as a setting is refused, or the office can be asked with it.
func FuzzConfigure(f *testing.F) {
	names := []string{app.SettingCentral, app.SettingCA, app.SettingPin, app.SettingProxy, app.SettingKey, app.SettingTSA}
	for i, value := range []string{"https://office.example", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", strings.Repeat("A", 43) + "=", "socks5://u:p@[::1]:1",
		strings.Repeat("k", 32), "http://tsa.example/\x00"} {
		f.Add(uint8(i), value)
		f.Add(uint8(i+1), value)
	}
	f.Fuzz(func(t *testing.T, n uint8, value string) {
		name := names[int(n)%len(names)]
		if name == app.SettingCentral {
			return // nobody out there is called: FuzzAnswers and the table of addresses are about it
		}
		d := newDesk(t, stage.Head(), 40, "http://127.0.0.1:1")
		switch err := d.Configure(name, value); {
		case err != nil && app.KindOf(err) != app.BadInput:
			t.Errorf("%s: %v", name, err)
		case err != nil && value != "" && d.Setting(name) == value:
			t.Errorf("%s: refused and kept", name)
		case err == nil:
			if _, err := d.Sync(t.Context()); app.KindOf(err) != app.Offline {
				t.Errorf("%s: accepted, and then %v", name, err)
			}
		}
	})
}

// An account's key that the office has made is typed in once; then the exchange goes on as that account, with its own feed.
func TestKeyThatTheOfficeHasMade(t *testing.T) {
	var seen []string
	f := newFeed(t)
	d := newDesk(t, stage.Head(), 40, proxy(t, f.URL, func(w http.ResponseWriter, r *http.Request, behind http.Handler) {
		seen = append(seen, r.Header.Get("Authorization"))
		behind.ServeHTTP(w, r)
	}))
	d.sync("")
	f.tell(central.Change{Kind: "something new", ID: "x", State: "?"})
	d.sync("")
	f.asked = nil
	made := strings.Repeat("0123456789abcdef", 4)
	for _, bad := range []string{"short", made + "\n", "Straße " + made} {
		wantKind(t, d.Configure(app.SettingKey, bad), app.BadInput)
	}
	if err := d.Configure(app.SettingKey, made); err != nil {
		t.Fatal(err)
	}
	d.sync("")
	if got := seen[len(seen)-1]; got != "Bearer "+made || len(f.asked) == 0 || f.asked[0] != "0" {
		t.Errorf("asked after %v", f.asked)
	}
	if err := d.Configure(app.SettingKey, ""); err != nil {
		t.Fatal(err)
	}
	if d.sync(""); strings.Contains(seen[len(seen)-1], made) {
		t.Error("the key that was taken away is still used")
	}
}

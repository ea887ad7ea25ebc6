package central_test

import (
	"crypto"
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
)

func TestTrust(t *testing.T) {
	office, other := newAuthority("Office"), newAuthority("Other")
	const host = "127.0.0.1"
	good := office.server(host)
	leafOnly := good
	leafOnly.Certificate = good.Certificate[:1]
	expired := good
	expired.Certificate = [][]byte{office.issue(good.PrivateKey.(crypto.Signer).Public(), time.Now().Add(-time.Hour), host), office.cert.Raw}
	// A chain that shows the pinned authority, and was not made by it.
	dressed := other.server(host)
	dressed.Certificate = [][]byte{dressed.Certificate[0], office.cert.Raw}
	pin, leafPin := central.PinOf(office.cert), central.PinOf(parse(good.Certificate[0]))
	for name, row := range map[string]struct {
		served tls.Certificate
		ca     []byte
		pin    string
		says   string // "": trusted
	}{
		"the system's authority":              {world.server(host), nil, "", ""},
		"an unknown authority":                {good, nil, "", "not trusted here"},
		"a pinned authority":                  {good, office.pem(), "", ""},
		"a pinned authority, leaf only":       {leafOnly, office.pem(), "", ""},
		"another pinned authority":            {good, other.pem(), "", "not trusted here"},
		"only the pinned, not the system's":   {world.server(host), office.pem(), "", "not trusted here"},
		"two pinned authorities":              {good, append(other.pem(), office.pem()...), "", ""},
		"pin of the authority":                {good, nil, pin, ""},
		"pin as curl writes it":               {good, nil, "sha256//" + pin, ""},
		"pin of the authority, leaf only":     {leafOnly, nil, pin, "has changed"},
		"pin of the server":                   {good, nil, leafPin, ""},
		"pin of the server, leaf only":        {leafOnly, nil, leafPin, ""},
		"pin of another":                      {good, nil, central.PinOf(other.cert), "has changed"},
		"pin of the system's authority":       {world.server(host), nil, central.PinOf(world.cert), ""},
		"system's authority and pin of other": {world.server(host), nil, pin, "has changed"},
		"authority and pin":                   {good, office.pem(), pin, ""},
		"authority, and pin of its server":    {good, office.pem(), leafPin, ""},
		"authority, and pin of another":       {good, office.pem(), central.PinOf(other.cert), "has changed"},
		"pin, and another authority":          {good, other.pem(), pin, "not trusted here"},
		"another host":                        {office.server("office.example"), office.pem(), "", "another name than 127.0.0.1"},
		"another host, pin fits":              {office.server("office.example"), nil, pin, "another name than 127.0.0.1"},
		"expired":                             {expired, office.pem(), "", "not valid today"},
		"expired, pin fits":                   {expired, nil, pin, "not valid today"},
		"a chain that only shows the pin":     {dressed, nil, pin, "not trusted here"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := false
			s := secure(t, &tls.Config{Certificates: []tls.Certificate{row.served}}, nil)
			s.Config.Handler = handle(&asked, quietly)
			err := ask(t, central.Options{Address: s.URL, CA: row.ca, Pin: row.pin})
			if row.says == "" {
				if err != nil || !asked {
					t.Fatal(err)
				}
				return
			}
			if central.KindOf(err) != central.Untrusted || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%v, want %q", err, row.says)
			}
			if asked {
				t.Error("the key was shown to it")
			}
		})
	}
}

// A server that is not trusted, or speaks no TLS, is not "offline"; one that is down is.
func TestOtherTroubleIsNotDistrust(t *testing.T) {
	plain := serveAt(t, quietly)
	if err := ask(t, central.Options{Address: "https" + strings.TrimPrefix(plain, "http")}); central.KindOf(err) != central.BadAnswer {
		t.Errorf("a server without TLS: %v", err)
	}
	old := secure(t, &tls.Config{Certificates: []tls.Certificate{world.server("127.0.0.1")}, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}, quietly)
	if err := ask(t, central.Options{Address: old.URL}); central.KindOf(err) != central.BadAnswer {
		t.Errorf("an old TLS: %v", err)
	}
}

func TestPins(t *testing.T) {
	pin := central.PinOf(world.cert)
	for text, good := range map[string]bool{
		pin: true, "sha256//" + pin: true, "": false, "sha256//": false, pin[:43]: false, pin + "=": false, strings.Repeat("A", 44): false, strings.Repeat("A", 43) + "=": true,
		strings.Repeat("a", 64): false, " " + pin: false, strings.Repeat("B", 43) + "=": false,
	} {
		if _, err := central.ParsePin(text); (err == nil) != good || err != nil && central.KindOf(err) != central.Refused {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, o := range map[string]central.Options{
		"key":               {Key: "a\r\nb"},
		"key with a blank":  {Key: "a b"},
		"authority":         {CA: []byte("no PEM")},
		"pin":               {Pin: "abc"},
		"proxy":             {Proxy: "proxy.example:3128"},
		"proxy of ftp":      {Proxy: "ftp://user:secret@proxy.example"},
		"proxy with a path": {Proxy: "http://user:secret@proxy.example/path"},
		"broken proxy":      {Proxy: "http://user:secret@proxy.example:port"},
	} {
		o.Address = "https://office.example"
		if _, err := central.New(o); central.KindOf(err) != central.Refused || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

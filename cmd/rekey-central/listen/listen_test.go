package listen

import (
	"net"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	one := mustRead(t)
	for name, c := range map[string]Config{
		"no port":              {Address: "127.0.0.1"},
		"nothing":              {},
		"a host name":          {Address: "example.org:80"},
		"a bad name":           {Address: "127.0.0.1:0", Names: []string{"a b"}},
		"a wildcard":           {Address: "127.0.0.1:0", Names: []string{"*.example.org"}},
		"a certificate alone":  {Address: "127.0.0.1:0", Cert: "x"},
		"a key alone":          {Address: "127.0.0.1:0", Key: "x"},
		"client CA over plain": {Address: "127.0.0.1:0", ClientCAs: one},
	} {
		if err := c.Check(); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if l, err := Open(c); err == nil {
			l.Close()
			t.Errorf("%s: opened", name)
		}
	}
	for address, secure := range map[string]bool{"127.0.0.1:0": false, "localhost:0": false, "[::1]:0": false, ":0": true, "0.0.0.0:0": true, "[::]:0": true, "192.0.2.1:443": true} {
		c := Config{Address: address, Names: []string{"office.example.org", "192.0.2.7"}}
		if err := c.Check(); err != nil || c.secure() != secure {
			t.Errorf("%s: %v, secure %v", address, err, c.secure())
		}
	}
}

// What is given out, for each way to listen. The socket is on a loopback address all the same.
func TestAddresses(t *testing.T) {
	table := []struct {
		config      Config
		base, local string // without the port
	}{
		{Config{Address: "localhost:0"}, "http://127.0.0.1", "http://127.0.0.1"},
		{Config{Address: "127.0.0.1:0", TLS: true, Names: []string{"office.example.org"}}, "https://127.0.0.1", "https://127.0.0.1"},
		{Config{Address: ":0"}, "https://127.0.0.1", "https://127.0.0.1"},
		{Config{Address: "192.0.2.1:0"}, "https://192.0.2.1", "https://192.0.2.1"},
		{Config{Address: "[2001:db8::1]:0"}, "https://[2001:db8::1]", "https://[2001:db8::1]"},
		{Config{Address: "0.0.0.0:0", Names: []string{"office.example.org", "192.0.2.7"}}, "https://office.example.org", "https://127.0.0.1"},
	}
	for _, row := range table {
		ip, _, err := split(row.config.Address)
		if err != nil {
			t.Fatal(err)
		}
		row.config.Data = t.TempDir()
		l := &Listener{config: row.config}
		if row.config.secure() {
			if err := l.secure(ip); err != nil {
				t.Fatal(err)
			}
		}
		if l.net, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		l.name(ip)
		_, port, _ := net.SplitHostPort(l.net.Addr().String())
		if l.Base != row.base+":"+port || l.Local != row.local+":"+port {
			t.Errorf("%+v: %s, %s", row.config, l.Base, l.Local)
		}
		if l.Secure() != strings.HasPrefix(row.base, "https") || l.Secure() != (l.Pin != "") || l.Secure() != (l.CA != nil) {
			t.Errorf("%+v: secure %v, pin %q", row.config, l.Secure(), l.Pin)
		}
		l.Close()
	}
}

// A name that somebody made to point here is not ours.
func TestServes(t *testing.T) {
	plain, _ := serve(t, Config{}, hello)
	safe, _ := serve(t, Config{TLS: true, Names: []string{"office.example.org", "192.0.2.7"}}, hello)
	for host, want := range map[string][2]bool{
		"127.0.0.1": {true, true}, "127.0.0.1:80": {true, true}, "localhost:80": {true, true}, "[::1]:80": {true, true},
		"office.example.org": {false, true}, "OFFICE.example.org:443": {false, true}, "192.0.2.7:443": {false, true},
		"evil.example": {}, "evil.example:80": {}, "x.office.example.org": {}, "192.0.2.8": {}, "": {},
	} {
		if got := [2]bool{plain.Serves(host), safe.Serves(host)}; got != want {
			t.Errorf("%q: plain and TLS %v, want %v", host, got, want)
		}
	}
}

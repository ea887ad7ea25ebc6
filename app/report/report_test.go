package report

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"rekey/app/register"
	"rekey/token"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const (
	serial = "0A1B2C3D4E5F6789"
	module = "/home/sharlotta/lib/libcard.so"
)

// personal is everything that must never be in a report.
var personal = []string{"Щукина", "Шарлотта", "Иванова", "Учебная больница", "11223344595", "112-233-445", "0000000000", "1000000000008", "a@example.org",
	"sharlotta", serial, "0a1b2c3d", "Секретный УЦ", "0102030405060708", "246810", "2c3d4e5f", "Рутокен Щукиной", "BEGIN", "Энск"}

// person is a certificate with known strings.
func person(t *testing.T) register.Entry {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	name := func(oid asn1.ObjectIdentifier, value string) pkix.AttributeTypeAndValue {
		return pkix.AttributeTypeAndValue{Type: oid, Value: value}
	}
	subject := pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
		name(asn1.ObjectIdentifier{2, 5, 4, 3}, "ООО «Учебная больница»"), name(asn1.ObjectIdentifier{2, 5, 4, 4}, "Щукина"), name(asn1.ObjectIdentifier{2, 5, 4, 42}, "Шарлотта Иванова"),
		name(asn1.ObjectIdentifier{1, 2, 643, 100, 3}, "11223344595"), name(asn1.ObjectIdentifier{1, 2, 643, 100, 4}, "0000000000"),
		name(asn1.ObjectIdentifier{1, 2, 643, 100, 1}, "1000000000008"), name(asn1.ObjectIdentifier{2, 5, 4, 7}, "Энск"), name(asn1.ObjectIdentifier{2, 5, 4, 6}, "RU"),
	}}
	n, _ := new(big.Int).SetString("0102030405060708", 16)
	c := &x509.Certificate{SerialNumber: n, Subject: subject, NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(0, 1, 0), KeyUsage: x509.KeyUsageContentCommitment, EmailAddresses: []string{"a@example.org"}}
	parent := &x509.Certificate{Subject: pkix.Name{CommonName: "Секретный УЦ"}}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return register.Entry{Certificate: register.Parse(der), CardSerial: serial, CardLabel: "Рутокен Щукиной", Reader: "Aktiv Rutoken ECP 00 00", Module: module, KeyOnCard: register.KeyYes, State: register.StateCurrent}
}

func input(t *testing.T) Input {
	e := person(t)
	broken := register.Entry{Certificate: register.Parse(e.DER[:len(e.DER)-20]), CardSerial: serial, CardLabel: e.CardLabel, Reader: e.Reader, Module: module}
	return Input{
		At: noon, Entries: []register.Entry{e, broken}, Home: "/home/sharlotta", Program: Program{Version: "v1.2.3", Go: "go1.26", OS: "linux", Arch: "amd64", System: "Debian GNU/Linux 12"},
		Files: map[string]File{module: {Name: "Rutoken", Real: "libcard.so.2.14", SHA256: strings.Repeat("ab", 32), Size: 10, Modified: noon}},
		Snapshot: token.Snapshot{
			Modules: []token.ModuleState{{Path: module, Readers: 2}, {Path: "/Users/sharlotta/x.dylib", Kind: token.KindModuleLoad, Err: "dlopen(/Users/sharlotta/x.dylib): no such file"},
				{Path: `C:\Users\sharlotta\y.dll`, Kind: token.KindModuleHang, Err: "no answer"}, {Path: "/opt/Щукина/z.so", Kind: token.KindModuleCrash, Err: "died, card " + serial}},
			Readers: []token.Reader{
				{Module: module, Name: "Aktiv Rutoken ECP 00 00", Card: &token.Card{Serial: serial, Label: "Рутокен Щукиной", Manufacturer: "Aktiv Co.", Model: "Rutoken ECP", PIN: token.PINState{CountLow: true, Pad: true}}},
				{Module: module, Name: "SoftHSM slot ID 0x2c3d4e5f", Fault: "card of ЩУКИНА (СНИЛС 112-233-445 95) is mute: CKR 0x00000030"},
			},
		},
		Findings: []Finding{
			{Layer: LayerCard, Kind: "mute-card", Module: module, Reader: "SoftHSM slot ID 0x2c3d4e5f", Detail: "card of Щукина is mute: CKR 0x00000030"},
			{Layer: LayerLoad, Kind: "module-load", Module: "/Users/sharlotta/x.dylib", Detail: "dlopen(/Users/sharlotta/x.dylib): no such file"},
			{Layer: LayerCertificates, Kind: "broken-certificate", Module: module, Detail: "x509: cannot parse rfc822Name \"a@example.org\""},
		},
	}
}

func TestNothingPersonalIsInAReport(t *testing.T) {
	r := Diagnose(input(t))
	out, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for kind, text := range map[string]string{"JSON": string(out), "text": Text(r)} {
		for _, secret := range personal {
			if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				t.Errorf("%s holds %q:\n%s", kind, secret, text)
			}
		}
		for _, want := range []string{"…6789", "~/lib/libcard.so", "~/x.dylib", `y.dll`, "no such file", "CKR 0x00000030", "libcard.so.2.14", strings.Repeat("ab", 32), "Rutoken ECP", "truncated", "ec-p256", "2026-12-21", "v1.2.3", "Debian GNU/Linux 12", "count-low"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", kind, want, text)
			}
		}
	}
}

// The walk: what was seen, and which layer is the first to fail.
func TestTheFirstFailingLayerIsNamed(t *testing.T) {
	e := person(t)
	seal := e
	seal.Purpose = register.PurposeEncryption
	working := []token.ModuleState{{Path: module, Readers: 1}}
	empty := []token.Reader{{Module: module, Name: "ACS ACR39U"}}
	full := []token.Reader{{Module: module, Name: "ACS ACR39U", Card: &token.Card{Serial: serial}}}
	for name, c := range map[string]struct {
		modules []token.ModuleState
		readers []token.Reader
		entries []register.Entry
		finding []Finding
		os      string
		states  string // service reader card module load certificates filter
		first   string
	}{
		"no module":              {nil, nil, nil, []Finding{{Layer: LayerModule, Kind: "no-modules"}}, "linux", "? ? ? x ? ? ?", LayerModule},
		"no service":             {working, nil, nil, []Finding{{Layer: LayerService, Kind: "service"}}, "linux", "x ? ? + + ? ?", LayerService},
		"no reader":              {working, nil, nil, []Finding{{Layer: LayerReader, Kind: "no-reader"}}, "linux", "+ x ? + + ? ?", LayerReader},
		"no reader, Windows":     {working, nil, nil, []Finding{{Layer: LayerReader, Kind: "no-reader"}}, "windows", "? x ? + + ? ?", LayerReader},
		"empty reader":           {working, empty, nil, []Finding{{Layer: LayerCard, Kind: "no-card"}}, "linux", "+ + x + + ? ?", LayerCard},
		"no certificate":         {working, full, nil, []Finding{{Layer: LayerCertificates, Kind: "no-certificate"}}, "linux", "+ + + + + x ?", LayerCertificates},
		"none for signing":       {working, full, []register.Entry{seal}, []Finding{{Layer: LayerFilter, Kind: "filtered"}}, "linux", "+ + + + + + x", LayerFilter},
		"all well":               {working, full, []register.Entry{e}, nil, "linux", "+ + + + + + +", ""},
		"the only one is broken": {[]token.ModuleState{{Path: module, Kind: token.KindModuleLoad}}, nil, nil, []Finding{{Layer: LayerLoad, Kind: "module-load", Module: module}}, "linux", "? ? ? ? x ? ?", LayerLoad},
	} {
		r := Diagnose(Input{At: noon, Program: Program{OS: c.os}, Snapshot: token.Snapshot{Modules: c.modules, Readers: c.readers}, Entries: c.entries, Findings: c.finding})
		var states []string
		for _, l := range r.Layers {
			states = append(states, map[string]string{OK: "+", Failed: "x", Unknown: "?"}[l.State])
		}
		if got := strings.Join(states, " "); got != c.states || r.FirstFailing != c.first {
			t.Errorf("%s: %s, first %q; want %s, %q", name, got, r.FirstFailing, c.states, c.first)
		}
		if first := r.First(); (first == nil) != (c.first == "") || first != nil && (first.Layer != c.first || first.Kind != c.finding[0].Kind) {
			t.Errorf("%s: first %+v", name, first)
		}
		if c.first != "" && !strings.Contains(Text(r), c.finding[0].Kind) {
			t.Errorf("%s: the text does not name %s:\n%s", name, c.finding[0].Kind, Text(r))
		}
	}
}

func TestMasks(t *testing.T) {
	for in, want := range map[string]string{serial: "…6789", "1234": "…34", "a": "…", "": "", "  0001 ": "…01"} {
		if got := masked(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	s := &scrub{known: []string{"Ali", "Şule"}}
	for in, want := range map[string]string{
		"Ali is valid": "[removed] is valid", "ali,Ali": "[removed],[removed]", "invalid": "invalid", "ŞULE Şule": "[removed] [removed]",
		"/home/x y/lib.so /root/lib.so": "~ y/lib.so ~/lib.so", "id 10000000146": "id [number]", "feedface": "feedface",
	} {
		if got := s.text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

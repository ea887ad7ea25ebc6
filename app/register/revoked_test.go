package register

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"
)

// What lists say of a certificate: by the newest one that its issuer's key has made, and by no other.
func TestStandingOf(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	newCA := func() (Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Invented authority"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1}}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return Parse(der), key
	}
	authority, key := newCA()
	impostor, otherKey := newCA() // of the same name
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(77), NotBefore: now, NotAfter: now.AddDate(0, 1, 0)}, authority.X509, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	holder := Parse(der)
	list := func(by Certificate, with *ecdsa.PrivateKey, issued time.Time, revoked bool, more ...pkix.Extension) *x509.RevocationList {
		l := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: issued, NextUpdate: issued.AddDate(0, 0, 7), ExtraExtensions: more}
		if revoked {
			l.RevokedCertificateEntries = []x509.RevocationListEntry{{SerialNumber: big.NewInt(77), RevocationTime: issued}}
		}
		der, err := x509.CreateRevocationList(rand.Reader, l, by.X509, with)
		if err == nil {
			l, err = x509.ParseRevocationList(der)
		}
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	yesterday, longAgo := now.AddDate(0, 0, -1), now.AddDate(0, 0, -30)
	part := pkix.Extension{Id: []int{2, 5, 29, 28}, Critical: true, Value: []byte{0x30, 0}} // issuingDistributionPoint
	forged := list(impostor, otherKey, now, true)
	for name, c := range map[string]struct {
		lists []*x509.RevocationList
		pool  []Certificate
		want  string
	}{
		"none":               {nil, []Certificate{authority}, ListNone},
		"fresh":              {[]*x509.RevocationList{list(authority, key, yesterday, false)}, []Certificate{authority}, ListGood},
		"revoked":            {[]*x509.RevocationList{list(authority, key, yesterday, true)}, []Certificate{authority}, ListRevoked},
		"revoked long ago":   {[]*x509.RevocationList{list(authority, key, longAgo, true)}, []Certificate{authority}, ListRevoked},
		"newest counts":      {[]*x509.RevocationList{list(authority, key, yesterday, true), list(authority, key, longAgo, false)}, []Certificate{authority}, ListRevoked},
		"old":                {[]*x509.RevocationList{list(authority, key, longAgo, false)}, []Certificate{authority}, ListOld},
		"issuer unknown":     {[]*x509.RevocationList{list(authority, key, yesterday, true)}, nil, ListUnchecked},
		"part of a list":     {[]*x509.RevocationList{list(authority, key, yesterday, false, part)}, []Certificate{authority}, ListUnchecked},
		"forged":             {[]*x509.RevocationList{forged}, []Certificate{authority}, ListBad},
		"forged beside good": {[]*x509.RevocationList{forged, list(authority, key, yesterday, false), forged}, []Certificate{authority}, ListGood},
	} {
		got := StandingOf(holder, c.pool, c.lists, now)
		if got.Word != c.want || got.At.IsZero() == (c.want == ListRevoked) || got.Words(English{}) == "" {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
}

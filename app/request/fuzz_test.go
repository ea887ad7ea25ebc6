package request

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
)

// FuzzParse: what is said to be a request, from a file or from a server's case, is read and checked, or refused; a request that was
// read comes back from PEM as it was.
func FuzzParse(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	subject, err := NewSubject([]Attr{{OID: "2.5.4.3", Value: "Ёлка Örnek", Type: UTF8}, {OID: "2.5.4.6", Value: "RU", Type: Printable}})
	if err != nil {
		f.Fatal(err)
	}
	der, err := New(f.Context(), key, subject, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(der)
	f.Add(PEM(der))
	f.Add(bytes.ReplaceAll(PEM(der), []byte("CERTIFICATE REQUEST"), []byte("NEW CERTIFICATE REQUEST")))
	f.Add(der[:len(der)/2])
	f.Add([]byte("-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Parse(data)
		if err != nil {
			return
		}
		_ = Check(r.Raw)
		_, _ = readName(r.RawSubject)
		if again, err := Parse(PEM(r.Raw)); err != nil || !bytes.Equal(again.Raw, r.Raw) {
			t.Errorf("not the same again: %v", err)
		}
	})
}

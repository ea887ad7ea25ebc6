package request

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"strings"
	"testing"

	"rekey/app/register"
)

func TestSubjectWithoutChangesIsTheSameBytes(t *testing.T) {
	for _, der := range [][]byte{turkish(t), russian(t)} {
		got, err := Subject(&x509.Certificate{RawSubject: der}, nil)
		if err != nil || !bytes.Equal(got, der) {
			t.Errorf("%x became %x (%v)", der, got, err)
		}
	}
}

func TestSubjectRewritesInPlace(t *testing.T) {
	before := russian(t)
	got, err := Subject(&x509.Certificate{RawSubject: before}, map[string]string{
		"surname":        "Шишкина",
		"1.2.643.100.3":  "00000000000",
		"email":          "почта@example.test", // does not fit IA5String
		"2.5.4.42":       "Шарлотта Иванова",   // as it was
		"organisation-x": "",
	})
	if KindOf(err) != KindSubject {
		t.Fatalf("unknown id: %v, %x", err, got)
	}
	got, err = Subject(&x509.Certificate{RawSubject: before}, map[string]string{
		"surname": "Шишкина", "1.2.643.100.3": "00000000000", "email": "почта@example.test", "2.5.4.42": "Шарлотта Иванова",
	})
	if err != nil {
		t.Fatal(err)
	}
	was, is := names(t, before), names(t, got)
	want := strings.NewReplacer("Щукина", "Шишкина", "11223344595", "00000000000",
		"/22 1.2.840.113549.1.9.1=head@example.test", "/12 1.2.840.113549.1.9.1=почта@example.test").Replace(was)
	if is != want {
		t.Errorf("got  %s\nwant %s", is, want)
	}
}

func TestSubjectKeepsAMultiValuedName(t *testing.T) {
	pair := func(oid asn1.ObjectIdentifier, v string) []byte {
		b, err := asn1.Marshal(attribute{oid, asn1.RawValue{Tag: asn1.TagPrintableString, Bytes: []byte(v)}})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	cn, serial := asn1.ObjectIdentifier{2, 5, 4, 3}, asn1.ObjectIdentifier{2, 5, 4, 5}
	before, _ := asn1.Marshal([]asn1.RawValue{set(pair(cn, "Ada"), pair(serial, "1"))})
	got, err := Subject(&x509.Certificate{RawSubject: before}, map[string]string{"common-name": "Ida"})
	want, _ := asn1.Marshal([]asn1.RawValue{set(pair(cn, "Ida"), pair(serial, "1"))})
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%x (%v), want %x", got, err, want)
	}
}

func TestChangesThatAreRefused(t *testing.T) {
	twice := subject(t, []Attr{{"unit", "A", UTF8}, {"unit", "B", UTF8}})
	for name, c := range map[string]struct {
		subject []byte
		changes map[string]string
	}{
		"not there":          {turkish(t), map[string]string{"snils": "11223344595"}},
		"there twice":        {twice, map[string]string{"unit": "C"}},
		"letters in a СНИЛС": {russian(t), map[string]string{"snils": "112-233"}},
		"country":            {russian(t), map[string]string{"country": "РФ"}},
		"empty":              {russian(t), map[string]string{"surname": " "}},
		"line break":         {russian(t), map[string]string{"surname": "a\nb"}},
		"no UTF-8":           {russian(t), map[string]string{"surname": "\xff"}},
	} {
		if _, err := Subject(&x509.Certificate{RawSubject: c.subject}, c.changes); KindOf(err) != KindSubject {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, attrs := range map[string][]Attr{
		"none":    nil,
		"type":    {{"surname", "A", "teletex"}},
		"numeric": {{"inn", "12a", Numeric}},
		"print":   {{"country", "Ş", Printable}},
		"oid":     {{"1.x", "A", UTF8}},
		"bad oid": {{"9.9.9", "A", UTF8}},
	} {
		if _, err := NewSubject(attrs); KindOf(err) != KindSubject {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// names is a subject as text: string tag, OID and value in order.
func names(t *testing.T, der []byte) string {
	t.Helper()
	rdns, err := readName(der)
	if err != nil {
		t.Fatal(err)
	}
	attrs, err := register.ParseName(der)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i, a := range attrs {
		var pair attribute
		if _, err := asn1.Unmarshal(rdns[i].Bytes, &pair); err != nil {
			t.Fatal(err)
		}
		b.WriteString("/")
		b.WriteString([]string{asn1.TagUTF8String: "12", asn1.TagPrintableString: "19", asn1.TagNumericString: "18", asn1.TagIA5String: "22"}[pair.Value.Tag])
		b.WriteString(" " + a.OID + "=" + a.Value + "\n")
	}
	return b.String()
}

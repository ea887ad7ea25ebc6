package register

import (
	"crypto/x509"
	"encoding/asn1"
	"strings"
	"testing"
	"time"
)

func TestHolderKey(t *testing.T) {
	key := func(subject []byte) string { return HolderKey(Parse(makeCertificate(t, subject, nil))) }
	cn := func(s string) part { return part{"2.5.4.3", asn1.TagUTF8String, s} }
	snils := func(s string) part { return part{oidSNILS, asn1.TagNumericString, s} }
	ru := part{oidCountry, asn1.TagPrintableString, "RU"}

	same := key(nameDER(t, cn("Щукина"), snils("11223344595"), ru))
	if same != key(nameDER(t, ru, snils("11223344595"), cn("Новая Фамилия"))) {
		t.Error("another name and order made another holder")
	}
	if same == key(nameDER(t, cn("Щукина"), snils("00000000000"), ru)) {
		t.Error("two numbers made one holder")
	}
	if key(nameDER(t, cn("A"))) != key(nameDER(t, cn("A"))) || key(nameDER(t, cn("A"))) == key(nameDER(t, cn("B"))) {
		t.Error("without a number the subject decides")
	}
	oldHead := nameDER(t, part{oidINN, asn1.TagNumericString, "000000000000"}, part{oidOGRN, asn1.TagNumericString, "1000000000008"}, ru)
	if oid, _ := nationalID(Parse(makeCertificate(t, oldHead, nil)).Subject); oid != oidOGRN {
		t.Errorf("the ИНН of a legal entity was taken for a person's: %s", oid)
	}
}

func TestStates(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	// entry: holder, validity in days from now, purpose, key on card.
	type entry struct {
		holder   string
		from, to int
		purpose  string
		key      string
	}
	build := func(e entry) Entry {
		usage := signingUsage
		if e.purpose == PurposeEncryption {
			usage = x509.KeyUsageKeyEncipherment
		}
		der := makeCertificate(t, nameDER(t, part{"2.5.4.3", asn1.TagUTF8String, e.holder}), func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter, c.KeyUsage = day(e.from), day(e.to), usage
		})
		return Entry{Certificate: Parse(der), KeyOnCard: e.key}
	}
	const s, enc = PurposeSigning, PurposeEncryption
	for _, c := range []struct {
		name    string
		entries []entry
		chosen  int // index of the chosen entry, -1 none, -2 one that is not here
		want    string
	}{
		{"one", []entry{{"A", -10, 10, s, KeyYes}}, -1, "current"},
		{"first come", []entry{{"A", -1, 300, s, KeyYes}, {"A", -300, 23, s, KeyYes}}, -1, "new current"},
		{"chosen", []entry{{"A", -1, 300, s, KeyYes}, {"A", -300, 23, s, KeyYes}}, 0, "current other"},
		{"the chosen one ended", []entry{{"A", -300, -1, s, KeyYes}, {"A", -1, 300, s, KeyYes}}, 0, "current new"},
		{"not begun yet", []entry{{"A", -300, 23, s, KeyYes}, {"A", 23, 400, s, KeyYes}}, -1, "current new"},
		{"key elsewhere", []entry{{"A", -300, 23, s, KeyYes}, {"A", -1, 300, s, KeyNo}}, -1, "current other"},
		{"key not seen before the PIN", []entry{{"A", -300, 23, s, KeyUnknown}, {"A", -1, 300, s, KeyUnknown}}, -1, "current new"},
		{"ended ones", []entry{{"A", -600, -300, s, KeyYes}, {"A", -300, -1, s, KeyYes}}, -1, "expired current"},
		{"ended and valid", []entry{{"A", -600, -300, s, KeyYes}, {"A", -200, 20, s, KeyYes}}, -1, "expired current"},
		{"encryption", []entry{{"A", -300, 23, s, KeyYes}, {"A", -1, 300, enc, KeyYes}, {"A", -9, -1, enc, KeyYes}}, -1, "current other expired"},
		{"two holders", []entry{{"A", -300, 23, s, KeyYes}, {"B", -1, 300, s, KeyYes}}, -1, "current current"},
		{"chosen one is away", []entry{{"A", -300, 23, s, KeyYes}, {"A", -300, -1, s, KeyYes}}, -2, "other expired"},
		{"none", nil, -1, ""},
	} {
		var entries []Entry
		for _, e := range c.entries {
			entries = append(entries, build(e))
		}
		chosen := map[string]string{}
		switch {
		case c.chosen >= 0:
			chosen[HolderKey(entries[c.chosen].Certificate)] = entries[c.chosen].Fingerprint
		case c.chosen == -2:
			chosen[HolderKey(entries[0].Certificate)] = strings.Repeat("0", 64)
		}
		var got []string
		for _, e := range States(entries, chosen, noon) {
			got = append(got, e.State)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
		if len(entries) > 0 && entries[0].State != "" {
			t.Error("the input was changed")
		}
	}
	broken := States([]Entry{{Certificate: Parse([]byte("x"))}}, nil, noon)
	if broken[0].State != StateOther {
		t.Errorf("broken: %s", broken[0].State)
	}
}

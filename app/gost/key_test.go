package gost

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"strings"
	"testing"

	"rekey/token/gosttest"
)

func TestKeyRoundTrip(t *testing.T) {
	judge := gosttest.NewJudge(t)
	for _, s := range Sets() {
		key := generate(judge, s)
		k := parse(t, key.SPKI)
		if k.Set != s {
			t.Errorf("%s was read as %s", s.Name, k.Set.Name)
		}
		for _, with := range []bool{true, false} {
			der, err := k.marshal(with)
			if err != nil {
				t.Fatal(err)
			}
			if !parse(t, der).Equal(k) || !IsKey(der) || !SameKey(der, key.SPKI) {
				t.Errorf("%s: with digestParamSet %v another key comes back", s.Name, with)
			}
			// the engine writes digestParamSet with keys of 512 bits too, but for set C
			ofEngine := s.withDigest || s.Bits == 512 && s.Name != "tc26-512-C"
			if with == ofEngine && !bytes.Equal(der, key.SPKI) {
				t.Errorf("%s: %x, OpenSSL writes %x", s.Name, der, key.SPKI)
			}
		}
		der, err := k.SPKI()
		if err != nil {
			t.Fatal(err)
		}
		if has := bytes.Contains(der, unhex("06082a850307010102")); has != s.withDigest {
			t.Errorf("%s: digestParamSet written: %v", s.Name, has)
		}
	}
}

func TestKeyOfACard(t *testing.T) {
	judge := gosttest.NewJudge(t)
	for _, name := range []string{"CryptoPro-XchA", "tc26-512-B"} {
		set, _ := SetNamed(name)
		want := parse(t, generate(judge, set).SPKI)
		value := want.Value()
		wrapped, _ := asn1.Marshal(value)
		for _, v := range [][]byte{value, wrapped} {
			if got, err := NewPublicKey(set, v); err != nil || !got.Equal(want) {
				t.Errorf("%s of %d bytes: %v", name, len(v), err)
			}
		}
		half := len(value) / 2
		turned := bytes.Clone(value)
		slices.Reverse(turned[:half])
		slices.Reverse(turned[half:])
		for text, v := range map[string][]byte{
			"x and y big endian":        turned,
			"y before x, little endian": slices.Concat(value[half:], value[:half]),
			"y before x, big endian":    slices.Concat(turned[half:], turned[:half]),
		} {
			if _, err := NewPublicKey(set, v); KindOf(err) != KindOrder || !strings.Contains(err.Error(), text) {
				t.Errorf("%s, %s: %v", name, text, err)
			}
		}
		for _, v := range [][]byte{nil, value[:half], append(bytes.Clone(value), 0), make([]byte, 2*half)} {
			if _, err := NewPublicKey(set, v); KindOf(err) != KindParse {
				t.Errorf("%s, %d bytes: %v", name, len(v), err)
			}
		}
	}
}

func TestSameKeyUnderAnotherName(t *testing.T) {
	judge := gosttest.NewJudge(t)
	first, _ := SetNamed("CryptoPro-XchA")
	second, _ := SetNamed("tc26-256-B")
	key := generate(judge, first)
	named, err := NewPublicKey(second, parse(t, key.SPKI).Value())
	if err != nil {
		t.Fatal(err)
	}
	der, err := named.SPKI()
	if err != nil {
		t.Fatal(err)
	}
	if !SameKey(der, key.SPKI) || named.Equal(parse(t, key.SPKI)) {
		t.Error("the same point under two names of its curve")
	}
	if SameKey(der, generate(judge, second).SPKI) || SameKey(der, nil) || SameKey(nil, der) || IsKey(nil) {
		t.Error("other keys")
	}
}

package pkcs11

import (
	"bytes"
	"slices"
	"testing"
	"time"

	p11 "github.com/miekg/pkcs11"

	"rekey/app/gost"
	"rekey/token"
	"rekey/token/gosttest"
	"rekey/token/tokentest"
)

// SoftHSM with GOST keeps the contract as a whole, and makes both kinds of 256-bit keys that it knows.
func TestContractOfSoftHSMWithGOST(t *testing.T) {
	tokentest.Contract(t, func(t *testing.T) token.Module { return load(t, gosttest.SoftHSM(t)) }, token.ECP256)
	judge := gosttest.NewJudge(t)
	for name, module := range map[string]func(t *testing.T) token.Module{
		"in process": func(t *testing.T) token.Module { return load(t, gosttest.SoftHSM(t)) },
		"in helper": func(t *testing.T) token.Module {
			m := token.Helper(gosttest.SoftHSM(t), command(t))
			t.Cleanup(func() { m.Close() })
			return m
		},
	} {
		t.Run(name, func(t *testing.T) {
			tokentest.ContractGOST(t, judge, func(t *testing.T) token.Session {
				m := module(t)
				serial, err := m.InitBlank(t.Context(), "GOST", []byte(tokentest.SOPIN), []byte(gosttest.PIN))
				if err != nil {
					t.Fatal(err)
				}
				return gostSession(t, m, serial)
			}, "gost2012-256/CryptoPro-A", "gost2012-256/CryptoPro-XchA")
		})
	}
}

// tk26Serial is that of the card of gosttest.TK26.
const tk26Serial = "26262626"

// Cards of many kinds keep the contract; each is in a process of its own, since it forgets its keys only with the process.
func TestContractOfTheMechanismsOfTK26(t *testing.T) {
	judge := gosttest.NewJudge(t)
	every := token.GOSTAlgorithms()
	some := []token.Algorithm{"gost2012-256/CryptoPro-XchA", "gost2012-512/tc26-512-A"}
	for words, algorithms := range map[string][]token.Algorithm{
		"": every, "public-params": some, "both-params": some, "raw-only": some, "combined-only": some, "wrapped": every,
		"public-params wrapped combined-only": some, "own-digest": some,
	} {
		t.Run(words, func(t *testing.T) {
			tokentest.ContractGOST(t, judge, func(t *testing.T) token.Session { return gostSession(t, tk26(t, words), tk26Serial) }, algorithms...)
		})
	}
}

// What comes in another order goes out unturned: package app/gost tells the orders apart, here it must not pass as good.
func TestOrdersOfBytesAreNotTurned(t *testing.T) {
	for words, order := range map[string]string{"r-first": "r before s", "little-endian": "numbers little endian"} {
		s := gostSession(t, tk26(t, words), tk26Serial)
		key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-512/tc26-512-A", ID: []byte{1}})
		if err != nil {
			t.Fatal(err)
		}
		digest := gost.Sum512([]byte("message"))
		signature, err := s.Sign(t.Context(), key, digest, token.SignOptions{Streebog: true})
		if err != nil {
			t.Fatal(err)
		}
		public, err := gost.ParsePublicKey(key.SPKI)
		if err != nil {
			t.Fatal(err)
		}
		if err := gost.Prove(public, digest, signature); gost.KindOf(err) != gost.KindOrder || !bytes.Contains([]byte(err.Error()), []byte(order)) {
			t.Errorf("%s: %v", words, err)
		}
	}
}

// The second key of a model is asked for in the form that the first one took.
func TestFormOfTheTemplatesIsRemembered(t *testing.T) {
	m := load(t, gosttest.TK26(t, "public-params"))
	s := gostSession(t, m, tk26Serial)
	if _, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-256/tc26-256-A", ID: []byte{1}}); err != nil {
		t.Fatal(err)
	}
	remembered := m.(*module).forms
	if len(remembered) != 1 || remembered["Rekey tests\x00TK26"] != (form{derive: true}) {
		t.Errorf("remembered: %v", remembered)
	}
	if err := s.DestroyPair(t.Context(), keysOf(t, s)[0]); err != nil {
		t.Fatal(err)
	}
}

// A card that signs only digests of its own refuses ours once; from then on it is asked for its own at once.
func TestWayOfSigningIsRemembered(t *testing.T) {
	m := load(t, gosttest.TK26(t, "own-digest"))
	s := gostSession(t, m, tk26Serial)
	key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-512/tc26-512-B", ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	opts := token.SignOptions{Streebog: true, Message: []byte("message")}
	digest := gost.Sum512(opts.Message)
	for range 2 {
		if _, err := s.Sign(t.Context(), key, digest, opts); err != nil {
			t.Fatal(err)
		}
		all, err := s.(*session).ways("test", s.(*session).keys[keyName(key)].public, digest, opts)
		if err != nil || len(all) != 2 || all[0].hash != ckmStreebog512 || all[1].hash != 0 {
			t.Errorf("%+v, %v", all, err)
		}
	}
	_, err = s.Sign(t.Context(), key, gost.Sum512([]byte("other")), token.SignOptions{Streebog: true})
	if !is(err, p11.CKR_DATA_INVALID) {
		t.Errorf("only the digest: %v", err)
	}
}

// The days of the private key's use are written where the card takes them, and a card that does not makes its key without. (SoftHSM takes
// them, and gives back nothing.)
func TestDaysOfThePrivateKey(t *testing.T) {
	from, until := time.Date(2026, 11, 21, 23, 0, 0, 0, time.UTC), time.Date(2027, 11, 21, 0, 0, 0, 0, time.UTC)
	for words, want := range map[string]string{"": "20261121 20271121", "public-params": "20261121 20271121", "no-dates": " "} {
		s, id := gostSession(t, load(t, gosttest.TK26(t, words)), tk26Serial), []byte("of "+words)
		if _, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-256/tc26-256-A", ID: id, From: from, Until: until}); err != nil {
			t.Fatalf("%s: %v", words, err)
		}
		found, err := s.(*session).search("test", withID(id, class(p11.CKO_PRIVATE_KEY))...)
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %d keys, %v", words, len(found), err)
		}
		if got := string(s.(*session).value(found[0], p11.CKA_START_DATE)) + " " + string(s.(*session).value(found[0], p11.CKA_END_DATE)); got != want {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}

// SoftHSM refuses the sets that it does not know; nothing is left over.
func TestRefusedParameterSet(t *testing.T) {
	m := load(t, gosttest.SoftHSM(t))
	serial, err := m.InitBlank(t.Context(), "GOST", []byte(tokentest.SOPIN), []byte(gosttest.PIN))
	if err != nil {
		t.Fatal(err)
	}
	s := gostSession(t, m, serial)
	if _, err := s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-256/tc26-256-C", ID: []byte{1}}); err == nil {
		t.Error("a key of tc26-256-C")
	}
	_, err = s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-512/tc26-512-A", ID: []byte{1}})
	wantKind(t, err, token.KindUnsupported)
	if keys := keysOf(t, s); len(keys) != 0 {
		t.Errorf("left over: %+v", keys)
	}
	if objects, err := s.(*session).search("test", class(p11.CKO_PRIVATE_KEY)); err != nil || len(objects) != 0 {
		t.Errorf("left over: %d private objects, %v", len(objects), err)
	}
	if _, err = s.Generate(t.Context(), token.KeySpec{Algorithm: "gost2012-256/CryptoPro-A", ID: []byte{1}}); err != nil {
		t.Fatal(err)
	}
	for _, f := range m.(*module).forms {
		if f != (form{derive: true}) {
			t.Errorf("SoftHSM took the form %+v", f)
		}
	}
}

// The names of package token are those of app/gost, and so are the bytes of a public key.
func TestPublicKeysAgreeWithAppGOST(t *testing.T) {
	judge := gosttest.NewJudge(t)
	var names []string
	for _, set := range gost.Sets() {
		if set.Test {
			continue
		}
		alg := token.Algorithm("gost2012-256/" + set.Name)
		if set.Bits == 512 {
			alg = token.Algorithm("gost2012-512/" + set.Name)
		}
		names = append(names, string(alg))
		engineName := set.OID.String()
		if n, ok := map[string]string{"tc26-256-A": "TCA", "tc26-256-B": "TCB", "tc26-256-C": "TCC", "tc26-256-D": "TCD"}[set.Name]; ok {
			engineName = n
		}
		spki := judge.Generate(set.Bits, engineName).SPKI
		public, err := token.ParsePublic(spki)
		if err != nil {
			t.Fatalf("%s: %v", set.Name, err)
		}
		if got, ok := token.AlgorithmOf(public); !ok || got != alg {
			t.Errorf("%s is %s", set.Name, got)
		}
		ours, err := token.MarshalPublic(public)
		if err != nil {
			t.Fatal(err)
		}
		k, err := gost.ParsePublicKey(spki)
		if err != nil {
			t.Fatal(err)
		}
		want, err := k.SPKI()
		if err != nil || !bytes.Equal(ours, want) {
			t.Errorf("%s: %x, want %x", set.Name, ours, want)
		}
		if !token.SamePublic(spki, ours) || !gost.SameKey(spki, ours) {
			t.Errorf("%s: not the same key", set.Name)
		}
	}
	for _, alg := range token.GOSTAlgorithms() {
		if !slices.Contains(names, string(alg)) {
			t.Errorf("app/gost does not know %s", alg)
		}
	}
	if len(names) != len(token.GOSTAlgorithms()) {
		t.Errorf("%d sets of app/gost, %d here", len(names), len(token.GOSTAlgorithms()))
	}
}

func tk26(t *testing.T, words string) token.Module {
	t.Helper()
	m := token.Helper(gosttest.TK26(t, words), command(t))
	t.Cleanup(func() { m.Close() })
	return m
}

func load(t *testing.T, path string) token.Module {
	t.Helper()
	m, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func gostSession(t *testing.T, m token.Module, serial string) token.Session {
	t.Helper()
	s, err := m.Open(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Login(t.Context(), []byte(gosttest.PIN)); err != nil {
		t.Fatal(err)
	}
	return s
}

func keysOf(t *testing.T, s token.Session) []token.Key {
	t.Helper()
	keys, err := s.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

package pkcs11

import (
	"context"
	"crypto/x509"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"rekey/token"
	"rekey/token/tokentest"
)

// A card that OpenSC knows, on the real PC/SC stack: certificates, the PIN with its tries, keys of both kinds.
func TestCardBehindOpenSC(t *testing.T) {
	pcsc := tokentest.NewPCSC(t)
	chip := tokentest.NewPIV(t, "123456")
	remove := pcsc.Put(chip)
	set := token.NewSet([]string{tokentest.OpenSC(t)}, func(path string) token.Module {
		limits := token.DefaultLimits()
		limits.Call = 3 * time.Second // pcscd may hold a call up when a card is pulled
		return token.HelperWithin(path, command(t), limits)
	})
	defer set.Close()
	var card token.Card
	tokentest.Eventually(t, "the card is there", func() bool {
		for _, r := range set.Snapshot(t.Context()).Readers {
			if r.Card != nil {
				card = *r.Card
			}
		}
		return card.Serial != ""
	})
	t.Logf("%+v", card)
	s, err := set.Open(t.Context(), card.Serial)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	certs, err := s.Certificates(t.Context())
	if err != nil || len(certs) != 2 {
		t.Fatalf("%d certificates, %v", len(certs), err)
	}
	for _, want := range []token.PINError{{TriesLeft: -1}, {TriesLeft: 1, Final: true}} {
		var got *token.PINError
		if err := s.Login(t.Context(), []byte("000000")); !errors.As(err, &got) || *got != want {
			t.Fatalf("wrong PIN: %v (%+v), want %+v", err, got, want)
		}
	}
	login(t, s)
	if n := chip.Counts(); n.PINs != 3 {
		t.Fatalf("%+v", n)
	}
	keys, err := s.Keys(t.Context())
	if err != nil || len(keys) != 2 {
		t.Fatalf("%+v, %v", keys, err)
	}
	prompted := token.WithSecondPIN(s, func(context.Context, token.Key) ([]byte, error) { return []byte("123456"), nil })
	entries := 0
	for _, c := range certs {
		cert, err := x509.ParseCertificate(c.DER)
		if err != nil {
			t.Fatal(err)
		}
		key, ok := token.MatchKey(keys, cert.RawSubjectPublicKeyInfo)
		if !ok || !key.Private {
			t.Fatalf("%+v", key)
		}
		for range 2 {
			if err := token.Prove(t.Context(), prompted, cert); err != nil {
				t.Fatalf("%s: %v", key.Algorithm, err)
			}
		}
		entries += key.PINs(2)
	}
	if n := chip.Counts(); entries != 2 || n.PINs != 3+entries || n.Signs != 4 {
		t.Fatalf("%d entries, %+v", entries, n)
	}
	able, err := s.Algorithms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(able, token.RSA2048) {
		_, err = s.Generate(t.Context(), token.KeySpec{Algorithm: token.RSA2048, ID: []byte{1}})
		wantKind(t, err, token.KindUnsupported)
	}
	t.Log("it makes", able)
	remove()
	tokentest.Eventually(t, "the card is out", func() bool {
		return !slices.ContainsFunc(set.Snapshot(t.Context()).Readers, func(r token.Reader) bool { return r.Card != nil })
	})
	_, err = s.Sign(t.Context(), keys[0], make([]byte, 32), sha256Options)
	wantKind(t, err, token.KindCardRemoved)
	pcsc.Put(chip)
	tokentest.Eventually(t, "the card is back", func() bool {
		_, err := s.Certificates(t.Context())
		return err == nil
	})
	_, err = s.Sign(t.Context(), keys[0], make([]byte, 32), sha256Options)
	wantKind(t, err, token.KindLoginNeeded)
}

// Each change on the real PC/SC stack is told within 1.5 s, and nothing reaches a card that rests. The time is judged by make bench; a
// busy machine, on which no absolute time may decide, only has to tell each change.
func TestHotPlug(t *testing.T) {
	most := 8 * time.Second
	if os.Getenv("REKEY_BENCH") != "" {
		most = 1500 * time.Millisecond
	}
	pcsc := tokentest.NewPCSC(t)
	set := token.NewSet([]string{tokentest.OpenSC(t)}, func(path string) token.Module { return token.Helper(path, command(t)) })
	defer set.Close()
	seen := make(chan token.Snapshot, 100)
	go set.Watch(t.Context(), time.Second, func(s token.Snapshot) { seen <- s })
	first := <-seen
	if len(first.Readers) == 0 || first.Readers[0].Card != nil {
		t.Fatalf("%+v", first)
	}
	// change makes something happen and gives the time until it is told. Other tests may have the processor, so each
	// change has three chances to be in time.
	change := func(what string, happens func(), want token.ChangeKind) (took time.Duration) {
		t.Helper()
		happens()
		begun := time.Now()
		for limit := time.After(15 * time.Second); ; {
			select {
			case s := <-seen:
				if slices.ContainsFunc(s.Changes, func(c token.Change) bool { return c.Kind == want }) {
					took = time.Since(begun)
					t.Logf("%s: told after %v", what, took.Round(time.Millisecond))
					return took
				}
			case <-limit:
				t.Fatalf("%s was not told; now %+v", what, set.Snapshot(t.Context()))
			}
		}
	}
	best := map[string]time.Duration{}
	chip := tokentest.NewPIV(t, "123456")
	var remove func()
	for range 3 {
		took := map[string]time.Duration{}
		took["card in"] = change("card in", func() { remove = pcsc.Put(chip) }, token.CardIn)
		took["card out"] = change("card out", func() { remove() }, token.CardOut)
		took["unreadable card in"] = change("unreadable card in", func() { remove = pcsc.PutVicc() }, token.CardUnreadable)
		took["unreadable card out"] = change("unreadable card out", func() { remove() }, token.CardOut)
		took["service stopped"] = change("service stopped", pcsc.Stop, token.ServiceGone)
		took["service started"] = change("service started", pcsc.Start, token.ServiceCome)
		slow := false
		for what, d := range took {
			if b, ok := best[what]; !ok || d < b {
				best[what] = d
			}
			slow = slow || best[what] > most
		}
		if !slow {
			break
		}
	}
	for what, d := range best {
		if d > most {
			t.Errorf("%s was told after %v at best", what, d)
		}
	}
	change("card in", func() { pcsc.Put(chip) }, token.CardIn)
	for before := -1; before != chip.Counts().Commands; time.Sleep(time.Second) {
		before = chip.Counts().Commands // until the module has seen enough of the new card
	}
	before := chip.Counts().Commands
	time.Sleep(2 * time.Second) // the time in which nothing must happen
	if n := chip.Counts().Commands - before; n != 0 {
		t.Errorf("%d commands reached a card at rest", n)
	}
}

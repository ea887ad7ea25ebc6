package pkcs11

import (
	"strings"
	"testing"
	"time"

	"rekey/token"
	"rekey/token/tokentest"
)

// Modules that crash, hang, do not load or go wrong in the middle do not disturb the others, and they
// are usable again when they behave.
func TestBrokenModulesBesideAGoodOne(t *testing.T) {
	f := newFaulty(t)
	good := tokentest.SoftHSM(t)
	command := command(t)
	limits := token.Limits{Call: 3 * time.Second, Write: 20 * time.Second, Pad: time.Minute}
	set := token.NewSet([]string{f.path, "/no/such/module.so", good}, func(path string) token.Module {
		return token.HelperWithin(path, command, limits)
	})
	defer set.Close()
	m, _ := set.Module(good)
	s := newCard(t, m, "good card")
	login(t, s)
	key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	for fault, kind := range map[string]token.Kind{"hang@GetSlotList": token.KindModuleHang, "crash@GetSlotList": token.KindModuleCrash, "none": ""} {
		f.set(t, fault)
		snap := set.Snapshot(t.Context())
		if got := snap.Modules[0]; got.Kind != kind {
			t.Errorf("%s: %+v", fault, got)
		}
		if fault == "crash@GetSlotList" && !strings.Contains(snap.Modules[0].Err, "SIGSEGV") {
			t.Errorf("crash: %s", snap.Modules[0].Err)
		}
		if snap.Modules[1].Kind != token.KindModuleLoad || snap.Modules[2].Kind != "" {
			t.Errorf("%s: %+v", fault, snap.Modules)
		}
		if _, err := s.Sign(t.Context(), key, make([]byte, 32), sha256Options); err != nil {
			t.Errorf("%s: the good module: %v", fault, err)
		}
		again, err := set.Open(t.Context(), s.Card().Serial)
		if err != nil {
			t.Fatalf("%s: %v", fault, err)
		}
		again.Close()
	}
}

// A session outlives the death of its module; only the PIN has to be given again.
func TestSessionAfterACrash(t *testing.T) {
	f := newFaulty(t)
	m := token.Helper(f.path, command(t))
	defer m.Close()
	s := newCard(t, m, "card")
	login(t, s)
	key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: token.RSA2048, ID: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	f.set(t, "crash@GetSlotList")
	_, err = m.Readers(t.Context())
	wantKind(t, err, token.KindModuleCrash)
	_, err = s.Keys(t.Context())
	wantKind(t, err, token.KindModuleCrash)
	f.set(t)
	_, err = s.Sign(t.Context(), key, make([]byte, 32), sha256Options)
	wantKind(t, err, token.KindLoginNeeded)
	login(t, s)
	if _, err := s.Sign(t.Context(), key, make([]byte, 32), sha256Options); err != nil {
		t.Fatal(err)
	}
}

// Opening a card through a set finds it behind the helper as well.
func TestSetOfHelpersFindsTheCard(t *testing.T) {
	path := tokentest.SoftHSM(t)
	set := token.NewSet([]string{path}, func(path string) token.Module { return token.Helper(path, command(t)) })
	defer set.Close()
	m, _ := set.Module(path)
	serial := newCard(t, m, "card").Card().Serial
	s, err := set.Open(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	login(t, s)
	snap := set.Snapshot(t.Context())
	if len(snap.Problems) != 0 {
		t.Fatalf("%+v", snap.Problems)
	}
}

// A module that refuses to be told of threads, and crashes when a second thread calls it.
func TestModuleOfOneThread(t *testing.T) {
	tokentest.Contract(t, func(t *testing.T) token.Module {
		f := newFaulty(t)
		f.set(t, "no-arguments two-threads")
		m := token.Helper(f.path, command(t))
		t.Cleanup(func() { m.Close() })
		return m
	}, token.ECP256)
}

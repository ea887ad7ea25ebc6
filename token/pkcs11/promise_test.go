package pkcs11

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
	"rekey/token/tokentest"
)

// The promises of speed, measured side by side in one run: the ways take turns, so that whatever else the machine does
// falls on all of them, and the medians are compared. `make bench` runs it; in the ordinary tests it only has to work.

// samples is how often each way is measured.
func samples(t *testing.T) int {
	if os.Getenv("REKEY_BENCH") != "" {
		return 400
	}
	return 10
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// TestPromiseSign: a signature through the helper takes at most 0.3 ms longer than in process.
func TestPromiseSign(t *testing.T) {
	path := tokentest.SoftHSM(t)
	behind := token.Helper(path, command(t))
	defer behind.Close()
	card := newCard(t, behind, "bench")
	login(t, card)
	keys := map[token.Algorithm]token.Key{}
	for i, alg := range []token.Algorithm{token.RSA2048, token.ECP256} {
		key, err := card.Generate(t.Context(), token.KeySpec{Algorithm: alg, ID: []byte{byte(i + 1)}})
		if err != nil {
			t.Fatal(err)
		}
		keys[alg] = key
	}
	m, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	here, err := m.Open(t.Context(), card.Card().Serial)
	if err != nil {
		t.Fatal(err)
	}
	login(t, here)
	for alg, key := range keys {
		var bare, driver, helper []time.Duration
		for range samples(t) {
			bare = append(bare, timed(t, func() error { return bareSign(here.(*session), key) }))
			driver = append(driver, timed(t, func() error { return signOnce(t, here, key) }))
			helper = append(helper, timed(t, func() error { return signOnce(t, card, key) }))
		}
		more := median(helper) - median(driver)
		t.Logf("%s: bare C calls %v, in process %v, through the helper %v (+%v)", alg, median(bare), median(driver), median(helper), more)
		if os.Getenv("REKEY_BENCH") != "" && more > 300*time.Microsecond {
			t.Errorf("%s: the helper takes %v longer", alg, more)
		}
	}
}

func timed(t *testing.T, do func() error) time.Duration {
	t.Helper()
	begun := time.Now()
	if err := do(); err != nil {
		t.Fatal(err)
	}
	return time.Since(begun)
}

func signOnce(t *testing.T, s token.Session, key token.Key) error {
	_, err := s.Sign(t.Context(), key, make([]byte, 32), sha256Options)
	return err
}

// bareSign is C_SignInit and C_Sign with the handle looked up: what the module itself needs.
func bareSign(s *session, key token.Key) error {
	mechanism, input := uint(p11.CKM_ECDSA), make([]byte, 32)
	if key.Algorithm == token.RSA2048 {
		mechanism, input = p11.CKM_RSA_PKCS, make([]byte, 51)
	}
	for _, k := range s.keys {
		if k.marked && string(k.spki) == string(key.SPKI) {
			_, _, err := s.m.lib.sign(s.handle, k.private, attempt{mechanism: mechanism, input: input}, false, nil)
			return err
		}
	}
	_, err := s.privateOf("bench", key)
	return err
}

// bareList is what the module itself needs to list the certificates of every card that it shows.
func bareList(m *module) (certificates int, err error) {
	slots, err := m.ctx.GetSlotList(true)
	if err != nil {
		return 0, err
	}
	for _, slot := range slots {
		info, err := m.ctx.GetTokenInfo(slot)
		if err != nil {
			return 0, err
		}
		if info.Flags&p11.CKF_TOKEN_INITIALIZED == 0 {
			continue
		}
		sh, err := m.ctx.OpenSession(slot, p11.CKF_SERIAL_SESSION)
		if err != nil {
			return 0, err
		}
		if err := m.ctx.FindObjectsInit(sh, []*p11.Attribute{class(p11.CKO_CERTIFICATE)}); err != nil {
			return 0, err
		}
		found, _, err := m.ctx.FindObjects(sh, 64)
		if err != nil {
			return 0, err
		}
		if err := m.ctx.FindObjectsFinal(sh); err != nil {
			return 0, err
		}
		for _, o := range found {
			ask := []*p11.Attribute{p11.NewAttribute(p11.CKA_ID, nil), p11.NewAttribute(p11.CKA_LABEL, nil), p11.NewAttribute(p11.CKA_VALUE, nil)}
			if _, err := m.ctx.GetAttributeValue(sh, o, ask); err != nil {
				return 0, err
			}
		}
		certificates += len(found)
		if err := m.ctx.CloseSession(sh); err != nil {
			return 0, err
		}
	}
	return certificates, nil
}

// TestPromiseListing: 3 modules with 2 cards of 4 certificates each, once loaded, are listed in at most 150 ms. The bare C
// calls beside it are those of one module in this process, three times.
func TestPromiseListing(t *testing.T) {
	soft := tokentest.SoftHSM(t)
	conf := os.Getenv("SOFTHSM2_CONF")
	var paths []string
	modules := map[string]token.Module{}
	for i := range 3 { // three stores, each with a module that has its configuration to itself
		path := filepath.Join(t.TempDir(), fmt.Sprintf("module%d.so", i))
		if err := os.Symlink(soft, path); err != nil {
			t.Fatal(err)
		}
		tokentest.SoftHSM(t)
		m := token.Helper(path, append([]string{"env", "SOFTHSM2_CONF=" + os.Getenv("SOFTHSM2_CONF")}, command(t)...))
		for range 2 {
			s := newCard(t, m, "card")
			login(t, s)
			key, err := s.Generate(t.Context(), token.KeySpec{Algorithm: token.ECP256, ID: []byte{1}})
			if err != nil {
				t.Fatal(err)
			}
			for n := range 4 {
				if err := s.PutCertificate(t.Context(), key.ID, "certificate", tokentest.Certificate(t, s, key, int64(n+1))); err != nil {
					t.Fatal(err)
				}
			}
			s.Close()
		}
		paths, modules[path] = append(paths, path), m
	}
	// This process has the last of the three stores.
	loaded, err := Load(soft)
	if err != nil {
		t.Fatal(err)
	}
	defer loaded.Close()
	t.Setenv("SOFTHSM2_CONF", conf)
	set := token.NewSet(paths, func(path string) token.Module { return modules[path] })
	defer set.Close()
	list := func() error {
		found := 0
		for _, r := range set.Snapshot(t.Context()).Readers {
			if r.Card == nil || r.Card.Blank {
				continue
			}
			s, err := set.OpenIn(t.Context(), r)
			if err != nil {
				return err
			}
			certs, err := s.Certificates(t.Context())
			if err != nil {
				return err
			}
			found += len(certs)
			s.Close()
		}
		if found != 24 {
			return fmt.Errorf("%d certificates: %+v", found, set.Snapshot(t.Context()))
		}
		return nil
	}
	bareLists := func() error {
		for range 3 {
			if n, err := bareList(loaded.(*module)); err != nil || n != 8 {
				return fmt.Errorf("%d certificates, %w", n, err)
			}
		}
		return nil
	}
	var bare, times []time.Duration
	for range max(samples(t)/10, 3) {
		bare = append(bare, timed(t, bareLists))
		times = append(times, timed(t, list))
	}
	t.Logf("3 modules, 6 cards, 24 certificates: %v, bare C calls %v", median(times), median(bare))
	if os.Getenv("REKEY_BENCH") != "" && median(times) > 150*time.Millisecond {
		t.Errorf("listing takes %v", median(times))
	}
}

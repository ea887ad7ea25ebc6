//go:build cgo && promises

package gosttest_test

import (
	"context"
	"slices"
	"testing"
	"time"

	p11 "github.com/miekg/pkcs11"

	"rekey/app/gost"
	"rekey/token/gosttest"
)

func timed(t *testing.T, f func() error) time.Duration {
	t.Helper()
	began := time.Now()
	if err := f(); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func verdict(t *testing.T, kept bool, format string, args ...any) {
	t.Helper()
	t.Logf(format, args...)
	if !kept {
		t.Error("not kept")
	}
}

// A GOST request, proved, at most 1 ms more than the bare C_Sign beside it.
func TestPromiseGOSTRequest(t *testing.T) {
	s := open(t, gosttest.SoftHSM(t), initialize)
	k, secret, err := s.generate(named(t, "CryptoPro-A"), false)
	if err != nil {
		t.Fatal(err)
	}
	sign := s.signer(secret, p11.CKM_GOSTR3410, false)
	var whole, bare []time.Duration
	for range 200 {
		bare = append(bare, timed(t, func() error {
			_, err := sign(context.Background(), make([]byte, 32), nil)
			return err
		}))
		whole = append(whole, timed(t, func() error {
			_, err := makeRequest(t, k, sign)
			return err
		}))
	}
	a, b := median(whole), median(bare)
	verdict(t, a-b <= time.Millisecond, "GOST request: %v, bare C_Sign %v, %v more (at most 1ms)", a, b, a-b)
}

// Streebog at least 25 MB/s.
func TestPromiseStreebog(t *testing.T) {
	message := make([]byte, 1<<20)
	var all []time.Duration
	for range 20 {
		all = append(all, timed(t, func() error {
			gost.Sum256(message)
			return nil
		}))
	}
	speed := float64(len(message)) / 1e6 / median(all).Seconds()
	verdict(t, speed >= 25, "Streebog: %.0f MB/s (at least 25)", speed)
}

// A verification at most 5 ms, with the slowest of the curves in use.
func TestPromiseVerification(t *testing.T) {
	judge := gosttest.NewJudge(t)
	for _, name := range []string{"tc26-256-A", "tc26-256-D", "tc26-512-A", "tc26-512-B", "tc26-512-C"} {
		set := named(t, name)
		engineName := map[string]string{"tc26-256-D": "TCD"}[name]
		if engineName == "" {
			engineName = set.OID.String()
		}
		key := judge.Generate(set.Bits, engineName)
		k, err := gost.ParsePublicKey(key.SPKI)
		if err != nil {
			t.Fatal(err)
		}
		digest := make([]byte, set.Bits/8)
		signature := judge.Sign(key, digest)
		var all []time.Duration
		for range 100 {
			all = append(all, timed(t, func() error { return gost.Verify(k, digest, signature) }))
		}
		verdict(t, median(all) <= 5*time.Millisecond, "verification, %s: %v (at most 5ms)", name, median(all))
	}
}

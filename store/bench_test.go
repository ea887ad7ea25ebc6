package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"rekey/store"
)

const registered = 100_000

var firstEnd = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// registerOf fills a store with invented certificates.
func registerOf(b testing.TB, n int) string {
	b.Helper()
	dir := b.TempDir()
	s, err := store.OpenWith(dir, store.Options{NoBackup: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for from := 0; from < n; from += 5000 {
		if err := s.Update(func(tx *store.Tx) error {
			for i := from; i < min(n, from+5000); i++ {
				if err := tx.PutCertificate(invented(i)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

func invented(i int) store.Certificate {
	sum := sha256.Sum256(fmt.Append(nil, i))
	id := hex.EncodeToString(sum[:])
	end := firstEnd.Add(time.Duration(i*7919%registered) * time.Hour)
	return store.Certificate{Fingerprint: id, HolderKey: id[10:] + id[:10], Holder: fmt.Sprintf("Örnek Kişi %06d", i), Issuer: "CN=Deneme Sağlayıcı", Serial: id[:20],
		Card: fmt.Sprintf("CARD%06d", i/2), Purpose: "signing", NotBefore: end.AddDate(-3, 0, 0), NotAfter: end, Document: id}
}

// BenchmarkRegister measures the promises of the register (open 300 ms, page of 100 by expiry 5 ms, text filter 50 ms) beside a plain scan
// of the same file by bbolt.
func BenchmarkRegister(b *testing.B) {
	dir := registerOf(b, registered)
	options := store.Options{NoBackup: true}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			s, err := store.OpenWith(dir, options)
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
	})
	s, err := store.OpenWith(dir, options)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("page of 100 by expiry", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			from := store.ExpiryFrom(firstEnd.Add(time.Duration(i*997%90_000) * time.Hour))
			if err := s.View(func(tx *store.Tx) error {
				page, _, err := tx.CertificatesByExpiry(from, 100)
				if err != nil || len(page) != 100 || page[99].NotAfter.Before(page[0].NotAfter) {
					b.Fatal(len(page), err)
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("text filter", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			want := fmt.Sprintf("%06d", i*7%registered)
			page, total, err := s.FindCertificates("ornek "+want, 0, 100)
			if err != nil || total < 1 || len(page) != total {
				b.Fatal(total, err)
			}
		}
	})
	b.Run("text filter that all fit", func(b *testing.B) {
		for b.Loop() {
			if page, total, err := s.FindCertificates("KİŞİ", 0, 100); err != nil || total != registered || len(page) != 100 {
				b.Fatal(total, err)
			}
		}
	})
	s.Close()
	b.Run("first text filter after open", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			s, err := store.OpenWith(dir, options)
			if err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			if _, total, err := s.FindCertificates("ornek 000777", 0, 100); err != nil || total < 1 {
				b.Fatal(total, err)
			}
			b.StopTimer()
			s.Close()
			b.StartTimer()
		}
	})
	b.Run("bbolt alone: open", func(b *testing.B) {
		for b.Loop() {
			db, err := bbolt.Open(filepath.Join(dir, "rekey.db"), 0o600, &bbolt.Options{Timeout: time.Second})
			if err != nil {
				b.Fatal(err)
			}
			db.Close()
		}
	})
	b.Run("bbolt alone: scan without opening a value", func(b *testing.B) {
		db, err := bbolt.Open(filepath.Join(dir, "rekey.db"), 0o600, &bbolt.Options{Timeout: time.Second})
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		for b.Loop() {
			n := 0
			_ = db.View(func(tx *bbolt.Tx) error {
				return tx.Bucket([]byte("certificates")).ForEach(func(k, v []byte) error { n += len(v); return nil })
			})
		}
	})
}

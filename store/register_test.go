package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rekey/store"
)

func end(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }

func register(t *testing.T, s *store.Store, all ...store.Certificate) {
	t.Helper()
	if err := s.Update(func(tx *store.Tx) error {
		for _, c := range all {
			if err := tx.PutCertificate(c); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// found lists the fingerprints that a text finds.
func found(t *testing.T, s *store.Store, text string) (list string) {
	t.Helper()
	page, total, err := s.FindCertificates(text, 0, 10)
	if err != nil || total != len(page) {
		t.Fatalf("%q: %d of %d, %v", text, len(page), total, err)
	}
	for _, c := range page {
		list += c.Fingerprint
	}
	return list
}

func TestTheRegisterIsInTheOrderOfExpiryAndIsSearched(t *testing.T) {
	s := open(t, t.TempDir())
	register(t, s,
		store.Certificate{Fingerprint: "a", Holder: "AYŞE GÜL ÖRNEK", NotAfter: end(20)},
		store.Certificate{Fingerprint: "b", Holder: "Ирина Ёлкина", NotAfter: end(10)},
		store.Certificate{Fingerprint: "c", Holder: "Đặng Thị Mẫu", Card: "CARD0001", NotAfter: end(15)},
		store.Certificate{Fingerprint: "d", Holder: "Işık Örnek", NotAfter: time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC)})
	for text, want := range map[string]string{"": "dbca", "ornek": "da", "ORNEK gul": "a", "елкина": "b", "dang mau": "c", "card0001": "c", "isik": "d", "nobody": ""} {
		if got := found(t, s, text); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	// The block of text is in memory now and follows.
	register(t, s, store.Certificate{Fingerprint: "a", Holder: "Ayşe Başka", NotAfter: end(1)}, store.Certificate{Fingerprint: "e", Holder: "Yeni Örnek", NotAfter: end(12)})
	if err := s.Update(func(tx *store.Tx) error { return tx.Delete(store.Certificates, "d") }); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"": "abec", "ornek": "e", "baska": "a"} {
		if got := found(t, s, text); got != want {
			t.Errorf("later %q finds %q, want %q", text, got, want)
		}
	}
	if _, _, err := s.Compact(); err != nil {
		t.Fatal(err)
	}
	found(t, s, "")
	register(t, s, store.Certificate{Fingerprint: "e", Holder: "Yeni Ad", NotAfter: end(12)})
	if got := found(t, s, "ornek") + found(t, s, "yeni"); got != "e" {
		t.Errorf("after compaction: %q", got)
	}
	var pages string
	if err := s.View(func(tx *store.Tx) error {
		for next := store.ExpiryFrom(end(2)); ; {
			page, after, err := tx.CertificatesByExpiry(next, 2)
			if err != nil {
				return err
			}
			for _, c := range page {
				pages += c.Fingerprint
			}
			pages += "."
			if next = after; next == "" {
				return nil
			}
		}
	}); err != nil || pages != "be.c." {
		t.Errorf("pages %q, %v", pages, err)
	}
	if r := clean(t, s); r.Values[store.Certificates] != 4 {
		t.Errorf("%+v", r)
	}
}

func TestSearchWhileTheRegisterChanges(t *testing.T) {
	s := open(t, t.TempDir())
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Go(func() {
			for i := range 25 {
				c := store.Certificate{Fingerprint: fmt.Sprintf("%d-%d", w, i%9), Holder: fmt.Sprintf("Örnek %d", i), NotAfter: end(i + 1)}
				if err := s.Update(func(tx *store.Tx) error { return tx.PutCertificate(c) }); err != nil {
					t.Error(err)
				}
				if _, _, err := s.FindCertificates("ornek", 0, 100); err != nil {
					t.Error(err)
				}
				if i == 12 {
					if _, _, err := s.Compact(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	if _, total, err := s.FindCertificates("ornek", 0, 0); err != nil || total != 27 {
		t.Errorf("%d found, %v", total, err)
	}
	clean(t, s)
}

// The process ends between the two last renames of a restore.
func TestARestoreCutOffIsFinishedOrHasNotHappened(t *testing.T) {
	dir, s := filled(t)
	s.Close()
	path, restored := filepath.Join(dir, "rekey.db"), filepath.Join(dir, "rekey.db.restored")
	if err := os.Rename(path, restored); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if got := setting(t, s, "lang"); got != "tr" {
		t.Errorf("reads %q", got)
	}
	s.Close()
	if err := os.WriteFile(restored, []byte("never put in place"), 0o600); err != nil {
		t.Fatal(err)
	}
	clean(t, open(t, dir))
	if _, err := os.Stat(restored); err == nil {
		t.Error("the copy that was not put in place is still there")
	}
}

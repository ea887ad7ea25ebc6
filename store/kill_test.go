package store_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"rekey/store"
)

var kills = flag.Int("kills", 60, "how often a writing process is killed")

func TestMain(m *testing.M) {
	if dir := os.Getenv("REKEY_TEST_WRITER"); dir != "" {
		if err := write(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// content is the document of change n.
func content(n int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "document %d ", n), n*7919%3000+1)
}

// write changes the store until it is killed, and tells each change after it is on disk. Now and then it compacts and backs up.
func write(dir string) error {
	s, err := store.Open(dir)
	if err != nil {
		return err
	}
	fmt.Println("open")
	n := 0
	_ = s.View(func(tx *store.Tx) error { n, _ = store.Get[int](tx, store.Settings, "changes"); return nil })
	for {
		n++
		err := s.Update(func(tx *store.Tx) error {
			name, err := tx.PutDocument(content(n))
			if err != nil {
				return err
			}
			c := map[string]any{"documents": []map[string]string{{"sha256": name}}}
			if err := store.Put(tx, store.Cases, strconv.Itoa(n%5), c); err != nil {
				return err
			}
			if err := tx.PutCertificate(store.Certificate{Fingerprint: fmt.Sprint("fingerprint ", n%40), NotAfter: time.Unix(int64(n), 0), Document: name}); err != nil {
				return err
			}
			if err := store.Put(tx, store.Events, fmt.Sprintf("%d/%s", n%5, store.Sequence(uint64(n))), map[string]string{"document_sha256": name}); err != nil {
				return err
			}
			return store.Put(tx, store.Settings, "changes", n)
		})
		if err == nil && n%17 == 0 {
			_, _, err = s.Compact()
		}
		if err == nil && n%23 == 0 {
			_, err = s.Backup("")
		}
		if err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// A writing process is killed at random points. The file opens, is whole, and has every change that was told.
func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	told := 0
	for round := range *kills {
		writer := exec.Command(os.Args[0])
		writer.Env = append(os.Environ(), "REKEY_TEST_WRITER="+dir)
		var stderr bytes.Buffer
		writer.Stderr = &stderr
		out, err := writer.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		if !lines.Scan() {
			t.Fatalf("round %d: %s", round, &stderr)
		}
		// The moment of the kill is what is tried here, not something that is waited for.
		time.AfterFunc(rand.N(60*time.Millisecond), func() { _ = writer.Process.Kill() })
		for lines.Scan() {
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				told = n
			}
		}
		_ = writer.Wait()
		if stderr.Len() > 0 {
			t.Fatalf("round %d: %s", round, &stderr)
		}
		s, err := store.Open(dir)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if round%10 == 0 || round == *kills-1 {
			clean(t, s)
		}
		survived(t, s, told, round)
		s.Close()
	}
	t.Logf("%d changes", told)
}

func survived(t *testing.T, s *store.Store, told, round int) {
	t.Helper()
	err := s.View(func(tx *store.Tx) error {
		n, err := store.Get[int](tx, store.Settings, "changes")
		if told > 0 && (err != nil || n < told) {
			t.Fatalf("round %d: %d changes were told and %d are there: %v", round, told, n, err)
		}
		for i := max(1, told-50); i <= n; i++ {
			event, err := store.Get[map[string]string](tx, store.Events, fmt.Sprintf("%d/%s", i%5, store.Sequence(uint64(i))))
			if err != nil {
				return err
			}
			if data, err := tx.Document(event["document_sha256"]); err != nil || !bytes.Equal(data, content(i)) {
				t.Fatalf("round %d: document of change %d: %v", round, i, err)
			}
		}
		return nil
	})
	if err != nil && !strings.Contains(err.Error(), string(store.NotFound)) {
		t.Fatalf("round %d: %v", round, err)
	}
}

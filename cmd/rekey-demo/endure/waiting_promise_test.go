//go:build promises

package endure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"rekey/app/cases"
	"rekey/store"
)

// What "make bench" measures: see also load_promise_test.go.

// promise prints a line of the table and fails when it is not kept.
func promise(t *testing.T, kept bool, format string, args ...any) {
	t.Helper()
	word := "kept"
	if !kept {
		word = "NOT KEPT"
		t.Fail()
	}
	fmt.Printf("promise %-8s "+format+"\n", append([]any{word}, args...)...)
}

// Ten thousand cases wait in the outbox of a client whose office was away. They reach a server on loopback in at most 30 s, and the
// client's process grows by at most 64 MB. The server runs without a bound on requests of one account: its default of 100 a second
// is meant for one person and would need 200 s.
func TestPromiseTenThousandWaiting(t *testing.T) {
	for _, own := range []bool{false, true} { // one form for all, which the office has after the first; or, not judged, further documents too
		s := newServer(t)
		dir := filepath.Join(t.TempDir(), "client")
		n := 10_000
		if own {
			n = 2000
		}
		fill(t, dir, n, own)
		client := startClient(t, job{Dir: dir, Central: s.url, Deliver: true})
		told := map[string]int64{}
		for line := range client.lines {
			if why, bad := strings.CutPrefix(line, "fatal "); bad {
				t.Fatal(why)
			}
			var name string
			var value int64
			if _, err := fmt.Sscanf(line, "%s %d", &name, &value); err == nil {
				told[name] = value
			}
		}
		_ = client.cmd.Wait()
		took, grown := time.Duration(told["took"]), told["peak"]-told["start"]
		spent := client.cmd.ProcessState.UserTime() + client.cmd.ProcessState.SystemTime()
		with := "one form for all"
		if own {
			with = "and 2 kB each of their own"
		}
		if got := len(s.cases()); got != n {
			t.Errorf("the office holds %d cases", got)
		}
		s.stop()
		promise(t, told["waiting"] == 0 && (own || took <= 30*time.Second && grown <= 64<<20),
			"outbox: %d waiting cases, %s, delivered in %.1f s (at most 30; %.1f s of a core in the client, %.1f in the office), %d MB over the start (at most 64; %d MB without the mapped store); %d left",
			n, with, took.Seconds(), spent.Seconds(), s.spent.Seconds(), grown>>20, (told["anonymous"]-told["anonymous-start"])>>20, told["waiting"])
	}
}

var keyPart = regexp.MustCompile(`"key":"[^"]*"`)

// fill begins one case while no office is there, and copies all that the store then holds of it under other IDs.
func fill(t *testing.T, dir string, n int, own bool) {
	t.Helper()
	d, err := openDesk(dir, "http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	p := plan{number: 1}
	if own {
		p.first = []paper{{"letter", "letter.pdf", fmt.Appendf(nil, "%%PDF-1.7\n%02000d\n%%%%EOF\n", 0)}}
	}
	c, err := d.handIn(t.Context(), p)
	if excused(err) != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := store.OpenWith(filepath.Join(dir, "store"), store.Options{NoBackup: true})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	err = kept.Update(func(tx *store.Tx) error {
		whole, err := store.Get[json.RawMessage](tx, store.Cases, c.ID)
		if err != nil {
			return err
		}
		events, waiting := map[string]json.RawMessage{}, json.RawMessage{}
		if err := store.Each(tx, store.Events, c.ID+"/", func(key string, v json.RawMessage) error { events[key] = v; return nil }); err != nil {
			return err
		}
		if err := store.Each(tx, store.Outbox, "", func(_ string, v json.RawMessage) error { waiting = v; return nil }); err != nil {
			return err
		}
		for i := 1; i < n; i++ {
			id, err := uuid.NewV7()
			if err != nil {
				return err
			}
			other := func(v json.RawMessage) json.RawMessage { return bytes.ReplaceAll(v, []byte(c.ID), []byte(id.String())) }
			if own {
				document := fmt.Appendf(nil, "%%PDF-1.7\n%02000d\n%%%%EOF\n", i)
				sum, err := tx.PutDocument(document)
				if err != nil {
					return err
				}
				shared, plain := other, paperSum(c)
				other = func(v json.RawMessage) json.RawMessage {
					return bytes.ReplaceAll(shared(v), []byte(plain), []byte(sum))
				}
			}
			if err := store.Put(tx, store.Cases, id.String(), other(whole)); err != nil {
				return err
			}
			for key, e := range events {
				if err := store.Put(tx, store.Events, strings.ReplaceAll(key, c.ID, id.String()), other(e)); err != nil {
					return err
				}
			}
			seq, err := tx.Next(store.Outbox)
			if err != nil {
				return err
			}
			item := keyPart.ReplaceAll(other(waiting), fmt.Appendf(nil, `"key":%q`, id))
			if err := store.Put(tx, store.Outbox, store.Sequence(seq), json.RawMessage(item)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		_, _, err = kept.Compact() // one transaction of this size leaves its pages half empty; those of a person do not
	}
	if err != nil {
		t.Fatal(err)
	}
}

func paperSum(c cases.Case) string {
	d, _ := c.Document("letter")
	return d.SHA256
}

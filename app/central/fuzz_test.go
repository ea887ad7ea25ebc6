package central_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rekey/app/central"
)

// script answers as the fuzzer says.
type script struct {
	mu sync.Mutex
	h  http.HandlerFunc
}

func scripted(f *testing.F) (*script, *central.Client) {
	f.Helper()
	s := &script{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		h := s.h
		s.mu.Unlock()
		h(w, r)
	}))
	f.Cleanup(server.Close)
	c, err := central.New(central.Options{Address: server.URL, Key: key, Timeout: 20 * time.Second})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(c.Close)
	return s, c
}

func (s *script) is(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.h = h
}

// known are the kinds that an answer of any server may have; Offline is for those that HTTP itself does not take.
func known(err error) bool {
	switch central.KindOf(err) {
	case central.Offline, central.Busy, central.BadAnswer, central.Refused, central.Gone, central.Conflict, central.NotAdmitted, central.Proxy:
		return true
	}
	return err == nil
}

// status makes one that a final answer can have.
func status(n uint16) int { return 200 + int(n)%400 }

func FuzzAnswers(f *testing.F) {
	s, c := scripted(f)
	f.Add(uint16(0), jsonType, `{"changes":[{"cursor":1}],"next":1}`, `"1"`, "7")
	f.Add(uint16(0), jsonType, `{"items":[{"id":"a"}],"next":"b","id":"a","overrides":[]}`, `"1"`, "")
	f.Add(uint16(201), problemType, `{"detail":"who are you"}`, "", "")
	f.Add(uint16(212), problemType, `{}`, `"9223372036854775808"`, "")
	f.Add(uint16(222), problemType, `{"missing":[""]}`, "", "")
	f.Add(uint16(229), "", "", "", "Mon, 02 Jan 2006 15:04:05 GMT")
	f.Fuzz(func(t *testing.T, code uint16, media, body, tag, retry string) {
		s.is(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"], w.Header()["Etag"], w.Header()["Retry-After"] = []string{media}, []string{tag}, []string{retry}
			w.WriteHeader(status(code))
			_, _ = io.WriteString(w, body)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		changes, err := c.Changes(ctx, 3, 0)
		if err == nil && (changes.Next < 3 || changes.More && len(changes.Changes) == 0) {
			t.Errorf("a feed that does not go on: %+v", changes)
		}
		one, err2 := c.Case(ctx, "a")
		if err2 == nil && one.ID != "a" {
			t.Error("another case")
		}
		_, _, err3 := c.Overrides(ctx, tag)
		page, err4 := c.Certificates(ctx, "a")
		if err4 == nil && (page.Next == "a" || page.Next != "" && len(page.Items) == 0) {
			t.Errorf("a list that does not go on: %+v", page)
		}
		_, err5 := c.PutCard(ctx, central.Card{ID: "a"}, 1)
		if ctx.Err() != nil {
			t.Error("it took too long")
		}
		for _, err := range []error{err, err2, err3, err4, err5} {
			if e, ok := err.(*central.Error); !known(err) || ok && (e.Wait < 0 || e.Wait > time.Hour || e.Version < 0 || len(e.Error()) > 20000 || strings.Contains(e.Error(), key)) {
				t.Errorf("%#v", err)
			}
		}
	})
}

// FuzzUploads: two bytes for each answer, its status and how far the offset is from what was sent.
func FuzzUploads(f *testing.F) {
	s, c := scripted(f)
	data, sum := bytesOf(2*mib + 7)
	f.Add([]byte{204, 0, 204, 0, 204, 0})
	f.Add([]byte{144, 0, 153, 9, 153, 0, 153, 9})
	f.Add([]byte{144, 200, 148, 0, 148, 0})
	f.Fuzz(func(t *testing.T, answers []byte) {
		asked, done := 0, false
		s.is(func(w http.ResponseWriter, r *http.Request) {
			n, _ := io.Copy(io.Discard, r.Body)
			code, far := 204, byte(0)
			if at := 2 * asked; at+1 < len(answers) {
				code, far = status(uint16(answers[at])), answers[at+1]
			}
			asked++
			at, _ := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
			w.Header().Set("Upload-Offset", strconv.FormatInt(at+n-int64(int8(far))*1000, 10))
			w.WriteHeader(code)
			done = done || code < 300 && (code != 204 || r.Method == http.MethodPut)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		err := c.PutDocument(ctx, sum, data, nil)
		if asked > 15 || ctx.Err() != nil {
			t.Errorf("%d requests", asked)
		}
		if err == nil && !done || !known(err) {
			t.Errorf("%v, and the server never had it all", err)
		}
	})
}

// FuzzDownloads: whatever the parts of an answer are, what comes back is what was asked for.
func FuzzDownloads(f *testing.F) {
	s, c := scripted(f)
	data := []byte("a document that is sent in parts")
	f.Add(uint16(0), "bytes 0-31/32", `"x"`, 32, 10)
	f.Add(uint16(6), "bytes 0-31/32", `"x"`, 32, 32)
	f.Add(uint16(6), "bytes 0-9223372036854775806/9223372036854775807", "", 5, 5)
	f.Fuzz(func(t *testing.T, code uint16, part, tag string, length, cut int) {
		asked := 0
		s.is(func(w http.ResponseWriter, r *http.Request) {
			asked++
			w.Header()["Content-Range"], w.Header()["Etag"] = []string{part}, []string{tag}
			if length >= 0 {
				w.Header().Set("Content-Length", strconv.Itoa(length))
			}
			w.WriteHeader(status(code))
			_, _ = w.Write(data[:min(len(data), max(0, cut))])
		})
		got, err := c.Document(t.Context(), hash(data), nil)
		if err == nil && string(got) != string(data) || !known(err) || asked > 2 {
			t.Errorf("%v after %d requests: %q", err, asked, got)
		}
	})
}

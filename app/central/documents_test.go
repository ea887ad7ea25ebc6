package central_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rekey/app/central"
)

const mib = 1 << 20

// bytesOf makes n bytes and their SHA-256.
func bytesOf(n int) (data []byte, sum string) {
	data = make([]byte, n)
	source := rand.NewChaCha8([32]byte{byte(n)})
	_, _ = source.Read(data)
	hash := sha256.Sum256(data)
	return data, hex.EncodeToString(hash[:])
}

// shelf keeps documents and unfinished uploads as the contract says, and breaks as networks do.
type shelf struct {
	mu        sync.Mutex
	whole     map[string][]byte
	parts     map[string][]byte
	asked     []string // method, offset and length of each request
	breakAt   int      // a PATCH is cut after so many bytes, once; 0: never
	noPatch   int      // status instead of PATCH
	setBack   bool     // forgets half of an upload, once
	rangeless bool
}

func newShelf() *shelf { return &shelf{whole: map[string][]byte{}, parts: map[string][]byte{}} }

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	s.asked = append(s.asked, strings.TrimSpace(r.Method+" "+r.Header.Get("Upload-Offset")))
	switch r.Method {
	case http.MethodHead:
		if _, ok := s.whole[sum]; !ok {
			w.Header().Set("Upload-Offset", strconv.Itoa(len(s.parts[sum])))
			w.WriteHeader(http.StatusNotFound)
		}
	case http.MethodPut:
		data, err := io.ReadAll(r.Body)
		if err == nil {
			s.keep(w, sum, data)
		}
	case http.MethodPatch:
		s.patch(w, r, sum)
	}
}

func (s *shelf) keep(w http.ResponseWriter, sum string, data []byte) {
	delete(s.parts, sum)
	if hash := sha256.Sum256(data); hex.EncodeToString(hash[:]) != sum {
		says(422, problemType, `{"title":"another SHA-256"}`)(w, nil)
		return
	}
	s.whole[sum] = data
	w.WriteHeader(http.StatusCreated)
}

func (s *shelf) patch(w http.ResponseWriter, r *http.Request, sum string) {
	if s.noPatch != 0 {
		w.WriteHeader(s.noPatch)
		return
	}
	if s.setBack {
		s.setBack = false
		s.parts[sum] = s.parts[sum][:len(s.parts[sum])/2]
	}
	have := len(s.parts[sum])
	if r.Header.Get("Upload-Offset") != strconv.Itoa(have) {
		w.Header().Set("Upload-Offset", strconv.Itoa(have))
		says(409, problemType, `{"title":"another offset"}`)(w, r)
		return
	}
	if s.breakAt > 0 {
		some := make([]byte, s.breakAt)
		_, _ = io.ReadFull(r.Body, some)
		s.breakAt, s.parts[sum] = 0, append(s.parts[sum], some...)
		hangUp(w, r)
		return
	}
	data, err := io.ReadAll(r.Body)
	if s.parts[sum] = append(s.parts[sum], data...); err != nil {
		return
	}
	if strconv.Itoa(len(s.parts[sum])) == r.Header.Get("Upload-Length") {
		s.keep(w, sum, s.parts[sum])
		return
	}
	w.Header().Set("Upload-Offset", strconv.Itoa(len(s.parts[sum])))
	w.WriteHeader(http.StatusNoContent)
}

func TestUploads(t *testing.T) {
	big, bigSum := bytesOf(2*mib + 7)
	for name, row := range map[string]struct {
		size    int
		prepare func(*shelf)
		want    []string
	}{
		"one byte":          {1, func(*shelf) {}, []string{"HEAD", "PUT"}},
		"one part":          {mib, func(*shelf) {}, []string{"HEAD", "PUT"}},
		"a byte more":       {mib + 1, func(*shelf) {}, []string{"HEAD", "PATCH 0", "PATCH 1048576"}},
		"parts":             {2*mib + 7, func(*shelf) {}, []string{"HEAD", "PATCH 0", "PATCH 1048576", "PATCH 2097152"}},
		"there already":     {2*mib + 7, func(s *shelf) { s.whole[bigSum] = big }, []string{"HEAD"}},
		"begun":             {2*mib + 7, func(s *shelf) { s.parts[bigSum] = slices.Clone(big[:mib+7]) }, []string{"HEAD", "PATCH 1048583"}},
		"all but the end":   {2*mib + 7, func(s *shelf) { s.parts[bigSum] = slices.Clone(big) }, []string{"HEAD", "PUT"}},
		"begun wrongly":     {2*mib + 7, func(s *shelf) { s.parts[bigSum] = make([]byte, 2*mib) }, []string{"HEAD", "PATCH 2097152", "PUT"}},
		"set back":          {2*mib + 7, func(s *shelf) { s.parts[bigSum], s.setBack = slices.Clone(big[:2*mib]), true }, []string{"HEAD", "PATCH 2097152", "PATCH 1048576", "PATCH 2097152"}},
		"no PATCH":          {2*mib + 7, func(s *shelf) { s.noPatch = 405 }, []string{"HEAD", "PATCH 0", "PUT"}},
		"unknown PATCH":     {2*mib + 7, func(s *shelf) { s.noPatch = 501 }, []string{"HEAD", "PATCH 0", "PUT"}},
		"no such operation": {2*mib + 7, func(s *shelf) { s.noPatch = 404 }, []string{"HEAD", "PATCH 0", "PUT"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf()
			row.prepare(s)
			data, sum := bytesOf(row.size)
			var last, total int64
			err := serve(t, s.ServeHTTP).PutDocument(t.Context(), sum, data, func(done, all int64) { last, total = done, all })
			if err != nil || !bytes.Equal(s.whole[sum], data) {
				t.Fatal(err)
			}
			if !slices.Equal(s.asked, row.want) {
				t.Errorf("asked %q, want %q", s.asked, row.want)
			}
			if last != int64(row.size) || total != int64(row.size) {
				t.Errorf("progress ended at %d of %d", last, total)
			}
		})
	}
}

// What had arrived before the connection broke is not sent again.
func TestUploadGoesOnAfterABreak(t *testing.T) {
	data, sum := bytesOf(3 * mib)
	s := newShelf()
	s.breakAt = 300_000
	c := serve(t, s.ServeHTTP)
	if err := c.PutDocument(t.Context(), sum, data, nil); central.KindOf(err) != central.Offline {
		t.Fatal(err)
	}
	if err := c.PutDocument(t.Context(), sum, data, nil); err != nil || !bytes.Equal(s.whole[sum], data) {
		t.Fatal(err)
	}
	if want := "HEAD,PATCH 0,HEAD,PATCH 300000,PATCH 1348576,PATCH 2397152"; strings.Join(s.asked, ",") != want {
		t.Errorf("asked %s, want %s", strings.Join(s.asked, ","), want)
	}
}

// However a server answers, an upload ends.
func TestHostileUploads(t *testing.T) {
	data, sum := bytesOf(2*mib + 7)
	offset := func(status int, value string) http.HandlerFunc {
		return says(status, problemType, `{}`, "Upload-Offset", value)
	}
	switching := func() http.HandlerFunc {
		n := 0
		return func(w http.ResponseWriter, r *http.Request) { n++; offset(409, strconv.Itoa(n%2*mib))(w, r) }
	}
	for name, row := range map[string]struct {
		head, patch http.HandlerFunc
		want        central.Kind
	}{
		"head: negative":           {offset(404, "-1"), nil, central.BadAnswer},
		"head: beyond":             {offset(404, "2097160"), nil, central.BadAnswer},
		"head: huge":               {offset(404, "99999999999999999999999"), nil, central.BadAnswer},
		"head: no number":          {offset(404, "0x10"), nil, central.BadAnswer},
		"head: busy":               {says(503, problemType, `{}`, "Retry-After", "7"), nil, central.Busy},
		"head: slow down":          {says(429, "", ""), nil, central.Busy},
		"patch: no offset":         {nil, says(204, "", ""), central.BadAnswer},
		"patch: does not grow":     {nil, offset(204, "0"), central.BadAnswer},
		"patch: negative":          {nil, offset(204, "-5"), central.BadAnswer},
		"patch: beyond":            {nil, offset(204, "2097160"), central.BadAnswer},
		"patch: grows and shrinks": {nil, offset(409, "5"), central.BadAnswer},
		"patch: to and fro":        {nil, switching(), central.BadAnswer},
		"patch: beyond, refused":   {nil, offset(409, "2097160"), central.BadAnswer},
		"patch: 409 for another":   {nil, says(409, problemType, `{"title":"x"}`), central.Refused},
		"patch: 202":               {nil, says(202, "", ""), central.BadAnswer},
		"patch: 304":               {nil, says(304, "", ""), central.BadAnswer},
		"patch: wrong hash":        {nil, says(422, problemType, `{"title":"x"}`), central.Refused},
		"patch: 401":               {nil, says(401, problemType, `{"title":"x"}`), central.NotAdmitted},
		"patch: too much":          {nil, says(507, problemType, `{"title":"x"}`), central.Busy},
		"patch: hangs up":          {nil, hangUp, central.Offline},
		"put: refused":             {nil, says(405, "", ""), central.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			var n atomic.Int32
			err := serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				n.Add(1)
				switch {
				case r.Method == http.MethodHead && row.head != nil:
					row.head(w, r)
				case r.Method == http.MethodHead:
					w.WriteHeader(404)
				case r.Method == http.MethodPatch && row.patch != nil:
					row.patch(w, r)
				default:
					says(413, problemType, `{"title":"too large"}`)(w, r)
				}
			}).PutDocument(t.Context(), sum, data, nil)
			if central.KindOf(err) != row.want {
				t.Errorf("%v, want %q", err, row.want)
			}
			if n.Load() > 15 {
				t.Errorf("%d requests", n.Load())
			}
		})
	}
}

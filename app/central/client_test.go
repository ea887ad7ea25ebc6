package central_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rekey/app/central"
)

const key = "owner-key-owner-key-owner-key-00"

// serve runs one handler for every path and gives a client of it.
func serve(t *testing.T, h http.HandlerFunc) *central.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return client(t, s.URL, central.Timeout)
}

func client(t *testing.T, address string, limit time.Duration) *central.Client {
	t.Helper()
	c, err := central.New(central.Options{Address: address, Key: key, Timeout: limit})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// says answers everything with the same words.
func says(status int, media, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", media)
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

const (
	jsonType    = "application/json"
	problemType = central.MediaProblem
)

// What each answer to a question for changes, asked with cursor 5, is taken for.
func TestAnswersToChanges(t *testing.T) {
	change := func(n int) string { return fmt.Sprintf(`{"cursor":%d,"case":"c","state":"approved"}`, n) }
	for name, row := range map[string]struct {
		h    http.HandlerFunc
		want central.Kind
		says string
	}{
		"nothing new":             {says(200, jsonType, `{"changes":[],"next":5}`), "", ""},
		"with a charset":          {says(200, jsonType+"; charset=utf-8", `{"changes":[],"next":5}`), "", ""},
		"seen before and new":     {says(200, jsonType, `{"changes":[`+change(5)+`,`+change(6)+`],"next":6}`), "", ""},
		"a page of a portal":      {says(200, "text/html", "<html>please log in</html>"), central.BadAnswer, "text/html"},
		"HTML called JSON":        {says(200, jsonType, "<html>"), central.BadAnswer, ""},
		"no media type":           {says(200, "", `{"changes":[],"next":5}`), central.BadAnswer, "not JSON"},
		"truncated":               {says(200, jsonType, `{"changes":[{"cursor":6`), central.BadAnswer, ""},
		"nothing":                 {says(200, jsonType, ""), central.BadAnswer, ""},
		"a list":                  {says(200, jsonType, "[]"), central.BadAnswer, ""},
		"two values":              {says(200, jsonType, `{"next":5}{"next":6}`), central.BadAnswer, ""},
		"wrong types":             {says(200, jsonType, `{"changes":"none","next":5}`), central.BadAnswer, ""},
		"endless number":          {says(200, jsonType, `{"changes":[],"next":1e400}`), central.BadAnswer, ""},
		"deep":                    {says(200, jsonType, `{"x":`+strings.Repeat("[", 200000)), central.BadAnswer, ""},
		"huge":                    {says(200, jsonType, `{"next":5,"x":"`+strings.Repeat("x", central.MaxJSON)+`"}`), central.BadAnswer, "too long"},
		"endless":                 {endless, central.BadAnswer, "too large"},
		"endless when unpacked":   {bomb, central.BadAnswer, "too large"},
		"cursor backwards":        {says(200, jsonType, `{"changes":[],"next":4}`), central.BadAnswer, "backwards"},
		"next before its changes": {says(200, jsonType, `{"changes":[`+change(7)+`],"next":6}`), central.BadAnswer, "backwards"},
		"out of order":            {says(200, jsonType, `{"changes":[`+change(7)+`,`+change(6)+`],"next":7}`), central.BadAnswer, "order"},
		"twice the same":          {says(200, jsonType, `{"changes":[`+change(6)+`,`+change(6)+`],"next":6}`), central.BadAnswer, "order"},
		"more, and none":          {says(200, jsonType, `{"changes":[],"next":5,"more":true}`), central.BadAnswer, "none is given"},
		"more, and only old ones": {says(200, jsonType, `{"changes":[`+change(5)+`],"next":5,"more":true}`), central.BadAnswer, "none is given"},
		"redirect":                {says(302, "text/html", "", "Location", "/elsewhere"), central.BadAnswer, "redirect"},
		"redirect to nowhere":     {says(301, "text/html", ""), central.BadAnswer, ""},
		"204":                     {says(204, "", ""), central.BadAnswer, ""},
		"304":                     {says(304, "", ""), central.BadAnswer, ""},
		"400":                     {says(400, problemType, `{"title":"Bad Request","detail":"after: want a number"}`), central.Refused, "want a number"},
		"401":                     {says(401, problemType, `{"title":"Unauthorized"}`), central.NotAdmitted, "ask it to admit you"},
		"401 with what to do":     {says(401, problemType, `{"detail":"bring your card to the counter"}`), central.NotAdmitted, "to the counter"},
		"401 of a portal":         {says(401, "text/html", "<html>"), central.BadAnswer, ""},
		"403":                     {says(403, problemType, `{"title":"Forbidden"}`), central.Refused, ""},
		"412 in a GET":            {says(412, problemType, `{}`, "ETag", `"7"`), central.Conflict, ""},
		"404 of a proxy":          {says(404, "text/html", "<html>"), central.BadAnswer, ""},
		"407 of a proxy":          {says(407, "text/html", "<html>"), central.Proxy, "a name and a password"},
		"408":                     {says(408, problemType, `{}`), central.Busy, ""},
		"410":                     {says(410, problemType, `{"detail":"set back"}`), central.Gone, "set back"},
		"410 of a proxy":          {says(410, "text/html", "gone"), central.BadAnswer, ""},
		"429":                     {says(429, problemType, `{"detail":"slowly"}`), central.Busy, "slowly"},
		"500":                     {says(500, "text/plain", "panic: at line 7"), central.Busy, ""},
		"503":                     {says(503, problemType, `{"title":"busy"}`), central.Busy, "busy"},
		"broken problem":          {says(400, problemType, `{"title":`), central.BadAnswer, ""},
		"hangs up":                {hangUp, central.Offline, ""},
		"half an answer":          {half, central.Offline, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := serve(t, row.h).Changes(t.Context(), 5, 0)
			if central.KindOf(err) != row.want || (err == nil) != (row.want == "") {
				t.Fatalf("%q: %v, want %q", central.KindOf(err), err, row.want)
			}
			if err != nil && (!strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "panic") || len(err.Error()) > 500) {
				t.Errorf("the error says %.600v", err)
			}
		})
	}
}

func endless(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", jsonType)
	for chunk := strings.Repeat("[", 1<<20); ; {
		if _, err := io.WriteString(w, chunk); err != nil {
			return
		}
	}
}

// bomb is small on the wire.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	defer z.Close()
	blanks := make([]byte, 1<<20)
	for range 64 {
		if _, err := z.Write(blanks); err != nil {
			return
		}
	}
}

func hangUp(w http.ResponseWriter, _ *http.Request) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}

func half(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, `{"changes":[]`)
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string][2]time.Duration{
		"":                     {0, 0},
		"7":                    {7 * time.Second, 7 * time.Second},
		"-7":                   {0, 0},
		"soon":                 {0, 0},
		"99999999999999999999": {0, 0},
		"9999999999":           {time.Hour, time.Hour},
		time.Now().Add(time.Minute).Format(http.TimeFormat):          {0, 61 * time.Second},
		time.Now().UTC().Add(time.Minute).Format(http.TimeFormat):    {50 * time.Second, 61 * time.Second},
		time.Now().UTC().Add(-time.Minute).Format(http.TimeFormat):   {0, 0},
		time.Now().UTC().Add(24 * time.Hour).Format(http.TimeFormat): {time.Hour, time.Hour},
	} {
		_, err := serve(t, says(429, problemType, `{}`, "Retry-After", value)).Changes(t.Context(), 0, 0)
		var answer *central.Error
		if !errors.As(err, &answer) || answer.Wait < want[0] || answer.Wait > want[1] {
			t.Errorf("Retry-After %q: %v", value, answer)
		}
	}
}

func TestDocuments(t *testing.T) {
	data := []byte("%PDF a form")
	hash := sha256.Sum256(data)
	sum := hex.EncodeToString(hash[:])
	for name, row := range map[string]struct {
		h    http.HandlerFunc
		want central.Kind
	}{
		"right":       {says(200, "application/octet-stream", string(data)), ""},
		"other bytes": {says(200, "application/octet-stream", "%PDF a farm"), central.BadAnswer},
		"no bytes":    {says(200, "application/octet-stream", ""), central.BadAnswer},
		"a portal":    {says(200, "text/html", "<html>"), central.BadAnswer},
		"gone":        {says(404, problemType, `{"title":"no such document"}`), central.Refused},
		"endless":     {endless, central.BadAnswer},
	} {
		got, err := serve(t, row.h).Document(t.Context(), sum, nil)
		if central.KindOf(err) != row.want || err == nil && string(got) != string(data) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A document that is there is not sent; one that is not is sent whole.
	for there, want := range map[int]string{200: "HEAD ", 404: "HEAD PUT " + string(data)} {
		log := ""
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			log += r.Method + " " + string(body)
			if r.Header.Get("Authorization") != "Bearer "+key {
				t.Error("without the key")
			}
			if r.Method == http.MethodHead {
				w.WriteHeader(there)
			}
		})
		if err := c.PutDocument(t.Context(), sum, data, nil); err != nil || log != want {
			t.Errorf("%d: %v, %q, want %q", there, err, log, want)
		}
	}
}

func TestSubmit(t *testing.T) {
	s := central.Submission{ID: "a"}
	for name, row := range map[string]struct {
		h    http.HandlerFunc
		want central.Kind
	}{
		"taken":           {says(201, jsonType, `{"id":"a","state":"received"}`), ""},
		"again":           {says(200, jsonType, `{"id":"a","state":"received"}`), ""},
		"another case":    {says(201, jsonType, `{"id":"b","state":"received"}`), central.BadAnswer},
		"conflict":        {says(409, problemType, `{"title":"Conflict","detail":"the case is issued"}`), central.Refused},
		"a lost document": {says(422, problemType, `{"title":"x","missing":["aa"]}`), central.Busy},
		"unreadable":      {says(422, problemType, `{"title":"x"}`), central.Refused},
	} {
		if _, err := serve(t, row.h).Submit(t.Context(), s, "k", 0); central.KindOf(err) != row.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A server that dribbles or never answers costs no more than the time-out.
func TestSlowServers(t *testing.T) {
	done := make(chan struct{})
	for name, h := range map[string]http.HandlerFunc{
		"says nothing": func(_ http.ResponseWriter, r *http.Request) { wait(r, done) },
		"dribbles": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", jsonType)
			for {
				if _, err := io.WriteString(w, " "); err != nil || http.NewResponseController(w).Flush() != nil {
					return
				}
				select {
				case <-time.After(20 * time.Millisecond):
				case <-r.Context().Done():
					return
				}
			}
		},
	} {
		s := httptest.NewServer(h)
		start := time.Now()
		_, err := client(t, s.URL, 300*time.Millisecond).Changes(t.Context(), 0, 0)
		if took := time.Since(start); central.KindOf(err) != central.Offline || took > 20*time.Second {
			t.Errorf("%s: %v after %v", name, err, took)
		}
		s.CloseClientConnections()
		s.Close()
	}
	close(done)
}

func wait(r *http.Request, done chan struct{}) {
	select {
	case <-r.Context().Done():
	case <-done:
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String()
	l.Close()
	if _, err := client(t, address, time.Second).Changes(t.Context(), 0, 0); central.KindOf(err) != central.Offline {
		t.Error(err)
	}
}

func TestAddresses(t *testing.T) {
	for address, good := range map[string]bool{
		"https://office.example": true, "https://office.example/path/": true, "http://127.0.0.1:8080": true, "http://[::1]:8080": true, "http://localhost": true,
		"": false, "office.example": false, "http://office.example": false, "http://127.0.0.1.office.example": false, "http://127.1": false, "ftp://127.0.0.1": false,
		"file:///etc/passwd": false, "https://": false, "https://:443": false, "://": false, "https://user:word@office.example": false, "https://office.example?x=1": false, "https://office.example#x": false,
	} {
		if _, err := central.New(central.Options{Address: address, Key: key}); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		} else if err != nil && strings.Contains(err.Error(), "word@") {
			t.Errorf("%q: the error shows a password", address)
		}
	}
}

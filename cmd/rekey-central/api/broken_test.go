package api

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/office"

	"rekey/cmd/rekey-central/accounts"
)

// A line that breaks in the middle of a body is the caller's matter: it is told so, and the log holds no failure of ours.
func TestBrokenLine(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		b := startOn(t, office.Config{Dir: t.TempDir(), Database: database}, func(*accounts.Config) {})
		b.want(200, b.ask(ownerKey, "GET", "/v1/me", nil))
		length, chunks := "Content-Length: 100\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc"
		document, part := "/v1/documents/"+sumOf("x")+" HTTP/1.1\r\n", "Content-Type: application/octet-stream\r\nUpload-Offset: 0\r\nUpload-Length: 100\r\n"
		for _, request := range []string{"PUT " + document + length, "PUT " + document + chunks, "PATCH " + document + part + length,
			"POST /v1/receipts HTTP/1.1\r\nContent-Type: application/json\r\n" + chunks} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(b.base, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			line, rest, _ := strings.Cut(request, "\r\n")
			if _, err := io.WriteString(conn, line+"\r\nHost: localhost\r\nAuthorization: Bearer "+ownerKey+"\r\n"+rest); err != nil {
				t.Fatal(err)
			}
			_ = conn.(*net.TCPConn).CloseWrite()
			_ = conn.SetReadDeadline(time.Now().Add(time.Minute)) // only against a hang
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil || res.StatusCode != 400 {
				t.Errorf("%s: %v %v", line, res, err)
			}
			conn.Close()
		}
		b.stop()
		if log := b.log.String(); strings.Contains(log, "level=ERROR") {
			t.Error(log)
		}
	})
}

package api

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"testing"

	"rekey/app/central"
)

// part sends the bytes from offset to end of data.
func (b *bench) part(key string, data []byte, offset, end int) reply {
	return b.ask(key, "PATCH", "/v1/documents/"+entry("scan", data).SHA256, data[offset:end], "Upload-Offset", strconv.Itoa(offset), "Upload-Length", strconv.Itoa(len(data)))
}

func (b *bench) here(key string, data []byte) reply {
	return b.ask(key, "HEAD", "/v1/documents/"+entry("scan", data).SHA256, nil)
}

func TestUploadInParts(t *testing.T) {
	b := start(t, t.TempDir())
	data := bytes.Repeat([]byte("a page of the scan\n"), 5000)
	offset := func(r reply, status int, want string) {
		t.Helper()
		if r.status != status || r.header.Get("Upload-Offset") != want {
			t.Errorf("got %d, Upload-Offset %q: %s; want %d and %q", r.status, r.header.Get("Upload-Offset"), r.body, status, want)
		}
	}
	offset(b.here(ownerKey, data), 404, "0")
	offset(b.part(ownerKey, data, 0, 40000), 204, "40000")
	offset(b.here(ownerKey, data), 404, "40000")
	offset(b.here(otherKey, data), 404, "0") // an upload is its owner's
	offset(b.part(ownerKey, data, 50000, 60000), 409, "40000")
	offset(b.part(otherKey, data, 40000, 60000), 409, "0")
	b.want(404, b.ask(ownerKey, "GET", "/v1/documents/"+entry("scan", data).SHA256, nil)) // nothing half can be read
	s := submission(t, "generic", entry("scan", data))
	b.want(422, b.submit(ownerKey, "k", s))
	b.want(201, b.part(ownerKey, data, 40000, len(data)))
	if r := b.here(ownerKey, data); r.status != 200 || r.header.Get("Content-Length") != strconv.Itoa(len(data)) {
		t.Errorf("%d %v", r.status, r.header)
	}
	b.want(201, b.submit(ownerKey, "k", s))
	b.want(200, b.part(ownerKey, data, 40000, len(data))) // the answer was lost: it is whole
	if r := b.want(200, b.ask(ownerKey, "GET", "/v1/documents/"+entry("scan", data).SHA256, nil)); !bytes.Equal(r.body, data) {
		t.Error("other bytes came back")
	}
}

func TestUploadOfOtherBytes(t *testing.T) {
	b := start(t, t.TempDir())
	data, wrong := []byte("what was promised"), []byte("what has been sent")[:17]
	path := "/v1/documents/" + entry("scan", data).SHA256
	send := func(body []byte, offset, length string) reply {
		return b.ask(ownerKey, "PATCH", path, body, "Upload-Offset", offset, "Upload-Length", length)
	}
	b.want(422, send(wrong, "0", "17"))
	if r := b.here(ownerKey, data); r.header.Get("Upload-Offset") != "0" { // thrown away: the next try begins anew
		t.Errorf("got %v", r.header)
	}
	b.want(201, send(data, "0", "17"))
	for _, h := range [][2]string{{"", "17"}, {"0", ""}, {"-1", "17"}, {"x", "17"}, {"0", "0"}, {"0", strconv.Itoa(central.MaxDocument + 1)}, {strconv.Itoa(central.MaxDocument), "17"}} {
		b.want(400, b.bad().ask(ownerKey, "PATCH", path, data, "Upload-Offset", h[0], "Upload-Length", h[1]))
	}
	b.want(415, b.bad().ask(ownerKey, "PATCH", path, data, "Upload-Offset", "0", "Upload-Length", "17", "Content-Type", "text/plain"))
}

// What came before the line broke is kept, and the client goes on from there.
func TestUploadGoesOnAfterABreak(t *testing.T) {
	b := start(t, t.TempDir())
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<14)
	read, written := io.Pipe()
	req, err := http.NewRequest("PATCH", b.base+"/v1/documents/"+entry("scan", data).SHA256, read)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = int64(len(data))
	for name, value := range map[string]string{"Authorization": "Bearer " + ownerKey, "Content-Type": "application/octet-stream", "Upload-Offset": "0", "Upload-Length": strconv.Itoa(len(data))} {
		req.Header.Set(name, value)
	}
	go func() {
		_, _ = written.Write(data[:len(data)/2])
		written.CloseWithError(io.ErrUnexpectedEOF)
	}()
	if res, err := http.DefaultClient.Do(req); err == nil {
		res.Body.Close()
	}
	b.want(200, b.ask(ownerKey, "GET", "/v1/changes?wait=0", nil))
	here := 0
	for here == 0 { // until the server has seen the break
		here, err = strconv.Atoi(b.here(ownerKey, data).header.Get("Upload-Offset"))
		if err != nil {
			t.Fatal(err)
		}
	}
	if here > len(data)/2 {
		t.Fatalf("%d bytes, only %d were sent", here, len(data)/2)
	}
	for r := b.part(ownerKey, data, here, len(data)); r.status != 201; r = b.part(ownerKey, data, here, len(data)) {
		if r.status != 409 { // the first request was still writing
			t.Fatalf("%d %s", r.status, r.body)
		}
		if here, err = strconv.Atoi(r.header.Get("Upload-Offset")); err != nil {
			t.Fatal(err)
		}
	}
	if r := b.want(200, b.ask(ownerKey, "GET", "/v1/documents/"+entry("scan", data).SHA256, nil)); !bytes.Equal(r.body, data) {
		t.Error("other bytes came back")
	}
}

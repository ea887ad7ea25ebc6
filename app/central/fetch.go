package central

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// leastStep is what each further exchange of a broken download has to bring, but for the last: a server that
// dribbles is left.
const leastStep = 64 << 10

const fetchDocument = "fetch document"

// Document fetches bytes and checks their SHA-256. When the connection breaks it asks for the rest, as long as that brings
// something.
func (c *Client) Document(ctx context.Context, sum string, progress Progress) ([]byte, error) {
	d := download{c: c, path: path("documents", sum), progress: progress}
	for longest := int64(0); ; {
		whole, err := d.more(ctx)
		if whole {
			break
		}
		have := int64(len(d.have))
		if KindOf(err) != Offline || ctx.Err() != nil || have < longest+leastStep {
			return nil, err
		}
		longest = have
	}
	if got := sha256.Sum256(d.have); hex.EncodeToString(got[:]) != sum {
		return nil, badAnswer(fetchDocument, "the bytes are not those that were asked for")
	}
	return d.have, nil
}

// download is one document on its way.
type download struct {
	c        *Client
	path     string
	have     []byte
	total    int64 // 0: not known
	etag     string
	progress Progress
}

// more fetches the bytes after those that are there. Without an error the document is whole.
func (d *download) more(ctx context.Context) (whole bool, err error) {
	a := call{op: fetchDocument, method: http.MethodGet, path: d.path, header: map[string]string{"Accept-Encoding": "identity"}}
	if len(d.have) > 0 {
		a.header["Range"] = fmt.Sprintf("bytes=%d-", len(d.have))
		if d.etag != "" {
			a.header["If-Match"] = d.etag
		}
	}
	r, done := d.c.request(ctx, a)
	defer done()
	got, err := r.SetDoNotParseResponse(true).Execute(a.method, a.path)
	if err != nil {
		return false, d.c.away(a.op, err)
	}
	body := got.RawBody()
	defer body.Close()
	if status := got.StatusCode(); status != http.StatusOK && status != http.StatusPartialContent {
		said, _ := io.ReadAll(io.LimitReader(body, MaxJSON))
		if err := (answer{a.op, status, got.Header(), said}).verdict(nil); err != nil {
			return false, err
		}
		return false, badAnswer(a.op, "an answer that the contract does not have")
	}
	if err := d.begin(got.StatusCode(), got.Header(), got.RawResponse.ContentLength); err != nil {
		return false, err
	}
	return d.read(body)
}

// begin looks at where the answer starts and how long the document is.
func (d *download) begin(status int, h http.Header, length int64) error {
	total := max(0, length)
	if status == http.StatusPartialContent {
		var from, to int64
		if n, err := fmt.Sscanf(h.Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &total); n != 3 || err != nil ||
			from != int64(len(d.have)) || to < from || to >= total || d.total > 0 && total != d.total {
			return badAnswer(fetchDocument, "another part of the document than the one that was asked for")
		}
	} else {
		d.have = nil
	}
	if total > MaxDocument {
		return badAnswer(fetchDocument, "the document is too large")
	}
	d.total, d.etag = total, ""
	if tag := h.Get("ETag"); strings.HasPrefix(tag, `"`) { // a weak one does not go with If-Match
		d.etag = tag
	}
	return nil
}

// read keeps all that comes, whether the answer ends well or not.
func (d *download) read(body io.Reader) (whole bool, err error) {
	buffer := make([]byte, leastStep)
	for {
		n, err := body.Read(buffer)
		if d.have = append(d.have, buffer[:n]...); int64(len(d.have)) > MaxDocument {
			return false, badAnswer(fetchDocument, "the document is too large")
		}
		if n > 0 {
			d.progress.say(int64(len(d.have)), d.total)
		}
		switch {
		case err == io.EOF && int64(len(d.have)) < d.total: // a part that was shorter than asked for
			return false, &Error{Op: fetchDocument, Kind: Offline, Err: io.ErrUnexpectedEOF}
		case err == io.EOF:
			return true, nil
		case err != nil:
			return false, d.c.away(fetchDocument, err)
		}
	}
}

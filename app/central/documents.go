package central

import (
	"context"
	"net/http"
	"strconv"
)

// Progress hears how many bytes of a document have arrived. total is 0 while it is not known.
type Progress func(done, total int64)

func (p Progress) say(done, total int64) {
	if p != nil {
		p(done, total)
	}
}

// part is how many bytes a document may have to be sent at once, and how many one exchange of a longer one carries.
const part = 1 << 20

// PutDocument sends bytes under their SHA-256, unless the server has them already. A long document goes in parts; the server
// keeps those that have arrived, and the next call for the same document goes on there.
func (c *Client) PutDocument(ctx context.Context, sum string, data []byte, progress Progress) error {
	u := upload{c: c, path: path("documents", sum), data: data, progress: progress}
	got, err := c.send(ctx, call{op: sendDocument, method: http.MethodHead, path: u.path})
	switch {
	case err != nil:
		return err
	case got.status == http.StatusOK:
		progress.say(u.total(), u.total())
		return nil
	case got.status == http.StatusTooManyRequests, got.status >= 500:
		return got.verdict(nil)
	case len(data) <= part:
		return u.whole(ctx)
	}
	// Any other answer has no body to say why: the first part will be told.
	offset := int64(0)
	if text := got.header.Get(headerOffset); text != "" {
		if offset, err = u.offset(text); err != nil {
			return err
		}
	}
	return u.parts(ctx, offset)
}

const (
	sendDocument = "send document"
	headerOffset = "Upload-Offset"
	headerLength = "Upload-Length"
)

// upload is one document on its way.
type upload struct {
	c        *Client
	path     string
	data     []byte
	progress Progress
}

func (u upload) total() int64 { return int64(len(u.data)) }

// offset reads how much the server says to have.
func (u upload) offset(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > u.total() {
		return 0, badAnswer(sendDocument, "the server has an impossible part of the document")
	}
	return n, nil
}

func (u upload) whole(ctx context.Context) error {
	if err := u.c.do(ctx, call{op: sendDocument, method: http.MethodPut, path: u.path, body: u.data}, nil); err != nil {
		return err
	}
	u.progress.say(u.total(), u.total())
	return nil
}

// parts sends what is missing from offset on. A server without parts, and one whose part is of other bytes, gets the whole.
func (u upload) parts(ctx context.Context, offset int64) error {
	resumed := offset > 0
	// Every part once, and some more for a server that sets the offset back.
	for range u.total()/part + 8 {
		if offset == u.total() {
			return u.whole(ctx) // all has arrived, and it is not a document yet
		}
		u.progress.say(offset, u.total())
		got, err := u.c.send(ctx, u.at(offset))
		if err != nil {
			return err
		}
		switch got.status {
		case http.StatusOK, http.StatusCreated:
			u.progress.say(u.total(), u.total())
			return nil
		case http.StatusNoContent, http.StatusConflict:
			text := got.header.Get(headerOffset)
			if got.status == http.StatusConflict && text == "" {
				return got.verdict(nil)
			}
			next, err := u.offset(text)
			if err != nil {
				return err
			}
			if got.status == http.StatusNoContent && next <= offset {
				return badAnswer(sendDocument, "the document does not grow at the server")
			}
			resumed = resumed || got.status == http.StatusConflict
			offset = next
		case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
			return u.whole(ctx)
		case http.StatusUnprocessableEntity:
			if resumed { // what was there before may have been other bytes
				return u.whole(ctx)
			}
			return got.verdict(nil)
		default:
			if err := got.verdict(nil); err != nil {
				return err
			}
			return badAnswer(sendDocument, "an answer that the contract does not have")
		}
	}
	return badAnswer(sendDocument, "the upload does not come to an end")
}

func (u upload) at(offset int64) call {
	return call{op: sendDocument, method: http.MethodPatch, path: u.path, body: u.data[offset:min(offset+part, u.total())],
		header: map[string]string{headerOffset: strconv.FormatInt(offset, 10), headerLength: strconv.FormatInt(u.total(), 10)}}
}

package central

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Submit hands a case in. The same idempotency key has its effect once, however often it is sent. version is the one that the
// case must have at the office (Conflict otherwise), 0 when it does not matter.
func (c *Client) Submit(ctx context.Context, s Submission, key string, version int64) (Case, error) {
	header := map[string]string{"Idempotency-Key": key}
	maps.Copy(header, ifMatch(version))
	return aCase(ctx, c, call{op: "send case", method: http.MethodPost, path: path("cases"), body: s, header: header}, s.ID)
}

// AddDocuments hands further documents of a case in; they have been sent before.
func (c *Client) AddDocuments(ctx context.Context, id string, docs []Document, key string) (Case, error) {
	return aCase(ctx, c, call{op: "add documents", method: http.MethodPost, path: path("cases", id, "documents"),
		body: Addition{docs}, header: map[string]string{"Idempotency-Key": key}}, id)
}

// Case reads a case. Its Version is also its ETag: for Submit.
func (c *Client) Case(ctx context.Context, id string) (Case, error) {
	return aCase(ctx, c, call{op: "fetch case", method: http.MethodGet, path: path("cases", id)}, id)
}

func aCase(ctx context.Context, c *Client, a call, id string) (Case, error) {
	var got Case
	if err := c.do(ctx, a, &got); err != nil {
		return Case{}, err
	}
	if got.ID != id {
		return Case{}, badAnswer(a.op, "answered another case")
	}
	return got, nil
}

// Overrides gives what the office says about fees, accounts, windows and copies, as a JSON list of procedure.Override. etag is
// that of the answer that the caller keeps, "" for none. The text is "" when nothing has changed since (newer is etag then) and
// when the server does not have the resource (newer is "").
func (c *Client) Overrides(ctx context.Context, etag string) (text, newer string, err error) {
	a := call{op: "fetch overrides", method: http.MethodGet, path: path("overrides")}
	if etag != "" {
		a.header = map[string]string{"If-None-Match": etag}
	}
	got, err := c.send(ctx, a)
	switch {
	case err != nil:
		return "", "", err
	case got.status == http.StatusNotFound:
		return "", "", nil
	case got.status == http.StatusNotModified && etag != "":
		return "", etag, nil
	}
	var list struct {
		Overrides json.RawMessage `json:"overrides"`
	}
	if err := got.verdict(&list); err != nil {
		return "", "", err
	}
	return string(list.Overrides), got.header.Get("ETag"), nil
}

// Changes gives what the office has decided since the cursor. With wait the server may keep the answer back until there is
// something, for so long at the most (whole seconds).
func (c *Client) Changes(ctx context.Context, after int64, wait time.Duration) (Changes, error) {
	a := call{op: "fetch changes", method: http.MethodGet, path: path("changes"), more: wait,
		query: url.Values{"after": {strconv.FormatInt(after, 10)}}}
	if seconds := int64(wait / time.Second); seconds > 0 {
		a.query.Set("wait", strconv.FormatInt(seconds, 10))
	}
	var got Changes
	if err := c.do(ctx, a, &got); err != nil {
		return Changes{}, err
	}
	if wrong := got.wrong(after); wrong != "" {
		return Changes{}, badAnswer(a.op, wrong)
	}
	return got, nil
}

// wrong says what would lead a reader of the feed in circles, or past something.
func (c Changes) wrong(after int64) string {
	last := int64(0)
	for _, change := range c.Changes {
		if change.Cursor <= last {
			return "the changes are not in order"
		}
		last = change.Cursor
	}
	switch {
	case c.Next < after || c.Next < last:
		return "the cursor runs backwards"
	case c.More && last <= after:
		return "more changes are promised and none is given"
	}
	return ""
}

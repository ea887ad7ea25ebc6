package central

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
)

// Client talks to one central API. It is safe for concurrent use. It keeps its connections: with a certificate on a card,
// one signature of the card is enough for as long as the client lives, so make one client and keep it.
//
// It never tries again by itself; that is the outbox's matter.
type Client struct {
	http      *resty.Client
	limit     time.Duration
	certified bool
	signer    *cardSigner // nil without a card
}

// Timeout is how long one exchange may take, for a document of MaxDocument on a slow line too.
const Timeout = 40 * time.Second

// longestWait bounds what a Retry-After can ask for.
const longestWait = time.Hour

// Close lets go of connections that are kept for a next exchange.
func (c *Client) Close() { c.http.GetClient().CloseIdleConnections() }

// quiet keeps resty from writing to the standard error: addresses and bodies are nobody's business.
type quiet struct{}

func (quiet) Errorf(string, ...any) {}
func (quiet) Warnf(string, ...any)  {}
func (quiet) Debugf(string, ...any) {}

// call is one exchange of the contract.
type call struct {
	op, method, path string
	body             any // nil, bytes, or what becomes JSON
	header           map[string]string
	query            url.Values
	more             time.Duration // beyond the limit of an ordinary exchange
}

// path joins segments below /v1, each escaped.
func path(segments ...string) string {
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return "/v1/" + strings.Join(segments, "/")
}

// ifMatch is the header that makes a change depend on a version; none for 0.
func ifMatch(version int64) map[string]string {
	if version == 0 {
		return nil
	}
	return map[string]string{"If-Match": strconv.Quote(strconv.FormatInt(version, 10))}
}

// request fills in a call. What it needs of ctx ends with the returned function.
func (c *Client) request(ctx context.Context, a call) (*resty.Request, context.CancelFunc) {
	ctx, done := context.WithTimeout(ctx, c.limit+a.more)
	r := c.http.R().SetContext(ctx).SetHeaders(a.header).SetQueryParamsFromValues(a.query)
	if _, raw := a.body.([]byte); raw {
		r.SetHeader("Content-Type", "application/octet-stream")
	}
	if a.body != nil {
		r.SetBody(a.body)
	}
	return r, done
}

// send gives the answer, whatever it is.
func (c *Client) send(ctx context.Context, a call) (answer, error) {
	r, done := c.request(ctx, a)
	defer done()
	got, err := r.Execute(a.method, a.path)
	if err != nil {
		return answer{}, c.away(a.op, err)
	}
	return answer{a.op, got.StatusCode(), got.Header(), got.Body()}, nil
}

// do wants a success, and reads its JSON into want unless that is nil.
func (c *Client) do(ctx context.Context, a call, want any) error {
	got, err := c.send(ctx, a)
	if err != nil {
		return err
	}
	return got.verdict(want)
}

// answer is what came back for an operation.
type answer struct {
	op     string
	status int
	header http.Header
	body   []byte
}

// verdict turns an answer into an error, or reads its JSON into want.
func (a answer) verdict(want any) error {
	media, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	if a.status >= 200 && a.status < 300 {
		return a.read(media, want)
	}
	e := &Error{Op: a.op, Kind: Refused, Status: a.status}
	switch {
	case a.status == http.StatusProxyAuthRequired:
		return proxyRefusal(a.op, a.status)
	case a.status == http.StatusTooManyRequests, a.status == http.StatusRequestTimeout, a.status >= 500:
		e.Kind, e.Wait = Busy, retryAfter(a.header.Get("Retry-After"))
	case a.status < 400:
		e.Kind = BadAnswer
	}
	var p Problem
	if media != MediaProblem || json.Unmarshal(a.body, &p) != nil {
		if e.Kind == Refused {
			e.Kind = BadAnswer // a proxy or another server is talking, not the office
		}
		return e
	}
	e.Detail = sentence(p)
	switch {
	case a.status == http.StatusUnauthorized:
		e.Kind = NotAdmitted
		if p.Detail == "" {
			e.Detail = "the office does not know this key: ask it to admit you, or sign in with a certificate"
		}
	case a.status == http.StatusPreconditionFailed:
		e.Kind, e.Version = Conflict, versionOf(a.header.Get("ETag"))
	case a.status == http.StatusGone:
		e.Kind = Gone
	case a.status == http.StatusUnprocessableEntity && len(p.Missing) > 0:
		e.Kind = Busy // the office has lost a document since we asked: it is sent again the next time
	}
	return e
}

func (a answer) read(media string, want any) error {
	switch {
	case want == nil:
		return nil
	case media != "application/json":
		return &Error{Op: a.op, Kind: BadAnswer, Status: a.status, Detail: "not JSON but " + strconv.Quote(media)}
	case len(a.body) > MaxJSON:
		return &Error{Op: a.op, Kind: BadAnswer, Status: a.status, Detail: "the answer is too long"}
	}
	if err := json.Unmarshal(a.body, want); err != nil {
		return &Error{Op: a.op, Kind: BadAnswer, Status: a.status, Err: err}
	}
	return nil
}

// versionOf reads an ETag of the contract, 0 when it is none.
func versionOf(tag string) int64 {
	text, err := strconv.Unquote(tag)
	if err != nil || len(tag) < 2 || tag[0] != '"' {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// sentence is what the server says, short enough to be shown.
func sentence(p Problem) string {
	s := p.Detail
	if s == "" {
		s = p.Title
	}
	if r := []rune(strings.ToValidUTF8(s, "")); len(r) > maxSentence {
		return string(r[:maxSentence]) + "…"
	}
	return strings.ToValidUTF8(s, "")
}

// maxSentence is how many characters of a server's sentence are kept.
const maxSentence = 2000

// retryAfter reads seconds or a date (RFC 9110 §10.2.3).
func retryAfter(value string) time.Duration {
	wait := time.Duration(0)
	if n, err := strconv.Atoi(value); err == nil && n > 0 {
		wait = time.Duration(min(n, int(longestWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = time.Until(at)
	}
	return max(0, min(wait, longestWait))
}

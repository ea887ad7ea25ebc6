package central

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
)

// Kind sorts the client's errors by what follows from them.
type Kind string

// Kinds of errors.
const (
	Offline   Kind = "offline"    // no answer: try again later
	Busy      Kind = "busy"       // 429 or 5xx: try again later
	BadAnswer Kind = "bad-answer" // not what the contract says
	Refused   Kind = "refused"    // 4xx: trying the same again is useless
	Gone      Kind = "gone"       // 410 of the change feed: the office's data were set back, read from the start
)

// Error is every error of the client. Detail is the server's own sentence, without secrets of ours.
type Error struct {
	Op     string
	Kind   Kind
	Status int
	Detail string
	Wait   time.Duration // Busy: how long the server asks us to stay away (Retry-After), 0: it did not say
	Err    error
}

func (e *Error) Error() string {
	s := fmt.Sprintf("central API: %s: %s", e.Op, e.Kind)
	if e.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of the first *Error in the chain, or "".
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// Client talks to one central API. It is safe for concurrent use.
type Client struct{ http *resty.Client }

// Timeout is how long one exchange may take, for a document of MaxDocument on a slow line too.
const Timeout = 40 * time.Second

// longestWait bounds what a Retry-After can ask for.
const longestWait = time.Hour

// NewClient checks the address: https, or http on a loopback address only. limit is for one exchange.
func NewClient(base, key string, limit time.Duration) (*Client, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, &Error{Op: "address", Kind: Refused, Detail: "not a web address: " + strconv.Quote(base)}
	case u.User != nil:
		return nil, &Error{Op: "address", Kind: Refused, Detail: "a name and a password do not belong into the address"}
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, &Error{Op: "address", Kind: Refused, Detail: "only a host and a path are wanted: " + base}
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, &Error{Op: "address", Kind: Refused, Detail: "https is needed outside this machine: " + base}
	}
	c := resty.New().SetBaseURL(base).SetAuthToken(key).SetTimeout(limit).
		SetResponseBodyLimit(MaxDocument).SetRedirectPolicy(resty.NoRedirectPolicy()).
		SetHeader("User-Agent", "Rekey").SetLogger(quiet{})
	return &Client{c}, nil
}

// Close lets go of connections that are kept for a next exchange.
func (c *Client) Close() { c.http.GetClient().CloseIdleConnections() }

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// quiet keeps resty from writing to the standard error: addresses and bodies are nobody's business.
type quiet struct{}

func (quiet) Errorf(string, ...any) {}
func (quiet) Warnf(string, ...any)  {}
func (quiet) Debugf(string, ...any) {}

// PutDocument sends bytes under their SHA-256, unless the server has them already.
func (c *Client) PutDocument(ctx context.Context, sum string, data []byte) error {
	const op = "send document"
	r, err := c.http.R().SetContext(ctx).Head("/v1/documents/" + sum)
	if err != nil {
		return away(op, err)
	}
	if r.StatusCode() == http.StatusOK {
		return nil
	}
	r, err = c.http.R().SetContext(ctx).SetHeader("Content-Type", "application/octet-stream").SetBody(data).Put("/v1/documents/" + sum)
	return verdict(op, r, err, nil)
}

// Document fetches bytes and checks their SHA-256.
func (c *Client) Document(ctx context.Context, sum string) ([]byte, error) {
	const op = "fetch document"
	r, err := c.http.R().SetContext(ctx).Get("/v1/documents/" + url.PathEscape(sum))
	if err := verdict(op, r, err, nil); err != nil {
		return nil, err
	}
	if got := sha256.Sum256(r.Body()); hex.EncodeToString(got[:]) != sum {
		return nil, &Error{Op: op, Kind: BadAnswer, Detail: "the bytes are not those that were asked for"}
	}
	return r.Body(), nil
}

// Submit hands a case in. The same idempotency key has its effect once, however often it is sent.
func (c *Client) Submit(ctx context.Context, s Submission, idempotencyKey string) (Case, error) {
	const op = "send case"
	var got Case
	r, err := c.http.R().SetContext(ctx).SetHeader("Idempotency-Key", idempotencyKey).SetBody(s).Post("/v1/cases")
	if err := verdict(op, r, err, &got); err != nil {
		return Case{}, err
	}
	if got.ID != s.ID {
		return Case{}, &Error{Op: op, Kind: BadAnswer, Detail: "answered another case"}
	}
	return got, nil
}

// Overrides gives what the office says about fees, accounts, windows and copies, as a JSON list of procedure.Override; "" when
// the server does not have the resource.
func (c *Client) Overrides(ctx context.Context) (string, error) {
	const op = "fetch overrides"
	var got struct {
		Overrides json.RawMessage `json:"overrides"`
	}
	r, err := c.http.R().SetContext(ctx).Get("/v1/overrides")
	if err == nil && r.StatusCode() == http.StatusNotFound {
		return "", nil
	}
	if err := verdict(op, r, err, &got); err != nil {
		return "", err
	}
	return string(got.Overrides), nil
}

// Changes gives what the office has decided since the cursor.
func (c *Client) Changes(ctx context.Context, after int64) (Changes, error) {
	const op = "fetch changes"
	var got Changes
	r, err := c.http.R().SetContext(ctx).SetQueryParam("after", strconv.FormatInt(after, 10)).Get("/v1/changes")
	if err := verdict(op, r, err, &got); err != nil {
		return Changes{}, err
	}
	last := int64(0)
	for _, change := range got.Changes {
		if change.Cursor <= last {
			return Changes{}, &Error{Op: op, Kind: BadAnswer, Detail: "the changes are not in order"}
		}
		last = change.Cursor
	}
	if got.Next < after || got.Next < last {
		return Changes{}, &Error{Op: op, Kind: BadAnswer, Detail: "the cursor runs backwards"}
	}
	if got.More && last <= after {
		return Changes{}, &Error{Op: op, Kind: BadAnswer, Detail: "more changes are promised and none is given"}
	}
	return got, nil
}

func away(op string, err error) error {
	if errors.Is(err, resty.ErrResponseBodyTooLarge) || errors.Is(err, resty.ErrAutoRedirectDisabled) {
		return &Error{Op: op, Kind: BadAnswer, Err: err}
	}
	return &Error{Op: op, Kind: Offline, Err: err}
}

// verdict turns an answer into an error, or reads its JSON into want.
func verdict(op string, r *resty.Response, err error, want any) error {
	if err != nil {
		return away(op, err)
	}
	status := r.StatusCode()
	media, _, _ := mime.ParseMediaType(r.Header().Get("Content-Type"))
	if status >= 200 && status < 300 {
		if want == nil {
			return nil
		}
		if media != "application/json" {
			return &Error{Op: op, Kind: BadAnswer, Status: status, Detail: "not JSON but " + strconv.Quote(media)}
		}
		if len(r.Body()) > MaxJSON {
			return &Error{Op: op, Kind: BadAnswer, Status: status, Detail: "the answer is too long"}
		}
		if err := json.Unmarshal(r.Body(), want); err != nil {
			return &Error{Op: op, Kind: BadAnswer, Status: status, Err: err}
		}
		return nil
	}
	e := &Error{Op: op, Kind: Refused, Status: status}
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		e.Kind, e.Wait = Busy, retryAfter(r.Header().Get("Retry-After"))
	case status < 400:
		e.Kind = BadAnswer
	}
	var p Problem
	if media == MediaProblem && json.Unmarshal(r.Body(), &p) == nil {
		e.Detail = sentence(p)
		switch {
		case status == http.StatusGone:
			e.Kind = Gone
		case status == http.StatusUnprocessableEntity && len(p.Missing) > 0:
			e.Kind = Busy // the office has lost a document since we asked: it is sent again the next time
		}
	} else if e.Kind == Refused {
		e.Kind = BadAnswer // a proxy or another server is talking, not the office
	}
	return e
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

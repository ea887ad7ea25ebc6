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
)

// Error is every error of the client. Detail is the server's own sentence, without secrets of ours.
type Error struct {
	Op     string
	Kind   Kind
	Status int
	Detail string
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

// NewClient checks the address: https, or http on a loopback address only.
func NewClient(base, key string) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil, &Error{Op: "address", Kind: Refused, Detail: "not a web address: " + base}
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, &Error{Op: "address", Kind: Refused, Detail: "https is needed outside this machine: " + base}
	}
	c := resty.New().SetBaseURL(base).SetAuthToken(key).SetTimeout(40*time.Second).
		SetResponseBodyLimit(MaxDocument).SetRedirectPolicy(resty.NoRedirectPolicy()).
		SetHeader("User-Agent", "Rekey").SetLogger(quiet{})
	return &Client{c}, nil
}

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

// Changes gives what the office has decided since the cursor.
func (c *Client) Changes(ctx context.Context, after int64) (Changes, error) {
	const op = "fetch changes"
	var got Changes
	r, err := c.http.R().SetContext(ctx).SetQueryParam("after", strconv.FormatInt(after, 10)).Get("/v1/changes")
	if err := verdict(op, r, err, &got); err != nil {
		return Changes{}, err
	}
	if got.Next < after {
		return Changes{}, &Error{Op: op, Kind: BadAnswer, Detail: "the cursor runs backwards"}
	}
	return got, nil
}

func away(op string, err error) error {
	if errors.Is(err, resty.ErrResponseBodyTooLarge) {
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
		if err := json.Unmarshal(r.Body(), want); err != nil {
			return &Error{Op: op, Kind: BadAnswer, Status: status, Err: err}
		}
		return nil
	}
	e := &Error{Op: op, Kind: Refused, Status: status}
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		e.Kind = Busy
	case status < 400:
		e.Kind = BadAnswer
	}
	var p Problem
	if media == MediaProblem && json.Unmarshal(r.Body(), &p) == nil {
		e.Detail = p.Detail
		if e.Detail == "" {
			e.Detail = p.Title
		}
	} else if e.Kind == Refused {
		e.Kind = BadAnswer // a proxy or another server is talking, not the office
	}
	return e
}

package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// problemError is an answer that says no, with the headers that belong to it.
type problemError struct {
	central.Problem
	header map[string]string
}

func (e *problemError) Error() string { return e.Detail }

func problem(status int, detail string, args ...any) *problemError {
	return &problemError{Problem: central.Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(detail, args...),
	}}
}

func (e *problemError) with(name, value string) *problemError {
	e.header = map[string]string{name: value}
	return e
}

func (e *problemError) after(wait time.Duration) *problemError {
	return e.with("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
}

// statuses of the office's errors whose own text may be told.
var statuses = map[office.Kind]int{
	office.KindInvalid:   http.StatusUnprocessableEntity,
	office.KindMissing:   http.StatusUnprocessableEntity,
	office.KindHash:      http.StatusUnprocessableEntity,
	office.KindKeyReused: http.StatusUnprocessableEntity,
	office.KindNotFound:  http.StatusNotFound,
	office.KindConflict:  http.StatusConflict,
	office.KindTooLarge:  http.StatusRequestEntityTooLarge,
	office.KindCursor:    http.StatusGone,
	office.KindQuota:     http.StatusInsufficientStorage,
}

// fail answers an error. What is our fault is logged by its innermost cause, without
// file names, and told to the caller without details.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := s.explain(err)
	if p.Status >= 500 {
		s.Log.Error("failed", "method", method(r.Method), "path", r.Pattern, "status", p.Status, "cause", cause(err))
	}
	if p.Status == http.StatusInternalServerError && !s.healthy(r.Context()) {
		p = unavailable()
	}
	write(w, p)
}

func (s *server) explain(err error) *problemError {
	var p *problemError
	var big *http.MaxBytesError
	var missing *office.MissingError
	var version *office.VersionError
	var offset *office.OffsetError
	var refused *accounts.Error
	var ours *office.Error
	kind := office.KindOf(err)
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &refused):
		p = problem(refused.Status, "%s", refused.Detail)
		if refused.Status == http.StatusTooManyRequests {
			p.after(refused.Wait)
		}
		return p
	case errors.As(err, &big):
		return problem(http.StatusRequestEntityTooLarge, "the body has more than %d bytes", big.Limit)
	case errors.As(err, &missing):
		p = problem(http.StatusUnprocessableEntity, "%s; send them with PUT /v1/documents/{sha256}, then this again", missing)
		p.Missing = missing.SHA256
		return p
	case errors.As(err, &version):
		p = problem(http.StatusPreconditionFailed, "it has changed: it is version %d, not %d; read it again", version.Version, version.Seen)
		if version.Version > 0 {
			p.with("ETag", tag(version.Version))
		}
		return p
	case errors.As(err, &offset):
		return problem(http.StatusConflict, "%d bytes are here; go on from there", offset.Offset).with("Upload-Offset", strconv.FormatInt(offset.Offset, 10))
	case ca.KindOf(err) == ca.KindRequest:
		return problem(http.StatusUnprocessableEntity, "%v", err)
	case ca.KindOf(err) == ca.KindSigner: // its own word may name files of the office: the log has it
		return problem(http.StatusServiceUnavailable, "the authority's card or HSM does not sign now; nothing was done, try again later")
	case kind == office.KindBody:
		return bodyBrokeOff()
	case data.IsAway(err):
		return unavailable()
	case kind == office.KindFull:
		return problem(http.StatusInsufficientStorage, "the office's disk is full; try again later")
	case statuses[kind] != 0 && errors.As(err, &ours):
		return problem(statuses[kind], "%v", ours.Err)
	case errors.Is(err, context.Canceled): // the caller has gone; who closed one half of the line only may still read
		return bodyBrokeOff()
	}
	return problem(http.StatusInternalServerError, "the office's server failed; try again later")
}

func bodyBrokeOff() *problemError { return problem(http.StatusBadRequest, "the body broke off") }

const (
	healthTime = 2 * time.Second
	comeAgain  = 5 * time.Second
)

func (s *server) healthy(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), healthTime)
	defer cancel()
	return s.Office.Healthy(ctx) == nil
}

func unavailable() *problemError {
	return problem(http.StatusServiceUnavailable, "the office's database does not answer; try again later").after(comeAgain)
}

// cause is the innermost error; errors of files and lines lose their paths and addresses.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Op + ": " + path.Err.Error()
	}
	var line *net.OpError // to the database, without its address
	if errors.As(err, &line) {
		return line.Op + ": " + line.Err.Error()
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

func write(w http.ResponseWriter, p *problemError) {
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="rekey central API"`)
	}
	for name, value := range p.header {
		w.Header().Set(name, value)
	}
	send(w, p.Status, central.MediaProblem, p.Problem)
}

// tag is the ETag of a version.
func tag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// seen is the version that If-Match names; the contract's pattern has been kept.
func seen(match *string) int64 {
	if match == nil {
		return office.AnyVersion
	}
	n, _ := strconv.ParseInt((*match)[1:len(*match)-1], 10, 64)
	return n
}

// tell answers with a value as JSON, or with the error. A version that is not 0 becomes the ETag.
func (s *server) tell(w http.ResponseWriter, r *http.Request, status int, value any, version int64, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if version > 0 {
		w.Header().Set("ETag", tag(version))
	}
	send(w, status, "application/json", value)
}

func send(w http.ResponseWriter, status int, media string, value any) {
	text, err := json.Marshal(value)
	if err != nil { // cannot be: the wire types hold texts, numbers and times
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a caller that has gone needs no answer
}

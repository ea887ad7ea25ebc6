package data

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Classes and codes of SQLSTATE that say: not now. 08 is the connection, 57 somebody's hand at the server (a stop, a cancelled
// statement), 55P03 a lock that did not come, 53300 too many connections.
var notNow = []string{"08", "57", "55P03", "53300"}

// IsAway tells whether the database did not answer, or broke the connection: the same again may do later. A caller that has gone
// (context.Canceled) is no such case.
func IsAway(err error) bool {
	var body *BodyError
	if err == nil || errors.As(err, &body) || errors.Is(err, context.Canceled) {
		return false
	}
	if state := code(err); state != "" {
		return slices.ContainsFunc(notNow, func(begin string) bool { return strings.HasPrefix(state, begin) })
	}
	var connecting *pgconn.ConnectError
	var line *net.OpError // no net.Error: an errno of the disk is one too
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &connecting) || errors.As(err, &line) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, ErrUnknown) || pgconn.SafeToRetry(err)
}

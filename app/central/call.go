package central

import (
	"context"
	"net/url"
)

// Call does one exchange with the office's server beyond those of a holder's program: the office's own commands use it.
// body becomes JSON unless it is nil; the answer's JSON is read into want unless that is nil.
func (c *Client) Call(ctx context.Context, op, method, path string, query url.Values, body, want any) error {
	return c.do(ctx, call{op: op, method: method, path: path, query: query, body: body}, want)
}

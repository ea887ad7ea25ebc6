package central

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
)

// Every resource is written by PUT with the version it must have (0: any) or, where the client makes its ID, by POST, and
// read by its ID. What the server answers has to be about that ID.

// Me is who the office takes us for.
func (c *Client) Me(ctx context.Context) (Me, error) {
	var me Me
	err := c.do(ctx, call{op: "who am I", method: http.MethodGet, path: path("me")}, &me)
	return me, err
}

// BindKey lets a bearer key stand for the certificate by which this client proves itself. Only its SHA-256 is sent.
func (c *Client) BindKey(ctx context.Context, key string) error {
	sum := sha256.Sum256([]byte(key))
	return c.do(ctx, call{op: "bind key", method: http.MethodPost, path: path("keys"), body: KeyBinding{hex.EncodeToString(sum[:])}}, nil)
}

// Holder reads a holder.
func (c *Client) Holder(ctx context.Context, id string) (Holder, error) {
	return get(ctx, c, "holders", id, Holder.name)
}

// PutHolder writes the holder's own part.
func (c *Client) PutHolder(ctx context.Context, h Holder, version int64) (Holder, error) {
	return put(ctx, c, "holders", h, version, Holder.name)
}

// Certificate reads a certificate by the SHA-256 of its DER.
func (c *Client) Certificate(ctx context.Context, fingerprint string) (Certificate, error) {
	return get(ctx, c, "certificates", fingerprint, Certificate.name)
}

// Certificates is a page of them; after is Next of the page before, "" for the first.
func (c *Client) Certificates(ctx context.Context, after string) (Page[Certificate], error) {
	return list[Certificate](ctx, c, "certificates", after)
}

// PutCertificate writes a certificate.
func (c *Client) PutCertificate(ctx context.Context, cert Certificate, version int64) (Certificate, error) {
	return put(ctx, c, "certificates", cert, version, Certificate.name)
}

// PutCard writes a card.
func (c *Client) PutCard(ctx context.Context, card Card, version int64) (Card, error) {
	return put(ctx, c, "cards", card, version, Card.name)
}

// PutPhoto writes what a photo is; its bytes have been sent as a document.
func (c *Client) PutPhoto(ctx context.Context, p Photo, version int64) (Photo, error) {
	return put(ctx, c, "photos", p, version, Photo.name)
}

// PostReceipt hands in a receipt, whose paper has been sent as a document. The same ID may be handed in again.
func (c *Client) PostReceipt(ctx context.Context, r Receipt) (Receipt, error) {
	return post(ctx, c, "receipts", r, Receipt.name)
}

// Receipt reads a receipt with what the office said.
func (c *Client) Receipt(ctx context.Context, id string) (Receipt, error) {
	return get(ctx, c, "receipts", id, Receipt.name)
}

// PostRevocation asks for a revocation. The same ID may be handed in again.
func (c *Client) PostRevocation(ctx context.Context, r Revocation) (Revocation, error) {
	return post(ctx, c, "revocations", r, Revocation.name)
}

// Revocation reads a wish to revoke with what the office said.
func (c *Client) Revocation(ctx context.Context, id string) (Revocation, error) {
	return get(ctx, c, "revocations", id, Revocation.name)
}

// Revocations is a page of them; after is Next of the page before, "" for the first.
func (c *Client) Revocations(ctx context.Context, after string) (Page[Revocation], error) {
	return list[Revocation](ctx, c, "revocations", after)
}

func (h Holder) name() string      { return h.ID }
func (c Certificate) name() string { return c.Fingerprint }
func (c Card) name() string        { return c.ID }
func (p Photo) name() string       { return p.Holder }
func (r Receipt) name() string     { return r.ID }
func (r Revocation) name() string  { return r.ID }

func get[T any](ctx context.Context, c *Client, kind, id string, name func(T) string) (T, error) {
	return exchange(ctx, c, call{op: "fetch from " + kind, method: http.MethodGet, path: path(kind, id)}, id, name)
}

func put[T any](ctx context.Context, c *Client, kind string, v T, version int64, name func(T) string) (T, error) {
	return exchange(ctx, c, call{op: "put into " + kind, method: http.MethodPut, path: path(kind, name(v)), body: v, header: ifMatch(version)}, name(v), name)
}

func post[T any](ctx context.Context, c *Client, kind string, v T, name func(T) string) (T, error) {
	return exchange(ctx, c, call{op: "post to " + kind, method: http.MethodPost, path: path(kind), body: v}, name(v), name)
}

func exchange[T any](ctx context.Context, c *Client, a call, id string, name func(T) string) (T, error) {
	var got, none T
	if err := c.do(ctx, a, &got); err != nil {
		return none, err
	}
	if name(got) != id {
		return none, badAnswer(a.op, "answered another one")
	}
	return got, nil
}

func list[T any](ctx context.Context, c *Client, kind, after string) (Page[T], error) {
	a := call{op: "list " + kind, method: http.MethodGet, path: path(kind)}
	if after != "" {
		a.query = url.Values{"after": {after}}
	}
	var got Page[T]
	if err := c.do(ctx, a, &got); err != nil {
		return Page[T]{}, err
	}
	if got.Next != "" && (got.Next == after || len(got.Items) == 0) {
		return Page[T]{}, badAnswer(a.op, "the list does not go on")
	}
	return got, nil
}

// Package desk is the officer's side of the commands: it talks to the running server over its own HTTP API and knows
// nothing of its files but the address, the key and the private authority's certificate.
//
// How the key travels is app/central's promise: to a loopback address or over HTTPS only, along no redirection. Each
// document is checked against its SHA-256, and no file is ever overwritten.
package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/listen"
	"rekey/cmd/rekey-central/office"
)

// AddressFile is the file in the data folder that holds the address of the running server.
const AddressFile = "url"

const answerTimeout = 60 * time.Second

// Desk asks one server with the officer's key.
type Desk struct{ http *central.Client }

// FromFolder reads address, key and authority from the data folder of a running server. caFile names the authority
// (PEM) when the server has a certificate of its own that this machine does not trust; "" otherwise.
func FromFolder(dir, caFile string) (*Desk, error) {
	address, err := os.ReadFile(filepath.Join(dir, AddressFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no server is running in %s (start it: rekey-central serve)", dir)
	}
	if err != nil {
		return nil, err
	}
	if own := listen.CAFile(dir); caFile == "" && strings.HasPrefix(string(address), "https:") {
		if _, err := os.Stat(own); err == nil {
			caFile = own
		}
	}
	return New(strings.TrimSpace(string(address)), filepath.Join(dir, office.OfficerKeyFile), caFile)
}

// New talks to the server at base (http on loopback, or https) with the key of a file. caFile (PEM) names the only
// authority that is trusted; "": those of this machine.
func New(base, keyFile, caFile string) (*Desk, error) {
	key, err := office.ReadKey(keyFile)
	if err != nil {
		return nil, err
	}
	o := central.Options{Address: base, Key: key, Timeout: answerTimeout}
	if caFile != "" {
		if o.CA, err = os.ReadFile(caFile); err != nil {
			return nil, err
		}
	}
	client, err := central.New(o)
	if err != nil {
		return nil, err
	}
	return &Desk{client}, nil
}

// pages gathers all pages of a list.
func pages[T any](ctx context.Context, d *Desk, op, path string, query url.Values) ([]T, error) {
	all, after := []T{}, ""
	for {
		if after != "" {
			query.Set("after", after)
		}
		var page central.Page[T]
		if err := d.http.Call(ctx, op, "GET", path, query, nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.Next == "" || page.Next == after {
			return all, nil
		}
		after = page.Next
	}
}

// Package desk is the officer's side of the commands: it talks to the running server over
// its own HTTP API and knows nothing of its files but the address and the key.
//
// It sends the officer's key to a loopback address or over HTTPS only, follows no
// redirection, checks each document against its SHA-256 and never overwrites a file.
package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/office"
)

// AddressFile is the file in the data folder that holds the address of the running server.
const AddressFile = "url"

const answerTimeout = 60 * time.Second

// Desk asks one server with the officer's key.
type Desk struct {
	base, key string
	http      *http.Client
}

// FromFolder reads address and key from the data folder of a running server.
func FromFolder(dir string) (*Desk, error) {
	address, err := os.ReadFile(filepath.Join(dir, AddressFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no server is running in %s (start it: rekey-central serve)", dir)
	}
	if err != nil {
		return nil, err
	}
	key, err := office.ReadKey(filepath.Join(dir, office.OfficerKeyFile))
	if err != nil {
		return nil, err
	}
	return New(strings.TrimSpace(string(address)), key)
}

// New talks to the server at base (http on loopback, or https).
func New(base, key string) (*Desk, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, fmt.Errorf("%q is not a web address", base)
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return nil, fmt.Errorf("%s: https is needed outside this machine", base)
	}
	return &Desk{base: strings.TrimRight(base, "/"), key: key, http: &http.Client{
		Timeout:       answerTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// do asks and reads the JSON answer into want; with want nil it gives the bytes.
func (d *Desk) do(ctx context.Context, method, path string, body, want any) ([]byte, error) {
	var send io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		send = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, d.base+path, send)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+d.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := d.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the server does not answer: %w", err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, central.MaxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, refusal(res.StatusCode, data)
	}
	if want == nil {
		return data, nil
	}
	if err := json.Unmarshal(data, want); err != nil {
		return nil, fmt.Errorf("the server answers rubbish: %w", err)
	}
	return data, nil
}

func refusal(status int, data []byte) error {
	var p central.Problem
	if json.Unmarshal(data, &p) == nil && p.Detail != "" {
		return fmt.Errorf("%s (HTTP %d)", p.Detail, status)
	}
	return fmt.Errorf("the server answers HTTP %d", status)
}

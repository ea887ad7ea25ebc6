package listen

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"sync"
	"time"
)

// files is a certificate that somebody else keeps up to date. A new file counts from the next connection on.
type files struct {
	cert, key string

	mu      sync.Mutex
	changed time.Time
	current *tls.Certificate
}

func (f *files) certificate() (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.cert)
	if err == nil && f.current != nil && info.ModTime().Equal(f.changed) {
		return f.current, nil
	}
	var pair tls.Certificate
	if err == nil {
		pair, err = tls.LoadX509KeyPair(f.cert, f.key)
	}
	if err != nil && f.current != nil { // half replaced: the one before is good until the next look
		return f.current, nil
	}
	if err != nil {
		return nil, fmt.Errorf("certificate of the server: %w", err)
	}
	f.current, f.changed = &pair, info.ModTime()
	return f.current, nil
}

// Certificates reads the certificates of a PEM file: at least one, and nothing else.
func Certificates(path string) ([]*x509.Certificate, error) {
	rest, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []*x509.Certificate
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("%s holds a %s; only certificates are wanted", path, block.Type)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: certificate %d: %w", path, len(all)+1, err)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s holds no certificate (PEM)", path)
	}
	return all, nil
}

package listen

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log"
	"log/slog"
	"net/http"
	"time"
)

// limits of one connection. Writing may take longer than the longest wait for changes.
type limits struct {
	header, read, write, idle, stop time.Duration // header also bounds the TLS handshake
	headerBytes                     int
}

var usual = limits{header: 5 * time.Second, read: 60 * time.Second, write: 90 * time.Second, idle: 120 * time.Second, stop: 10 * time.Second, headerBytes: 16 << 10}

// Serve answers until ctx ends, then lets running requests finish; those that take longer than ten seconds are cut off.
func (l *Listener) Serve(ctx context.Context, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: l.limits.header,
		ReadTimeout:       l.limits.read,
		WriteTimeout:      l.limits.write,
		IdleTimeout:       l.limits.idle,
		MaxHeaderBytes:    l.limits.headerBytes,
		ErrorLog:          log.New(complaints{l.config.Log}, "", 0),
	}
	ended := make(chan error, 1)
	go func() {
		if l.source == nil {
			ended <- srv.Serve(l.net)
			return
		}
		srv.TLSConfig = l.tls()
		ended <- srv.ServeTLS(l.net, "", "")
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.limits.stop)
	defer cancel()
	err := srv.Shutdown(stop)
	if errors.Is(err, context.DeadlineExceeded) { // somebody's slow line is no failure of ours; what arrived of an upload is kept
		l.config.Log.Warn("requests were cut off at the stop", "after", l.limits.stop)
		return srv.Close()
	}
	return err
}

// tls: versions from 1.2 on with Go's choice of ciphers. Session tickets stay on: package accounts looks at the
// certificate at each request, in a resumed session too.
func (l *Listener) tls() *tls.Config {
	c := &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return l.source.certificate() },
	}
	if len(l.config.ClientCAs) > 0 {
		c.ClientAuth, c.ClientCAs = tls.RequestClientCert, x509.NewCertPool()
		for _, ca := range l.config.ClientCAs {
			c.ClientCAs.AddCert(ca)
		}
	}
	return c
}

// complaints are what the HTTP server has to say. Failed handshakes name addresses of clients and mean little: left out.
type complaints struct{ log *slog.Logger }

func (c complaints) Write(line []byte) (int, error) {
	if !bytes.Contains(line, []byte("TLS handshake error")) {
		c.log.Error("server", "complaint", string(bytes.TrimSpace(line)))
	}
	return len(line), nil
}

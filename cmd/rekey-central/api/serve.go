package api

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Time-outs of the server. Writing is longer than the longest wait for changes.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 90 * time.Second
	idleTimeout   = 120 * time.Second
	stopTimeout   = 10 * time.Second
	maxHeader     = 16 << 10 // bytes
)

// CheckAddress accepts HOST:PORT with a loopback host. Any other is refused: plain HTTP
// must not leave the machine.
func CheckAddress(addr string) error {
	_, err := loopback(addr)
	return err
}

// Listen opens a loopback address; port 0 picks a free one.
func Listen(addr string) (net.Listener, error) {
	addr, err := loopback(addr)
	if err != nil {
		return nil, err
	}
	return net.Listen("tcp", addr)
}

func loopback(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("listen address %q: want HOST:PORT", addr)
	}
	if host == "localhost" {
		host = "127.0.0.1" // whatever a resolver would make of it
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", fmt.Errorf("listen address %q is refused: without TLS the server answers on a loopback address only, such as 127.0.0.1:8443", addr)
	}
	return net.JoinHostPort(host, port), nil
}

// Serve answers on l until ctx ends, then lets running requests finish.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		return errors.Join(err, srv.Close())
	}
	return nil
}

// Package listen opens the office's address: plain HTTP on a loopback address, TLS on every other.
//
// It promises: nothing plain leaves the machine; without files of its own the server speaks with a certificate of a
// private authority that is made once and stays, so that clients can pin it; the certificate is renewed before its end
// without a restart; a connection that trickles is cut and keeps nobody else waiting; stopping lets running requests
// finish, for ten seconds. A client certificate is asked for where authorities are named and never required: who it is, and whether it
// holds, is for package accounts, at each request.
package listen

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"
)

// Config says where and how to listen.
type Config struct {
	Address   string              // IP:PORT, localhost:PORT, or :PORT for all addresses of the machine; port 0 picks a free one
	Data      string              // folder of the office's data: the private authority is in Data/tls
	TLS       bool                // TLS on a loopback address too
	Cert, Key string              // PEM files of an own certificate with its chain, and of its key; empty: the private authority's
	Names     []string            // by which clients know the server: host names or IP addresses
	ClientCAs []*x509.Certificate // whose certificates clients are asked for; none: nobody is asked
	Log       *slog.Logger
}

// Check says what of a configuration cannot be.
func (c Config) Check() error {
	if _, _, err := split(c.Address); err != nil {
		return err
	}
	for _, name := range c.Names {
		if net.ParseIP(name) == nil && !hostName(name) {
			return fmt.Errorf("%q is no host name and no IP address", name)
		}
	}
	switch {
	case (c.Cert == "") != (c.Key == ""):
		return errors.New("a certificate and its key are given together")
	case len(c.ClientCAs) > 0 && !c.secure():
		return errors.New("client certificates need TLS")
	}
	return nil
}

// secure tells that connections are TLS.
func (c Config) secure() bool {
	ip, _, err := split(c.Address)
	return c.TLS || c.Cert != "" || err != nil || !ip.IsLoopback()
}

// Listener is an open address.
type Listener struct {
	Base  string // by which clients reach the server: http://… or https://…
	Local string // by which programs on this machine reach it
	Pin   string // base64 of the SHA-256 of the private authority's SubjectPublicKeyInfo (DER); empty without one
	CA    []byte // the private authority's certificate (PEM); nil without one

	net    net.Listener
	source source // of the certificate; nil: plain
	config Config
	limits limits
}

// source gives the certificate in force.
type source interface {
	certificate() (*tls.Certificate, error)
}

// Open opens the address. The private authority is made when it is needed and not there.
func Open(c Config) (*Listener, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	l := &Listener{config: c, limits: usual}
	ip, port, err := split(c.Address)
	if err != nil {
		return nil, err
	}
	if c.secure() {
		if err := l.secure(ip); err != nil {
			return nil, err
		}
	}
	host := ""
	if ip != nil {
		host = ip.String()
	}
	if l.net, err = net.Listen("tcp", net.JoinHostPort(host, port)); err != nil {
		return nil, err
	}
	l.name(ip)
	return l, nil
}

func (l *Listener) secure(ip net.IP) error {
	if l.config.Cert != "" {
		own := &files{cert: l.config.Cert, key: l.config.Key}
		first, err := own.certificate()
		if err == nil && len(l.config.Names) == 0 {
			l.config.Names = plainNames(first.Leaf)
		}
		l.source = own
		return err
	}
	p, err := openPrivate(l.config.Data, namesFor(ip, l.config.Names), time.Now)
	if err != nil {
		return err
	}
	l.source, l.Pin, l.CA = p, p.pin(), p.pem()
	_, err = p.certificate()
	return err
}

// name finds the addresses to give out. On a loopback address, and without a name, it is that of the socket.
func (l *Listener) name(ip net.IP) {
	_, port, _ := net.SplitHostPort(l.net.Addr().String()) // a TCP address has both
	scheme, host := "http://", "127.0.0.1"
	if l.source != nil {
		scheme = "https://"
	}
	if ip != nil && !ip.IsUnspecified() {
		host = ip.String()
	}
	l.Local = scheme + net.JoinHostPort(host, port)
	l.Base = l.Local
	if len(l.config.Names) > 0 && (ip == nil || !ip.IsLoopback()) {
		l.Base = scheme + net.JoinHostPort(l.config.Names[0], port)
		if l.config.Cert != "" { // the certificate need not have the address of the socket
			l.Local = l.Base
		}
	}
}

// Secure tells that the listener speaks TLS.
func (l *Listener) Secure() bool { return l.source != nil }

// Serves tells that a Host header (HOST or HOST:PORT) names this server: whoever made another name point here is not meant.
func (l *Listener) Serves(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	if ip := net.ParseIP(strings.Trim(host, "[]")); host == "localhost" || ip != nil && ip.IsLoopback() {
		return true
	}
	if l.source == nil {
		return false
	}
	now, err := l.source.certificate()
	return err == nil && now.Leaf.VerifyHostname(host) == nil
}

// Close gives the address back. Serve does so itself.
func (l *Listener) Close() error { return l.net.Close() }

// split reads an address; ip is nil for all addresses of the machine.
func split(address string) (ip net.IP, port string, err error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, "", fmt.Errorf("listen address %q: want IP:PORT", address)
	}
	switch host {
	case "":
		return nil, port, nil
	case "localhost": // whatever a resolver would make of it
		return net.IPv4(127, 0, 0, 1), port, nil
	}
	if ip = net.ParseIP(host); ip == nil {
		return nil, "", fmt.Errorf("listen address %q: want an IP address of this machine; host names are given as names", address)
	}
	return ip, port, nil
}

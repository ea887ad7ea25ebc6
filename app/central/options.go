package central

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
)

// Options say how an office is reached.
type Options struct {
	Address string        // https, or http on a loopback address only
	Key     string        // bearer key, "" when only the certificate counts
	Timeout time.Duration // of one exchange, 0: Timeout

	// CA is PEM: only these authorities are trusted, not the system's.
	CA []byte
	// Pin is the base64 SHA-256 of the SubjectPublicKeyInfo of a certificate that has to be in the server's chain. Alone
	// it is enough: a private authority is accepted by its pin. The host name and the dates are checked all the same.
	Pin string
	// Proxy is "" for the environment's (HTTPS_PROXY, NO_PROXY), "none", or a URL of http, https or socks5, with name and
	// password when it wants them. Loopback addresses are never asked through a proxy.
	Proxy string
	// Certificate proves who is calling: see CardCertificate.
	Certificate *tls.Certificate
}

// New checks the options. Nothing is sent yet.
func New(o Options) (*Client, error) {
	office, err := parseAddress(o.Address)
	if err != nil {
		return nil, err
	}
	if strings.ContainsFunc(o.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, refusedOption("key", "the key holds something else than visible ASCII characters")
	}
	if o.Timeout == 0 {
		o.Timeout = Timeout
	}
	trust, err := newTrust(office.Hostname(), o.CA, o.Pin)
	if err != nil {
		return nil, err
	}
	proxy, err := proxyFor(o.Proxy, office)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		Proxy: http.ProxyURL(proxy), OnProxyConnectResponse: connected,
		TLSClientConfig: trust.config(), ForceAttemptHTTP2: true, // one connection for all exchanges at once: one signature of the card
		HTTP2: &http.HTTP2Config{SendPingTimeout: lifeSign, PingTimeout: lifeSign},
	}
	if proxy != nil && proxy.Scheme == "https" {
		transport.DialTLSContext = dialProxy
	}
	c := &Client{limit: o.Timeout, certified: o.Certificate != nil}
	trip := http.RoundTripper(transport)
	if o.Certificate != nil {
		trip, c.signer = withCertificate(transport, *o.Certificate)
	}
	c.http = resty.NewWithClient(&http.Client{Transport: trip}).SetBaseURL(o.Address).SetAuthToken(o.Key).
		SetResponseBodyLimit(MaxDocument).SetRedirectPolicy(resty.NoRedirectPolicy()).
		SetHeader("User-Agent", "Rekey").SetLogger(quiet{})
	return c, nil
}

// lifeSign is after how much silence the other side of a connection is asked whether it is there: without it, one that a
// sleeping laptop has lost would be used on and on.
const lifeSign = 15 * time.Second

func refusedOption(op, detail string) *Error { return &Error{Op: op, Kind: Refused, Detail: detail} }

func parseAddress(base string) (*url.URL, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, refusedOption("address", "not a web address: "+strconv.Quote(base))
	case u.User != nil:
		return nil, refusedOption("address", "a name and a password do not belong into the address")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, refusedOption("address", "only a host and a path are wanted: "+base)
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return nil, refusedOption("address", "https is needed outside this machine: "+base)
	}
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

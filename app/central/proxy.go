package central

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// proxyFor reads the option for an address: see Options.Proxy. The environment is read now, not once for the whole
// program. nil: no proxy.
func proxyFor(option string, office *url.URL) (*url.URL, error) {
	config := httpproxy.FromEnvironment()
	switch option {
	case "":
	case "none":
		return nil, nil
	default:
		u, err := url.Parse(option)
		// The text is not in the message: it may hold a password.
		if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return nil, refusedOption("proxy", "want a URL as http://host:port, or none")
		}
		if s := u.Scheme; s != "http" && s != "https" && s != "socks5" {
			return nil, refusedOption("proxy", "want a proxy of http, https or socks5")
		}
		config = &httpproxy.Config{HTTPProxy: option, HTTPSProxy: option}
	}
	proxy, err := config.ProxyFunc()(office)
	if err != nil {
		return nil, refusedOption("proxy", "the proxy of the environment is not a URL")
	}
	return proxy, nil
}

// connected looks at the proxy's answer to CONNECT.
func connected(_ context.Context, _ *url.URL, _ *http.Request, r *http.Response) error {
	if r.StatusCode == http.StatusOK {
		return nil
	}
	return proxyRefusal("proxy", r.StatusCode)
}

func proxyRefusal(op string, status int) *Error {
	e := &Error{Op: op, Kind: Proxy, Status: status, Detail: "the proxy does not let through to the office"}
	switch {
	case status == http.StatusProxyAuthRequired:
		e.Detail = "the proxy wants a name and a password, or others than these"
	case status >= 500:
		e.Detail = "the proxy does not reach the office"
	}
	return e
}

// dialProxy makes the TLS connection to a proxy of https. Go would judge it as it judges the office, and show it the
// certificate that is meant for the office; so it is judged by the system's authorities and never sees the card.
func dialProxy(ctx context.Context, network, addr string) (net.Conn, error) {
	return (&tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12}}).DialContext(ctx, network, addr)
}

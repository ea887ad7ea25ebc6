package listen

import (
	"crypto/x509"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
)

var label = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)

// hostName: letters, digits and hyphens between dots (RFC 1123 §2.1).
func hostName(s string) bool {
	return len(s) <= 253 && !slices.ContainsFunc(strings.Split(s, "."), func(part string) bool { return !label.MatchString(part) })
}

// namesFor are the names of a private certificate: those given, this machine for itself, and what it listens on.
func namesFor(ip net.IP, given []string) []string {
	names := append(slices.Clone(given), "localhost", "127.0.0.1", "::1")
	if ip != nil && !ip.IsUnspecified() {
		return unique(append(names, ip.String()))
	}
	if host, err := os.Hostname(); err == nil && hostName(host) {
		names = append(names, host)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil { // the names above are enough to begin with
		return unique(names)
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			names = append(names, n.IP.String())
		}
	}
	return unique(names)
}

func unique(names []string) []string {
	var all []string
	for _, n := range names {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// plainNames are the names in a certificate that can stand in an address.
func plainNames(c *x509.Certificate) []string {
	names := slices.DeleteFunc(slices.Clone(c.DNSNames), func(n string) bool { return !hostName(n) })
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

package listen

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

const (
	caYears    = 20
	serverDays = 397 // browsers take no more (CA/Browser Forum, Baseline Requirements 6.3.2)
	slack      = time.Hour
)

// newAuthority makes a key (EC P-256) and its own certificate, both PEM, good for servers only.
func newAuthority(now time.Time) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template, err := begin("Rekey office: private TLS authority", now)
	if err != nil {
		return nil, nil, err
	}
	template.NotAfter = now.AddDate(caYears, 0, 0)
	template.IsCA, template.MaxPathLenZero = true, true
	template.KeyUsage = x509.KeyUsageCertSign
	return seal(template, template, key, key)
}

// newServer makes a key and its certificate for names, not longer than the authority itself.
func newServer(ca *x509.Certificate, caKey any, names []string, now time.Time) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template, err := begin("Rekey office: server", now)
	if err != nil {
		return nil, nil, err
	}
	template.NotAfter = now.AddDate(0, 0, serverDays)
	if template.NotAfter.After(ca.NotAfter) {
		template.NotAfter = ca.NotAfter
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	return seal(template, ca, key, caKey)
}

// begin fills in what both have. It begins an hour ago, for clients whose clocks are behind.
func begin(name string, now time.Time) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	return &x509.Certificate{
		SerialNumber:          serial.SetBit(serial, 126, 1), // never zero
		Subject:               pkix.Name{Organization: []string{"Rekey"}, CommonName: name},
		NotBefore:             now.Add(-slack),
		BasicConstraintsValid: true,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, nil
}

func seal(template, parent *x509.Certificate, key *ecdsa.PrivateKey, signer any) (certPEM, keyPEM []byte, err error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), nil
}

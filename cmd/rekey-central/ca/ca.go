// Package ca is the demonstration certification authority of the reference central API.
//
// It is for the demo, for tests and for trying the program without a real authority. It is
// NOT a certification authority in the sense of any law: its key lies in a plain file on the
// office's side, it checks nobody's identity, and its name says so in every certificate.
// The file holds the authority's own key and never a holder's: holders' keys stay on cards,
// this package sees only their PKCS#10 requests.
//
// It promises: the subject of a request is copied byte for byte; a request whose signature
// does not verify gets no certificate; every certificate is parsed again and checked before
// it is handed out; the authority's key and certificate are never overwritten.
package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"
)

// CommonName is the name of the authority in every certificate.
const CommonName = "Rekey Demonstration CA – not a real authority"

const (
	folder   = "ca"
	keyFile  = "key.pem"
	certFile = "ca.pem"
	years    = 10
)

// KeyType is the kind of the authority's own key.
type KeyType string

// Key types of the authority.
const (
	KeyEC  KeyType = "ec"  // P-256
	KeyRSA KeyType = "rsa" // 3072 bits
)

// Authority signs certificates and revocation lists. It is safe for concurrent use.
type Authority struct {
	key  crypto.Signer
	cert *x509.Certificate
}

// Open reads the authority of the data folder dir (dir/ca/key.pem and dir/ca/ca.pem).
// The error has KindMissing when there is none.
func Open(dir string) (*Authority, error) {
	const op = "open demonstration CA"
	keyPEM, err := os.ReadFile(filepath.Join(dir, folder, keyFile))
	if err != nil {
		return nil, &Error{op, fileKind(err), err}
	}
	certPEM, err := os.ReadFile(filepath.Join(dir, folder, certFile))
	if err != nil {
		return nil, &Error{op, fileKind(err), err}
	}
	a, err := load(keyPEM, certPEM)
	if err != nil {
		return nil, &Error{op, KindFile, err}
	}
	return a, nil
}

// OpenOrInit opens the authority of the data folder and makes one (EC) when there is none.
func OpenOrInit(dir string) (*Authority, error) {
	a, err := Open(dir)
	if KindOf(err) != KindMissing {
		return a, err
	}
	a, err = Init(dir, KeyEC)
	if KindOf(err) == KindExists { // somebody else was quicker
		return Open(dir)
	}
	return a, err
}

// Init makes a new authority in dir/ca, valid for ten years. An authority that is
// there already is never overwritten: the error has KindExists.
func Init(dir string, t KeyType) (*Authority, error) {
	const op = "make demonstration CA"
	home := filepath.Join(dir, folder)
	if _, err := os.Stat(home); err == nil {
		return nil, &Error{op, KindExists, fmt.Errorf("%s is there already and is never overwritten", home)}
	}
	if t != KeyEC && t != KeyRSA {
		return nil, &Error{op, KindProfile, fmt.Errorf("unknown key type %q: want ec or rsa", t)}
	}
	keyPEM, certPEM, err := create(t, time.Now())
	if err != nil {
		return nil, &Error{op, KindInternal, err}
	}
	if err := writeHome(dir, home, keyPEM, certPEM); err != nil {
		return nil, &Error{op, fileKind(err), err}
	}
	return Open(dir)
}

// writeHome writes both files beside the place and moves them there in one step, so that
// a crash never leaves a key without its certificate.
func writeHome(dir, home string, keyPEM, certPEM []byte) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(dir, folder+".new-") // MkdirTemp makes it 0700
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := writeSynced(filepath.Join(tmp, keyFile), keyPEM); err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(tmp, certFile), certPEM); err != nil {
		return err
	}
	return os.Rename(tmp, home)
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

func create(t KeyType, now time.Time) (keyPEM, certPEM []byte, err error) {
	key, err := newKey(t)
	if err != nil {
		return nil, nil, err
	}
	serial, err := newSerial()
	if err != nil {
		return nil, nil, err
	}
	id, err := keyID(key.Public())
	if err != nil {
		return nil, nil, err
	}
	from := now.UTC().Truncate(time.Second)
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{Organization: []string{"Rekey"}, CommonName: CommonName},
		NotBefore:             from,
		NotAfter:              from.AddDate(years, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SubjectKeyId:          id,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	certPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return keyPEM, certPEM, nil
}

func newKey(t KeyType) (crypto.Signer, error) {
	if t == KeyRSA {
		return rsa.GenerateKey(rand.Reader, 3072)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func load(keyPEM, certPEM []byte) (*Authority, error) {
	kb, _ := pem.Decode(keyPEM)
	cb, _ := pem.Decode(certPEM)
	if kb == nil || cb == nil {
		return nil, errors.New("the files of the demonstration CA are not PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(kb.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", keyFile, err)
	}
	key, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%s: this key cannot sign", keyFile)
	}
	cert, err := x509.ParseCertificate(cb.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", certFile, err)
	}
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(cert.PublicKey) {
		return nil, fmt.Errorf("%s and %s do not belong together", keyFile, certFile)
	}
	return &Authority{key: key, cert: cert}, nil
}

// PEM gives the authority's own certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// newSerial gives a positive random number of 128 bits (RFC 5280 §4.1.2.2 allows 20 octets).
func newSerial() (*big.Int, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	return n.SetBit(n, 127, 1), nil // the top bit is set: always 128 bits, never zero
}

// keyID is the leftmost 160 bits of the SHA-256 of the public key's bits (RFC 7093 §2, method 1).
func keyID(public crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, err
	}
	return keyIDOf(der)
}

func keyIDOf(der []byte) ([]byte, error) {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(info.Key.Bytes)
	return sum[:20], nil
}

func fileKind(err error) Kind {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return KindMissing
	case errors.Is(err, fs.ErrExist):
		return KindExists
	}
	return KindFile
}

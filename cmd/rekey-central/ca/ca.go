// Package ca is the demonstration certification authority of the reference central API.
//
// It is for the demo, for tests and for trying the program without a real authority. It is
// NOT a certification authority in the sense of any law: it checks nobody's identity, and its
// name says so in every certificate. Its key lies in a plain file on the office's side (EC or
// RSA), or outside of this process, where a program signs with it: a GOST key never lies in a file.
// Holders' keys stay on cards: this package sees only their PKCS#10 requests.
//
// It promises: the subject of a request is copied byte for byte; a request whose signature
// does not verify gets no certificate; every certificate is parsed again and checked before
// it is handed out; the authority's key and certificate are never overwritten.
package ca

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"rekey/app/gost"
)

// CommonName is the name of the authority in every certificate.
const CommonName = "Rekey Demonstration CA – not a real authority"

const (
	folder     = "ca"
	keyFile    = "key.pem"
	certFile   = "ca.pem"
	signerFile = "signer" // JSON list: the program that signs and its arguments; in the place of key.pem
	years      = 10
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
	cert    *x509.Certificate
	key     crypto.Signer   // of the authority; one that is thrown away when own is there
	program outside         // signs, when the key is not in a file
	own     *gost.PublicKey // the authority's key when it is a GOST one
}

// Open reads the authority of the data folder dir (dir/ca/ca.pem with dir/ca/key.pem or dir/ca/signer).
// The error has KindMissing when there is none.
func Open(dir string) (*Authority, error) {
	const op = "open demonstration CA"
	certPEM, err := os.ReadFile(filepath.Join(dir, folder, certFile))
	if err != nil {
		return nil, &Error{op, fileKind(err), err}
	}
	read := load
	secret, err := os.ReadFile(filepath.Join(dir, folder, keyFile))
	if errors.Is(err, fs.ErrNotExist) {
		read = loadOutside
		secret, err = os.ReadFile(filepath.Join(dir, folder, signerFile))
	}
	if err != nil {
		return nil, &Error{op, fileKind(err), err}
	}
	a, err := read(secret, certPEM)
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
	if t != KeyEC && t != KeyRSA {
		return nil, &Error{op, KindProfile, fmt.Errorf("unknown key type %q: want ec or rsa", t)}
	}
	if err := vacant(dir); err != nil {
		return nil, &Error{op, KindExists, err}
	}
	key, err := newKey(t)
	if err != nil {
		return nil, &Error{op, KindInternal, err}
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, &Error{op, KindInternal, err}
	}
	certPEM, err := (&Authority{key: key}).selfSigned(time.Now())
	if err != nil {
		return nil, &Error{op, KindInternal, err}
	}
	if err := writeHome(dir, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), certPEM); err != nil {
		return nil, &Error{op, fileKind(err), err}
	}
	return Open(dir)
}

// InitOutside is Init for a key outside of this process, RSA, EC or GOST R 34.10-2012: command is the program that signs with it,
// and its arguments (see outside). It is asked for the public key and for the signature of the authority's own certificate.
func InitOutside(dir string, command []string) (*Authority, error) {
	const op = "make demonstration CA"
	if len(command) == 0 || command[0] == "" {
		return nil, &Error{op, KindProfile, errors.New("no program that signs")}
	}
	if err := vacant(dir); err != nil {
		return nil, &Error{op, KindExists, err}
	}
	path, err := exec.LookPath(command[0])
	if err == nil {
		path, err = filepath.Abs(path) // it is run from any folder later
	}
	if err != nil {
		return nil, &Error{op, KindProfile, err}
	}
	command = append([]string{path}, command[1:]...)
	program := outside(command)
	spki, err := program.ask(context.Background(), Question{Want: WantPublicKey})
	if err != nil {
		return nil, &Error{op, KindSigner, err}
	}
	a, err := program.authority(spki)
	if err != nil {
		return nil, &Error{op, KindSigner, err}
	}
	certPEM, err := a.selfSigned(time.Now())
	if err != nil {
		return nil, &Error{op, KindSigner, err}
	}
	list, err := json.Marshal(command)
	if err != nil {
		return nil, &Error{op, KindInternal, err}
	}
	if err := writeHome(dir, signerFile, list, certPEM); err != nil {
		return nil, &Error{op, fileKind(err), err}
	}
	return Open(dir)
}

func vacant(dir string) error {
	home := filepath.Join(dir, folder)
	if _, err := os.Stat(home); err == nil {
		return fmt.Errorf("%s is there already and is never overwritten", home)
	}
	return nil
}

// writeHome writes both files beside the place and moves them there in one step, so that
// a crash never leaves a key without its certificate.
func writeHome(dir, secretName string, secret, certPEM []byte) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(dir, folder+".new-") // MkdirTemp makes it 0700
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := writeSynced(filepath.Join(tmp, secretName), secret); err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(tmp, certFile), certPEM); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, folder))
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
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

// loadOutside does not ask the program: the card may be put in later.
func loadOutside(command, certPEM []byte) (*Authority, error) {
	var program outside
	if err := json.Unmarshal(command, &program); err != nil || len(program) == 0 {
		return nil, fmt.Errorf("%s: no list of a program and its arguments: %w", signerFile, err)
	}
	block, _ := pem.Decode(certPEM)
	if block == nil {
		return nil, errors.New("the certificate of the demonstration CA is not PEM")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", certFile, err)
	}
	a, err := program.authority(cert.RawSubjectPublicKeyInfo)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", certFile, err)
	}
	a.cert = cert
	return a, nil
}

// PEM gives the authority's own certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
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

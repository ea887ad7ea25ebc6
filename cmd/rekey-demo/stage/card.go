package stage

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"rekey/app/request"
	"rekey/token"
)

// Card is a person's SoftHSM card, ready for a renewal.
type Card struct {
	Serial      string
	Fingerprint string // SHA-256 of the certificate that ends soon
	Module      string // PKCS#11 module
	Conf        string // value of SOFTHSM2_CONF
	Details     string // file with what the person would type
	Reader      string // folder that stands for the reader: SoftHSM's token in it is the card
}

const confVariable = "SOFTHSM2_CONF"

// Env is what a program needs in its environment to find the card.
func (c Card) Env() string { return confVariable + "=" + c.Conf }

// Pull takes the card out of its reader. The programs that use it are not told.
func (c Card) Pull() error {
	if err := os.Mkdir(c.away(), 0o700); err != nil {
		return err
	}
	return move(c.Reader, c.away())
}

// PutBack puts a card that was pulled into its reader again.
func (c Card) PutBack() error { return errors.Join(move(c.away(), c.Reader), os.Remove(c.away())) }

func (c Card) away() string { return c.Reader + ".pulled" }

func move(from, to string) error {
	tokens, err := os.ReadDir(from)
	for _, t := range tokens {
		err = errors.Join(err, os.Rename(filepath.Join(from, t.Name()), filepath.Join(to, t.Name())))
	}
	return err
}

// modules are the places of SoftHSM in Debian and elsewhere.
var modules = []string{
	"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib64/softhsm/libsofthsm.so", "/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so",
}

// SoftHSM finds the module.
func SoftHSM() (string, error) {
	for _, path := range modules {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errors.New("SoftHSM is not installed (package softhsm2)")
}

// MakeCard is NewCard for a process with one card: what it runs afterwards finds that card through SOFTHSM2_CONF.
func MakeCard(ctx context.Context, helper, dir string, p Person, o *Office) (Card, error) {
	card, err := NewCard(ctx, helper, dir, p, o)
	return card, errors.Join(err, os.Setenv(confVariable, card.Conf))
}

// NewCard makes the person's card below dir: a key pair on the card, a first certificate from the office that ends
// soon, written and proved. helper is the rekey program. The environment of this process stays as it is, so that
// several persons can be served at once.
func NewCard(ctx context.Context, helper, dir string, p Person, o *Office) (Card, error) {
	card := Card{Conf: filepath.Join(dir, "softhsm2.conf"), Details: filepath.Join(dir, "details.yaml")}
	var err error
	if card.Module, err = SoftHSM(); err != nil {
		return card, err
	}
	card.Reader = filepath.Join(dir, "card")
	if err := os.MkdirAll(card.Reader, 0o700); err != nil {
		return card, err
	}
	conf := fmt.Sprintf("directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", card.Reader)
	if err := os.WriteFile(card.Conf, []byte(conf), 0o600); err != nil {
		return card, err
	}
	details, err := yaml.Marshal(p.Details)
	if err != nil {
		return card, err
	}
	if err := os.WriteFile(card.Details, details, 0o600); err != nil {
		return card, err
	}
	module := token.Helper(card.Module, []string{"env", card.Env(), helper, "token-helper"})
	defer module.Close()
	if card.Serial, err = module.InitBlank(ctx, p.CardLabel, []byte(soPIN), []byte(p.PIN)); err != nil {
		return card, err
	}
	session, err := module.Open(ctx, card.Serial)
	if err != nil {
		return card, err
	}
	defer session.Close()
	card.Fingerprint, err = firstCertificate(ctx, session, dir, p, o)
	return card, err
}

func firstCertificate(ctx context.Context, session token.Session, dir string, p Person, o *Office) (string, error) {
	if err := session.Login(ctx, []byte(p.PIN)); err != nil {
		return "", err
	}
	id := make([]byte, 8)
	rand.Read(id)
	key, err := session.Generate(ctx, token.KeySpec{Algorithm: p.Algorithm, ID: id, Label: "first key"})
	if err != nil {
		return "", err
	}
	signer, err := token.NewSigner(ctx, session, key)
	if err != nil {
		return "", err
	}
	subject, err := request.NewSubject(p.Subject)
	if err != nil {
		return "", err
	}
	der, err := request.New(ctx, signer, subject, nil)
	if err != nil {
		return "", err
	}
	text, err := o.certify(p, request.PEM(der), dir)
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return "", fmt.Errorf("the office gave no PEM certificate: %.60s", strings.TrimSpace(string(text)))
	}
	if err := session.PutCertificate(ctx, id, "first certificate", block.Bytes); err != nil {
		return "", err
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(block.Bytes)
	return hex.EncodeToString(sum[:]), token.Prove(ctx, session, cert)
}

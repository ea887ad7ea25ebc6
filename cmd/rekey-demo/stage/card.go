package stage

import (
	"context"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

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

// MakeCard is NewCard for a process with one card: what it runs afterwards finds that card through SOFTHSM2_CONF.
func MakeCard(ctx context.Context, helper, dir string, p Person, o *Office) (Card, error) {
	card, err := NewCard(ctx, helper, dir, p, o)
	return card, errors.Join(err, os.Setenv(confVariable, card.Conf))
}

// NewCard makes the person's card below dir: a key pair on the card, a first certificate from the office that ends
// soon, written and proved. helper is the rekey program. The environment of this process stays as it is, so that
// several persons can be served at once.
func NewCard(ctx context.Context, helper, dir string, p Person, o *Office) (Card, error) {
	card, session, err := blank(ctx, helper, dir, p.CardLabel, p.PIN, p.Algorithm)
	if err != nil {
		return card, err
	}
	defer session.close()
	card.Details = filepath.Join(dir, "details.yaml")
	details, err := yaml.Marshal(p.Details)
	if err != nil {
		return card, err
	}
	if err := os.WriteFile(card.Details, details, 0o600); err != nil {
		return card, err
	}
	card.Fingerprint, err = session.firstCertificate(ctx, dir, p, o)
	return card, err
}

// blank makes a card below dir that is initialised and holds one key pair, and logs in.
func blank(ctx context.Context, helper, dir, label, pin string, a token.Algorithm) (card Card, s *session, err error) {
	card = Card{Conf: filepath.Join(dir, "softhsm2.conf"), Reader: filepath.Join(dir, "card")}
	if card.Module, err = SoftHSM(ctx, a); err != nil {
		return card, nil, err
	}
	if err := os.MkdirAll(card.Reader, 0o700); err != nil {
		return card, nil, err
	}
	conf := fmt.Sprintf("directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", card.Reader)
	if err := os.WriteFile(card.Conf, []byte(conf), 0o600); err != nil {
		return card, nil, err
	}
	module := card.open(helper)
	if card.Serial, err = module.InitBlank(ctx, label, []byte(soPIN), []byte(pin)); err != nil {
		return card, nil, errors.Join(err, module.Close())
	}
	if s, err = login(ctx, module, card.Serial, pin); err != nil {
		return card, nil, err
	}
	if err := s.newKey(ctx, a); err != nil {
		s.close()
		return card, nil, err
	}
	return card, s, nil
}

// open gives the card's module in a child process.
func (c Card) open(helper string) token.Module {
	return token.Helper(c.Module, []string{"env", c.Env(), helper, "token-helper"})
}

func (s *session) firstCertificate(ctx context.Context, dir string, p Person, o *Office) (string, error) {
	subject, err := request.NewSubject(p.Subject)
	if err != nil {
		return "", err
	}
	var exts []pkix.Extension
	if p.SignTool != "" {
		until := time.Now().AddDate(0, 0, p.DaysLeft)
		exts = append(exts, request.SubjectSignTool(p.SignTool), request.PrivateKeyUsagePeriod(until.AddDate(0, 0, -p.ValidDays), until))
	}
	der, err := s.request(ctx, subject, exts)
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
	if err := s.card.PutCertificate(ctx, s.key.ID, "first certificate", block.Bytes); err != nil {
		return "", err
	}
	sum := sha256.Sum256(block.Bytes)
	return hex.EncodeToString(sum[:]), s.prove(ctx, block.Bytes)
}

package ca

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"rekey/app/gost"
)

// outside is a key that this process never holds: on a card, in an HSM. A program signs with it, as program and
// arguments, run once for each question. It reads one line of JSON (Question) and writes the bare answer:
//
//	{"want":"public-key"}                                         the DER SubjectPublicKeyInfo
//	{"want":"signature","hash":"sha-256","digest":"…","message":"…"}  the signature as X.509 has it
//
// Whatever else it ends with than status 0 is a refusal; the first line of its standard error says why.
type outside []string

// Question is what the program reads. Digest and Message are base64; the message is there for cards that hash by themselves.
type Question struct {
	Want    string `json:"want"`
	Hash    string `json:"hash,omitempty"` // sha-256, sha-384, sha-512, streebog-256, streebog-512
	Digest  []byte `json:"digest,omitempty"`
	Message []byte `json:"message,omitempty"`
}

// What a Question wants.
const (
	WantPublicKey = "public-key"
	WantSignature = "signature"
)

const (
	outsideLimit = 30 * time.Second // for one answer
	maxAnswer    = 64 << 10         // bytes
)

func (o outside) ask(ctx context.Context, q Question) ([]byte, error) {
	line, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, outsideLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, o[0], o[1:]...)
	cmd.WaitDelay = time.Second
	cmd.Stdin = bytes.NewReader(append(line, '\n'))
	var out, said limited
	cmd.Stdout, cmd.Stderr = &out, &said
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, errors.New("the signer did not answer in time")
	case err != nil:
		why, _, _ := strings.Cut(strings.TrimSpace(string(said.data)), "\n")
		return nil, fmt.Errorf("the signer refused (%w): %.200s", err, why)
	case len(out.data) == 0 || len(out.data) == maxAnswer:
		return nil, errors.New("the signer's answer has no sensible length")
	}
	return out.data, nil
}

// limited keeps the beginning of what is written.
type limited struct{ data []byte }

func (l *limited) Write(p []byte) (int, error) {
	l.data = append(l.data, p[:min(len(p), maxAnswer-len(l.data))]...)
	return len(p), nil
}

// gostSign is the SignFunc of a GOST key of this length.
func (o outside) gostSign(bits int) gost.SignFunc {
	return func(ctx context.Context, digest, message []byte) ([]byte, error) {
		return o.ask(ctx, Question{WantSignature, fmt.Sprintf("streebog-%d", bits), digest, message})
	}
}

// outsideKey is a key outside that Go's crypto knows.
type outsideKey struct {
	program outside
	public  crypto.PublicKey
}

func (k outsideKey) Public() crypto.PublicKey { return k.public }

func (k outsideKey) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.sign(digest, nil, opts)
}

// SignMessage gives the program the message too.
func (k outsideKey) SignMessage(_ io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	h := opts.HashFunc().New()
	h.Write(message)
	return k.sign(h.Sum(nil), message, opts)
}

func (k outsideKey) sign(digest, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	name, ok := map[crypto.Hash]string{crypto.SHA256: "sha-256", crypto.SHA384: "sha-384", crypto.SHA512: "sha-512"}[opts.HashFunc()]
	if !ok {
		return nil, fmt.Errorf("no signature with %s", opts.HashFunc())
	}
	return k.program.ask(context.Background(), Question{WantSignature, name, digest, message})
}

// authority is one that signs with the program's key, spki (DER), and has no certificate yet.
func (o outside) authority(spki []byte) (a *Authority, err error) {
	a = &Authority{program: o}
	if !gost.IsKey(spki) {
		public, err := x509.ParsePKIXPublicKey(spki)
		a.key = outsideKey{o, public}
		return a, err
	}
	if a.own, err = gost.ParsePublicKey(spki); err != nil {
		return nil, err
	}
	a.key, err = newKey(KeyEC)
	return a, err
}

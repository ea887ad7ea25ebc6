package main

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// judgeGOST has OpenSSL's gost engine judge what the card and the authority's card have signed: the request, the certificate, the
// revocation list, and the signed request where the way of sending makes one. What it says is kept for the summary.
func (r *renewal) judgeGOST() error {
	request, certificate, ca := filepath.Join(r.out, "request.p10"), filepath.Join(r.out, "certificate.pem"), r.office.CA()
	list, err := r.fetchCRL()
	if err != nil {
		return err
	}
	err = steps(
		func() error { return r.openssl("verify OK", "req", "-verify", "-noout", "-in", request) },
		func() error { return r.openssl("GOST R 34.10-2012", "req", "-noout", "-text", "-in", request) },
		func() error { return r.openssl("verify OK", "crl", "-noout", "-in", list, "-CAfile", ca) },
		func() error {
			return r.openssl("certificate.pem: OK", "verify", "-x509_strict", "-CAfile", ca, "-crl_check", "-CRLfile", list, certificate)
		},
		func() error { return r.openssl("GOST R 34.10-2012", "x509", "-noout", "-text", "-in", ca) },
		func() error { return sameKey(request, certificate) },
	)
	if _, missing := os.Stat(filepath.Join(r.out, "request-signed.p7s")); err != nil || missing != nil {
		return err
	}
	return r.openssl("successful", "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", ca, "-purpose", "any", "-out", os.DevNull,
		"-in", filepath.Join(r.out, "request-signed.p7s"))
}

// withEngine is a configuration of OpenSSL that has the gost engine for all its commands: some have no option for it.
const withEngine = `openssl_conf = all
[all]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
`

// openssl runs a command of it with the gost engine, and keeps the line that says what is wanted.
func (r *renewal) openssl(want string, args ...string) error {
	conf := filepath.Join(r.dir, "openssl.cnf")
	if err := os.WriteFile(conf, []byte(withEngine), 0o600); err != nil {
		return err
	}
	cmd := exec.Command("openssl", args...)
	cmd.Env = append(os.Environ(), "OPENSSL_CONF="+conf)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("openssl %s: %w: %s", strings.Join(args, " "), err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, want) {
			line = strings.ReplaceAll(strings.TrimSpace(line), r.out+string(filepath.Separator), "")
			r.verdicts = append(r.verdicts, fmt.Sprintf("%-8s %s", args[0], line))
			return nil
		}
	}
	return fmt.Errorf("openssl %s does not say %q: %s", strings.Join(args, " "), want, out)
}

// fetchCRL gets the revocation list that the certificates name, and keeps it as PEM beside the documents.
func (r *renewal) fetchCRL() (string, error) {
	answer, err := http.Get(r.office.URL + "/demo/ca.crl")
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	der, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil || answer.StatusCode != http.StatusOK {
		return "", errors.Join(fmt.Errorf("the revocation list: %s", answer.Status), err)
	}
	path := filepath.Join(r.out, "ca-crl.pem")
	return path, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der}), 0o600)
}

// sameKey wants the certificate to have the request's key.
func sameKey(request, certificate string) error {
	asked, err := exec.Command("openssl", "req", "-engine", "gost", "-in", request, "-noout", "-pubkey").Output()
	if err != nil {
		return fmt.Errorf("openssl: the key of %s: %w", request, err)
	}
	got, err := exec.Command("openssl", "x509", "-engine", "gost", "-in", certificate, "-noout", "-pubkey").Output()
	if err != nil {
		return fmt.Errorf("openssl: the key of %s: %w", certificate, err)
	}
	if !bytes.Contains(asked, []byte("PUBLIC KEY")) || !bytes.Equal(asked, got) {
		return fmt.Errorf("%s and %s have different keys", request, certificate)
	}
	return nil
}

package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"rekey/cmd/rekey-demo/stage"
)

// chosen wants the issued certificate to be the current one. Which one it is only the program knows, so what counts is what it signs with
// when nobody says by which certificate: OpenSSL names the signer.
func chosen(r *renewal) error {
	signed := filepath.Join(r.home, "signed-after-the-choice.pdf")
	cmd := exec.Command(filepath.Join(r.bin, "rekey"), r.args("sign", filepath.Join(r.out, "application.pdf"), "--out", signed, "--pin-stdin")...)
	cmd.Env, cmd.Stdin = append(os.Environ(), r.card.Env()), strings.NewReader(r.person.PIN+"\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("rekey sign: %w: %s", err, out)
	}
	content, signature, err := signatureOf(signed)
	if err != nil {
		return err
	}
	part := func(name string) string { return filepath.Join(r.home, "chosen-"+name) }
	return steps(
		func() error { return os.WriteFile(part("content"), content, 0o600) },
		func() error { return os.WriteFile(part("signature.der"), signature, 0o600) },
		func() error {
			return r.openssl("successful", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", part("signature.der"), "-content", part("content"),
				"-CAfile", r.office.CA(), "-purpose", "any", "-signer", part("signer.pem"), "-out", os.DevNull)
		},
		func() error { return sameCertificate(part("signer.pem"), filepath.Join(r.out, "certificate.pem")) },
	)
}

var (
	byteRange = regexp.MustCompile(`/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]`)
	derLength = 4 // of the outermost tag and its length: a signature is longer than 255 bytes and shorter than 64 kB
)

// signatureOf takes the last signature out of a PDF: the bytes that are signed, and the CMS in DER.
func signatureOf(path string) (content, signature []byte, err error) {
	pdf, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	all := byteRange.FindAllSubmatch(pdf, -1)
	if len(all) == 0 {
		return nil, nil, fmt.Errorf("%s holds no signature", path)
	}
	var at [4]int
	for i, digits := range all[len(all)-1][1:] {
		if at[i], err = strconv.Atoi(string(digits)); err != nil {
			return nil, nil, err
		}
	}
	end := at[0] + at[1]
	if at[0] != 0 || at[2] < end || at[2]+at[3] != len(pdf) {
		return nil, nil, fmt.Errorf("the signature of %s covers %v of %d bytes", path, at, len(pdf))
	}
	signature, err = hex.DecodeString(strings.Trim(string(pdf[end:at[2]]), "<> \r\n"))
	if err != nil || len(signature) < derLength {
		return nil, nil, fmt.Errorf("the signature of %s: %d bytes, %w", path, len(signature), err)
	}
	long := derLength + int(signature[2])<<8 + int(signature[3]) // zeros fill the rest of its room
	return append(bytes.Clone(pdf[:end]), pdf[at[2]:]...), signature[:min(long, len(signature))], nil
}

// sameCertificate compares two files by OpenSSL's word, whatever their form.
func sameCertificate(one, other string) error {
	var said [2]string
	for i, path := range []string{one, other} {
		out, err := exec.Command("openssl", "x509", "-in", path, "-noout", "-fingerprint", "-sha256").CombinedOutput()
		if err != nil {
			return fmt.Errorf("openssl x509 %s: %w: %s", path, err, out)
		}
		said[i] = string(out)
	}
	if said[0] != said[1] {
		return fmt.Errorf("%s is another certificate than %s: %s, %s", one, other, said[0], said[1])
	}
	return nil
}

// cardTool runs OpenSC's tool on the person's card, logged in.
func (r *renewal) cardTool(args ...string) (string, error) {
	module, err := stage.SoftHSM(context.Background(), r.person.Algorithm) // not the reader in front of it that a test may use
	if err != nil {
		return "", err
	}
	cmd := exec.Command("pkcs11-tool", append([]string{"--module", module, "-l", "--pin", r.person.PIN}, args...)...)
	cmd.Env = append(os.Environ(), r.card.Env())
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("pkcs11-tool: %w: %s", err, out)
	}
	return string(out), nil
}

var certificateID = regexp.MustCompile(`(?s)Certificate Object;.*?ID:\s*([0-9a-f]+)`)

// issuedOnCard wants the issued certificate to be on the card: it is read from there by OpenSC's tool, and OpenSSL compares.
func (r *renewal) issuedOnCard() error {
	list, err := r.cardTool("-O")
	if err != nil {
		return err
	}
	path, last := filepath.Join(r.home, "from-the-card.der"), fmt.Errorf("the card of %s holds no certificate", r.person.Name)
	for _, id := range certificateID.FindAllStringSubmatch(list, -1) {
		if _, err := r.cardTool("--read-object", "--type", "cert", "--id", id[1], "--output-file", path); err != nil {
			return err
		}
		if last = sameCertificate(path, filepath.Join(r.out, "certificate.pem")); last == nil {
			return nil
		}
	}
	return last
}

package stage

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rekey/cmd/rekey-central/ca"
	"rekey/token"
)

// SignCommand is the command of rekey-demo that signs for the demonstration CA: rekey-central runs it.
const SignCommand = "ca-sign"

// caPIN is the PIN of the demonstration CA's card.
const caPIN = "642086420864"

// cardFile names the CA's card for SignForCA.
const cardFile = "card.json"

// Prepare gives the office a CA of the person's country, before it is started first: where the person's key is a GOST one the CA's is too, on
// a card of its own, since nothing here signs with GOST in software. Otherwise the office makes one by itself.
func (o *Office) Prepare(ctx context.Context, p Person) error {
	if p.Algorithm.GOSTBits() == 0 {
		return nil
	}
	dir := o.dir + "-card"
	if err := newCACard(ctx, o.bin, dir, p.Algorithm); err != nil {
		return fmt.Errorf("make the CA's card: %w", err)
	}
	_, err := o.Command("ca", "init", "--signer", filepath.Join(o.bin, "rekey-demo"), "--signer", SignCommand, "--signer", dir)
	return err
}

func newCACard(ctx context.Context, bin, dir string, a token.Algorithm) error {
	card, s, err := blank(ctx, helperIn(bin), dir, "Rekey demo, CA", caPIN, a)
	if err != nil {
		return err
	}
	s.close()
	text, err := json.Marshal(card)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, cardFile), text, 0o600)
}

func helperIn(bin string) string { return filepath.Join(bin, "rekey") }

// SignForCA answers one question of the demonstration CA (see package ca) with the card in dir; bin is the folder of the programs.
func SignForCA(ctx context.Context, bin, dir string, in io.Reader, out io.Writer) error {
	line, err := bufio.NewReader(in).ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the question: %w", err)
	}
	var q ca.Question
	if err := json.Unmarshal(line, &q); err != nil {
		return fmt.Errorf("read the question: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, cardFile))
	if err != nil {
		return err
	}
	var card Card
	if err := json.Unmarshal(text, &card); err != nil {
		return err
	}
	s, err := login(ctx, card.open(helperIn(bin)), card.Serial, caPIN)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.findKey(ctx); err != nil {
		return err
	}
	answer := s.key.SPKI
	switch {
	case q.Want == ca.WantSignature && q.Hash == fmt.Sprintf("streebog-%d", s.key.Algorithm.GOSTBits()):
		answer, err = s.signGOST(ctx, q.Digest, q.Message)
	case q.Want != ca.WantPublicKey:
		err = fmt.Errorf("no answer to %q with %q", q.Want, q.Hash)
	}
	if err != nil {
		return err
	}
	_, err = out.Write(answer)
	return err
}

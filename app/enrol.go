package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rekey/app/central"
	"rekey/app/register"
	"rekey/store"
)

// StepEnrol is the word for signing in with the card: pin.enrol, step.enrol and done.enrol in the translation files.
const StepEnrol = "enrol"

// Enrol proves the holder's certificate to the office, by one signature of the card in the TLS handshake, and has the office take this
// machine's key for it: from then on the exchange needs no PIN. cardSerial may be "" while one card is in the readers.
func (a *App) Enrol(ctx context.Context, cardSerial string, ask Ask) (central.Me, error) {
	const op = "sign in with the card"
	me, err := a.enrol(ctx, cardSerial, ask)
	return me, failed(op, err)
}

func (a *App) enrol(ctx context.Context, cardSerial string, ask Ask) (me central.Me, err error) {
	a.running.Lock()
	defer a.running.Unlock()
	o, err := a.reach()
	switch {
	case err != nil:
		return me, err
	case !strings.HasPrefix(o.Address, "https://"):
		return me, &Error{"central API", BadInput, errors.New("a card proves itself over TLS only: an address of the central API with https:// is needed")}
	}
	entry, err := a.entryToProve(ctx, cardSerial)
	if err != nil {
		return me, err
	}
	if err := central.CanProve(entry.X509.PublicKey); err != nil { // no PIN is asked for in vain
		return me, err
	}
	ask.progress(Progress{What: StepEnrol})
	card, err := a.login(ctx, ask, entry.CardSerial, StepEnrol)
	if err != nil {
		return me, err
	}
	defer card.close()
	signer, err := cardSigner(ctx, card.session, entry.SPKI)
	if err != nil {
		return me, err
	}
	proof, err := central.CardCertificate(signer, [][]byte{entry.DER})
	if err != nil {
		return me, err
	}
	prover, err := a.asHolder(proof)
	if err != nil {
		return me, err
	}
	defer prover.Close()
	if err := prover.BindKey(ctx, o.Key); central.KindOf(err) == central.Refused { // it is another account's, for example
		return me, &Error{"sign in", NoSignIn, err}
	} else if err != nil {
		return me, err
	}
	client, err := a.client()
	if err != nil {
		return me, err
	}
	if me, err = client.Me(ctx); err != nil { // with the key alone: so it will be from now on
		return me, err
	}
	ask.progress(Progress{What: StepEnrol, Done: true})
	a.syncing.Lock()
	defer a.syncing.Unlock()
	defer a.wake()
	return me, a.note(nil)
}

// entryToProve is the certificate that stands for a card's holder: the chosen one, else the one that is valid longest.
func (a *App) entryToProve(ctx context.Context, cardSerial string) (register.Entry, error) {
	entries, _ := a.entries(ctx, a.cards.Snapshot(ctx))
	chosen := map[string]string{}
	if err := a.store.View(func(tx *store.Tx) error {
		return store.Each(tx, store.Choices, "", func(holder, fp string) error { chosen[holder] = fp; return nil })
	}); err != nil {
		return register.Entry{}, err
	}
	entries = slices.DeleteFunc(register.States(entries, chosen, a.now()), func(e register.Entry) bool {
		return e.X509 == nil || e.Purpose != register.PurposeSigning || e.KeyOnCard == register.KeyNo || cardSerial != "" && e.CardSerial != cardSerial
	})
	if len(entries) == 0 {
		return register.Entry{}, &Error{"find certificate", NoCard, fmt.Errorf("no card %s with a certificate for signing in the readers", cardSerial)}
	}
	if slices.ContainsFunc(entries, func(e register.Entry) bool { return e.CardSerial != entries[0].CardSerial }) {
		return register.Entry{}, &Error{"find certificate", BadInput, errors.New("more than one card is in the readers: say which by its serial number")}
	}
	rank := func(e register.Entry) int {
		if e.State == register.StateCurrent {
			return 0
		}
		return 1
	}
	return slices.MinFunc(entries, func(x, y register.Entry) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), y.NotAfter.Compare(x.NotAfter))
	}), nil
}

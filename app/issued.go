package app

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"time"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/register"
	"rekey/store"
)

// newCertificate reads what the office has issued and refuses it when it is not for the key on this card.
func newCertificate(data, spki []byte) (*x509.Certificate, error) {
	const op = "read new certificate"
	if block, _ := pem.Decode(data); block != nil {
		data = block.Bytes
	}
	cert, err := x509.ParseCertificate(data)
	if err != nil {
		return nil, &Error{op, ServerAnswer, err}
	}
	if !sameKey(cert.RawSubjectPublicKeyInfo, spki) {
		return nil, &Error{op, ServerAnswer, errors.New("the certificate that came back belongs to another key")}
	}
	return cert, nil
}

func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// changes are the subject attributes that the holder has corrected. Fixed ones cannot differ (see Start).
func (w *work) changes(c cases.Case, current *x509.Certificate) map[string]string {
	old := register.Parse(current.Raw)
	changed := map[string]string{}
	for _, f := range w.procedure.Fields {
		if !strings.Contains(f.From, ".") || f.Fixed {
			continue
		}
		if was := attribute(old, f.From); was != "" && c.Details[f.ID] != "" && was != c.Details[f.ID] {
			changed[f.From] = c.Details[f.ID]
		}
	}
	return changed
}

// proofHolds is how long the signature that ended an installation proves that the certificate can be used: who chooses right after
// it is not asked for the PIN once more, who does it days later is.
const proofHolds = 24 * time.Hour

// Choose makes a certificate the current one. A signature with its key proves that it can be used.
func (a *App) Choose(ctx context.Context, fp string, ask Ask) error {
	const op = "choose certificate"
	a.running.Lock()
	defer a.running.Unlock()
	entry, err := a.entry(ctx, fp)
	if err != nil {
		return err
	}
	if entry.Problem != "" || entry.X509 == nil || entry.Purpose != register.PurposeSigning {
		return &Error{op, BadInput, errors.New("only a readable signing certificate can be current")}
	}
	c, err := a.installedCase(entry.Fingerprint)
	if err != nil {
		return err
	}
	if c == nil {
		if err := a.prove(ctx, entry, ask); err != nil {
			return failed(op, err)
		}
		return failed(op, a.store.Update(func(tx *store.Tx) error {
			return a.choose(tx, entry, func() error {
				return store.Put(tx, store.Choices, register.HolderKey(entry.Certificate), entry.Fingerprint)
			})
		}))
	}
	if !slices.ContainsFunc(c.Steps, func(s cases.Step) bool {
		return s.What == procedure.Install && s.State == cases.Done && a.now().Sub(s.At) < proofHolds
	}) {
		if err := a.prove(ctx, entry, ask); err != nil {
			return failed(op, err)
		}
	}
	_, err = a.change(c.ID, func(tx *store.Tx, c cases.Case) (after cases.Case, err error) {
		err = a.choose(tx, entry, func() error {
			after, err = a.apply(tx, c, cases.Event{Kind: cases.Chosen, Fingerprint: entry.Fingerprint})
			return err
		})
		return after, err
	})
	return failed(op, err)
}

// choose keeps the choice, and tells the register of both: the certificate that is current now, and the one that was.
func (a *App) choose(tx *store.Tx, entry register.Entry, keep func() error) error {
	before, err := store.Get[string](tx, store.Choices, register.HolderKey(entry.Certificate))
	if err != nil && store.KindOf(err) != store.NotFound {
		return err
	}
	if err := keep(); err != nil {
		return err
	}
	if tx.Has(store.Certificates, before) && before != entry.Fingerprint {
		if err := a.queueRegister(tx, register.HolderKey(entry.Certificate), []string{before}, nil); err != nil {
			return err
		}
	}
	return a.keepFound(tx, foundEntry(entry))
}

// installedCase is the case that has installed this certificate and still waits for the holder's choice.
func (a *App) installedCase(fp string) (*cases.Case, error) {
	all, err := a.Cases()
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.New == fp && c.Has(procedure.Choose) {
			return &c, nil
		}
	}
	return nil, nil
}

func (a *App) prove(ctx context.Context, e register.Entry, ask Ask) error {
	card, err := a.login(ctx, ask, e.CardSerial, procedure.Choose)
	if err != nil {
		return err
	}
	defer card.close()
	return proveKey(ctx, card.session, e.X509)
}

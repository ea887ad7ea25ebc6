package app

import (
	"context"
	"crypto/x509/pkix"
	"slices"
	"time"

	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/app/request"
	"rekey/token"
)

// newPair has the card make the pair under the case's identifier. A card says which lengths of GOST keys it makes, and not which parameter
// sets: when it refuses one, the procedure's next set of the same length is put on disk and tried.
func (w *work) newPair(ctx context.Context, session token.Session, c cases.Case) (cases.Case, token.Key, error) {
	now := w.app.now().UTC()
	spec := token.KeySpec{ID: c.KeyID, Label: "Rekey " + now.Format(time.DateOnly)}
	spec.From, spec.Until = w.keyPeriod(now)
	for {
		spec.Algorithm = token.Algorithm(c.KeyAlgorithm)
		key, err := session.Generate(ctx, spec)
		if err == nil {
			err = checkNew(ctx, session, key)
		}
		next := nextSet(w.procedure.Keys, c.KeyAlgorithm)
		if err == nil || next == "" || !refusedSet(err) {
			return c, key, err
		}
		if c, err = w.app.record(c.ID, cases.Event{Kind: cases.KeyIntended, KeyID: c.KeyID, Algorithm: next}); err != nil {
			return c, key, err
		}
	}
}

// nextSet is the algorithm behind this one that differs in its parameter set only; "" when there is none.
func nextSet(all []string, refused string) string {
	bits := token.Algorithm(refused).GOSTBits()
	at := slices.Index(all, refused)
	if bits == 0 || at < 0 {
		return ""
	}
	for _, a := range all[at+1:] {
		if token.Algorithm(a).GOSTBits() == bits {
			return a
		}
	}
	return ""
}

// refusedSet tells whether the card has made no key of this set, and might make one of another: it has refused, or made one of another curve,
// which was destroyed.
func refusedSet(err error) bool {
	switch token.KindOf(err) {
	case token.KindUnsupported, token.KindCardRefused, token.KindBadAnswer:
		return true
	}
	return false
}

// keyPeriod is when a private key made at this time may sign, by the procedure; zero when it does not say.
func (w *work) keyPeriod(made time.Time) (from, until time.Time) {
	if w.procedure.KeyMonths == 0 {
		return
	}
	from = made.UTC().Truncate(24 * time.Hour)
	return from, from.AddDate(0, w.procedure.KeyMonths, 0)
}

// oidSignTool is subjectSignTool (domain/russia.md §3.2).
const oidSignTool = "1.2.643.100.111"

// requestExtensions are what the procedure's certificates ask for in the request.
func (w *work) requestExtensions(c cases.Case) ([]pkix.Extension, error) {
	var exts []pkix.Extension
	if slices.Contains(w.procedure.Purpose, "ru-qualified") {
		exts = append(exts, request.KeyUsage(request.KeyUsageRussian),
			request.ExtendedKeyUsage(request.UsageClientAuth, request.UsageEmailProtection, request.UsageCryptoProUser))
		more, err := w.ofCurrent(c)
		if err != nil {
			return nil, err
		}
		exts = append(exts, more...)
	}
	i := slices.IndexFunc(c.Steps, func(s cases.Step) bool { return s.What == procedure.MakeKey })
	if i < 0 || c.Steps[i].At.IsZero() {
		return exts, nil
	}
	if from, until := w.keyPeriod(c.Steps[i].At); !from.IsZero() {
		exts = append(exts, request.PrivateKeyUsagePeriod(from, until))
	}
	return exts, nil
}

// ofCurrent: the signature tool is that of the current certificate, whose card makes the new key too; and the holder is identified by that
// certificate where it signs what is handed in.
func (w *work) ofCurrent(c cases.Case) ([]pkix.Extension, error) {
	if c.Current == "" {
		return nil, nil
	}
	current, err := w.app.current(c)
	if err != nil || current.X509 == nil {
		return nil, err
	}
	var exts []pkix.Extension
	for _, e := range current.X509.Extensions {
		if e.Id.String() == oidSignTool {
			exts = append(exts, pkix.Extension{Id: e.Id, Value: e.Value})
		}
	}
	if slices.ContainsFunc(c.Steps, func(s cases.Step) bool { return s.What == procedure.SignRequest }) {
		exts = append(exts, request.IdentificationKind(request.IdentifiedByCertificate))
	}
	return exts, nil
}

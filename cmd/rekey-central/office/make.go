package office

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
)

// made is a certificate that has been made and perhaps not been filed: after a crash the same one is issued.
type made struct {
	Request     string `json:"request"`     // SHA-256 of the request
	Certificate []byte `json:"certificate"` // PEM
}

// making says that somebody has the certificate made at this moment.
type making struct {
	By    string    `json:"by"` // one call, at random
	Until time.Time `json:"until"`
}

const (
	patience  = time.Minute           // for an issuer; after it another call may ask
	lookAgain = 50 * time.Millisecond // whether another call's issuer is ready
)

// make lets the certificate be made and kept with the case, or gives the one that was made for this request before; nil when
// the case has moved on meanwhile. The issuer works outside of any transaction; a claim in the case keeps others from asking
// theirs at the same time.
func (o *Office) make(ctx context.Context, who Caller, id string, seen int64, sum string, request []byte, issuer Issuer) ([]byte, error) {
	by := rand.Text()
	for {
		turn, before, c, err := o.claim(ctx, who, id, seen, sum, by)
		if err != nil || before != nil || turn == gone {
			return before, err
		}
		if turn == mine {
			certificate, err := issuer(c, request)
			if err == nil && len(certificate) == 0 {
				err = errors.New("the issuer made nothing")
			}
			if err != nil {
				return nil, errors.Join(err, o.unclaim(ctx, id, by))
			}
			if kept, err := o.keepMade(ctx, id, by, made{sum, certificate}); err != nil || kept {
				return certificate, err
			}
			continue // it took so long that another call has taken over
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lookAgain):
		}
	}
}

// turn is whose turn it is to ask an issuer.
type turn int

const (
	gone   turn = iota // the case has moved on
	mine               // this call's
	others             // another call's; it may fail yet
)

// claim takes the turn, or gives the certificate that was made before.
func (o *Office) claim(ctx context.Context, who Caller, id string, seen int64, sum, by string) (t turn, before []byte, c central.Case, err error) {
	err = o.db.Update(ctx, func(tx data.Tx) error {
		t, before = gone, nil
		r, err := forOfficer(tx, who, id, seen)
		if err != nil {
			return err
		}
		if r.Made != nil && r.Made.Request == sum {
			before = r.Made.Certificate
			return nil
		}
		if newest, err := newestRequest(r.Case); err != nil || newest != sum || r.Case.State != central.StateApproved {
			return err
		}
		left := time.Duration(0)
		if r.Making != nil {
			left = time.Until(r.Making.Until)
		}
		if left > 0 && left <= patience { // more than that: the clock was set back
			t = others
			return nil
		}
		t, c = mine, r.Case
		r.Making = &making{by, time.Now().Add(patience)}
		return save(tx, r)
	})
	return t, before, c, err
}

// unclaim gives the turn back after an issuer has failed, also when the caller has gone meanwhile.
func (o *Office) unclaim(ctx context.Context, id, by string) error {
	_, err := o.afterMaking(context.WithoutCancel(ctx), id, by, nil)
	return err
}

// keepMade keeps the certificate with the case; false when another call has taken the turn over.
func (o *Office) keepMade(ctx context.Context, id, by string, m made) (bool, error) {
	return o.afterMaking(context.WithoutCancel(ctx), id, by, &m)
}

func (o *Office) afterMaking(ctx context.Context, id, by string, m *made) (own bool, err error) {
	err = o.db.Update(ctx, func(tx data.Tx) error {
		own = false
		if err := lockCase(tx, id); err != nil {
			return err
		}
		r, err := find(tx, id)
		if err != nil || r.Making == nil || r.Making.By != by {
			return err
		}
		own, r.Making = true, nil
		if m != nil {
			r.Made = m
		}
		return save(tx, r)
	})
	return own, err
}

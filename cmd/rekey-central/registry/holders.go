package registry

import (
	"context"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

var holders = shelf[central.Holder]{bucket: data.Holders, stamp: func(h *central.Holder) *central.Stamp { return &h.Stamp }}

// stateChanged is the word to an owner whose holder the office has written to.
const stateChanged = "changed"

// Holders gives a page of a caller's holders, of all to the officer.
func (r *Registry) Holders(ctx context.Context, who office.Caller, after string, limit int) (central.Page[central.Holder], error) {
	return list(r, ctx, "list holders", holders, who, after, limit)
}

// Holder gives one. of is the owner that an officer means; "": there is only one.
func (r *Registry) Holder(ctx context.Context, who office.Caller, of, id string) (central.Holder, error) {
	return get(r, ctx, "read holder", holders, who, of, id)
}

// PutHolder writes the caller's part: the officer's is Office, of a holder that is there, all the rest is the owner's.
func (r *Registry) PutHolder(ctx context.Context, who office.Caller, of, id string, seen int64, h central.Holder) (central.Holder, bool, error) {
	const op = "write holder"
	if who.Officer() {
		h, _, err := r.putOffice(ctx, who, of, id, seen, h)
		return h, false, wrap(op, err)
	}
	err := hold(isPath(h.ID, id, "id"), isSum(h.ID, "id"), isLine(h.Name, "name", maxName), isText(h.Kind, "kind", maxWord),
		isLike(h.Country, "country", patternCountry, "two capital letters, or nothing"), isDetails(h.Fields, "fields"))
	if err != nil {
		return central.Holder{}, false, wrap(op, err)
	}
	return put(r, ctx, op, holders, who, "", id, seen, func(_ data.Tx, _ string, old *central.Holder) (central.Holder, error) {
		h := h
		h.Office = nil
		if old != nil {
			h.Office = old.Office
		}
		return h, nil
	})
}

func (r *Registry) putOffice(ctx context.Context, who office.Caller, of, id string, seen int64, h central.Holder) (central.Holder, bool, error) {
	if err := hold(isPath(h.ID, id, "id"), isDetails(h.Office, "office")); err != nil {
		return central.Holder{}, false, err
	}
	return put(r, ctx, "write holder", holders, who, of, id, seen, func(tx data.Tx, owner string, old *central.Holder) (central.Holder, error) {
		if old == nil {
			return central.Holder{}, nothing()
		}
		next := *old
		next.Office = h.Office
		if same, err := equal(old, &next); err != nil || same {
			return next, err
		}
		return next, office.Tell(tx, owner, central.Change{Kind: ToldHolder, ID: id, State: stateChanged})
	})
}

var cards = shelf[central.Card]{bucket: data.Cards, stamp: func(c *central.Card) *central.Stamp { return &c.Stamp }}

// Cards gives a page of a caller's cards, of all to the officer.
func (r *Registry) Cards(ctx context.Context, who office.Caller, after string, limit int) (central.Page[central.Card], error) {
	return list(r, ctx, "list cards", cards, who, after, limit)
}

// Card gives one. of is the owner that an officer means.
func (r *Registry) Card(ctx context.Context, who office.Caller, of, id string) (central.Card, error) {
	return get(r, ctx, "read card", cards, who, of, id)
}

// PutCard writes a card that a holder uses.
func (r *Registry) PutCard(ctx context.Context, who office.Caller, id string, seen int64, c central.Card) (central.Card, bool, error) {
	const op = "write card"
	c.SeenAt = c.SeenAt.UTC()
	err := hold(isPath(c.ID, id, "id"), isSum(c.ID, "id"), isLine(c.Serial, "serial", maxText), isText(c.Label, "label", maxText), isText(c.Model, "model", maxText),
		isSumOrNone(c.Holder, "holder"), isTime(c.SeenAt, "seen_at"))
	if err != nil {
		return central.Card{}, false, wrap(op, err)
	}
	return put(r, ctx, op, cards, who, "", id, seen, func(data.Tx, string, *central.Card) (central.Card, error) { return c, nil })
}

var photos = shelf[central.Photo]{bucket: data.Photos, stamp: func(p *central.Photo) *central.Stamp { return &p.Stamp }}

// Photo gives the picture of a holder. of is the owner that an officer means.
func (r *Registry) Photo(ctx context.Context, who office.Caller, of, holder string) (central.Photo, error) {
	return get(r, ctx, "read photo", photos, who, of, holder)
}

// PutPhoto writes the picture of a holder; KindMissing when its bytes have to be sent first.
func (r *Registry) PutPhoto(ctx context.Context, who office.Caller, holder string, seen int64, p central.Photo) (central.Photo, bool, error) {
	const op = "write photo"
	p.TakenAt = p.TakenAt.UTC()
	err := hold(isPath(p.Holder, holder, "holder"), isSum(p.Holder, "holder"), isSum(p.SHA256, "sha256"), isOneOf(p.Type, "type", "image/jpeg", "image/png"),
		rule{p.Size >= 1 && p.Size <= central.MaxDocument, "size", "the bytes of the picture"}, isTime(p.TakenAt, "taken_at"))
	if err != nil {
		return central.Photo{}, false, wrap(op, err)
	}
	return put(r, ctx, op, photos, who, "", holder, seen, func(tx data.Tx, owner string, _ *central.Photo) (central.Photo, error) {
		return p, sent(tx, owner, p.SHA256)
	})
}

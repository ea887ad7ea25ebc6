package registry

import (
	"context"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

var receipts = petition[central.Receipt]{
	shelf: shelf[central.Receipt]{bucket: data.Receipts, alone: true, stamp: func(p *central.Receipt) *central.Stamp { return &p.Stamp }},
	told:  ToldReceipt, verdict: func(p *central.Receipt) *verdict { return &verdict{&p.State, &p.Why} },
}

// Receipts gives a page of a caller's receipts, of all to the officer.
func (r *Registry) Receipts(ctx context.Context, who office.Caller, after string, limit int) (central.Page[central.Receipt], error) {
	return list(r, ctx, "list receipts", receipts.shelf, who, after, limit)
}

// Receipt gives one.
func (r *Registry) Receipt(ctx context.Context, who office.Caller, id string) (central.Receipt, error) {
	return get(r, ctx, "read receipt", receipts.shelf, who, "", id)
}

// HandInReceipt takes in a receipt; KindMissing when its paper has to be sent first.
func (r *Registry) HandInReceipt(ctx context.Context, who office.Caller, v central.Receipt) (central.Receipt, bool, error) {
	const op = "hand in receipt"
	v.CreatedAt = v.CreatedAt.UTC()
	err := hold(isID(v.ID, "id"), isID(v.Case, "case"), isSum(v.SHA256, "sha256"), isLike(v.Amount, "amount", patternAmount, "a decimal with a point, such as 250.00, or nothing"),
		isLike(v.Currency, "currency", patternCurrency, "three capital letters, or nothing"), isDay(v.PaidOn, "paid_on"), isTime(v.CreatedAt, "created_at"))
	if err == nil {
		err = r.ownCase(ctx, who, v.Case)
	}
	if err != nil {
		return central.Receipt{}, false, wrap(op, err)
	}
	return handIn(r, ctx, op, receipts, who, v.ID, v, func(_, _ *central.Receipt) {}, func(tx data.Tx, owner string) error { return sent(tx, owner, v.SHA256) })
}

// AcceptReceipt is the officer's yes.
func (r *Registry) AcceptReceipt(ctx context.Context, who office.Caller, id string, seen int64) (central.Receipt, error) {
	return decide(r, ctx, "accept receipt", receipts, who, id, seen, central.Accepted, "", func(data.Tx, *central.Receipt) error { return nil })
}

// DeclineReceipt is the officer's no, with a reason.
func (r *Registry) DeclineReceipt(ctx context.Context, who office.Caller, id string, seen int64, text string) (central.Receipt, error) {
	const op = "decline receipt"
	text, err := why(text)
	if err != nil {
		return central.Receipt{}, wrap(op, err)
	}
	return decide(r, ctx, op, receipts, who, id, seen, central.Declined, text, func(data.Tx, *central.Receipt) error { return nil })
}

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/desk"
	"rekey/cmd/rekey-central/office"
)

// book is what the commands about accounts need: the office's data themselves, or the server that works with them.
type book interface {
	Add(context.Context, accounts.Order) (accounts.Made, error)
	Disable(context.Context, string) (accounts.Account, error)
	Enable(context.Context, string) (accounts.Account, error)
	Accounts(context.Context) ([]accounts.Account, error)
	Audit(ctx context.Context, after string) ([]central.AuditEntry, error)
}

var (
	_ book = (*desk.Desk)(nil)
	_ book = direct{}
)

// direct works on the data without a server. What it does is done by whoever may read the office's folder: the officer.
type direct struct {
	*accounts.Book
	accounts.Trail
}

func (d direct) Accounts(ctx context.Context) ([]accounts.Account, error) {
	return all(ctx, "", d.Book.List)
}

func (d direct) Audit(ctx context.Context, after string) ([]central.AuditEntry, error) {
	return all(ctx, after, d.Trail.List)
}

func (d direct) Add(ctx context.Context, o accounts.Order) (accounts.Made, error) {
	made, err := d.Book.Add(ctx, o)
	return made, d.record(ctx, "addAccount", made.Account.ID, err)
}

func (d direct) Disable(ctx context.Context, id string) (accounts.Account, error) {
	a, err := d.Book.Disable(ctx, id)
	return a, d.record(ctx, "disableAccount", id, err)
}

func (d direct) Enable(ctx context.Context, id string) (accounts.Account, error) {
	a, err := d.Book.Enable(ctx, id)
	return a, d.record(ctx, "enableAccount", id, err)
}

// record writes a deed and what came of it into the audit list.
func (d direct) record(ctx context.Context, did, about string, err error) error {
	who := office.Caller{Account: accounts.OfficerID, Role: central.RoleOfficer}
	return errors.Join(err, d.Trail.Record(ctx, who, did, about, accounts.StatusOf(err)))
}

// all gathers all pages of a list.
func all[T any](ctx context.Context, after string, list func(context.Context, string, int) (central.Page[T], error)) (items []T, err error) {
	for {
		page, err := list(ctx, after, 200)
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
		if after = page.Next; after == "" {
			return items, nil
		}
	}
}

// place says where the accounts are.
type place struct{ data, database, ca string }

func (p *place) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.data, "data", "", "folder of the office's data, whether or not a server is running there")
	databaseFlag(c, &p.database)
	c.Flags().StringVar(&p.ca, "ca", "", "file with the authority (PEM) of the running server's certificate, when it is an own one")
}

// with opens the data, or finds the server that has them, and does something.
func (p *place) with(ctx context.Context, do func(book) error) error {
	c := office.Config{Dir: p.data, Database: databaseOr(p.database)}
	if c.Database != "" {
		c.Dir = "" // the folder may be a running server's
	} else if c.Dir == "" {
		return errors.New("where are the accounts? Give --data DIR or --database")
	}
	store, err := office.Open(ctx, c)
	if office.KindOf(err) == office.KindBusy {
		d, err := desk.FromFolder(p.data, p.ca)
		if err != nil {
			return err
		}
		return do(d)
	}
	if err != nil {
		return err
	}
	defer store.Close()
	return do(direct{accounts.New(accounts.Config{DB: store.DB()}), accounts.Trail{DB: store.DB()}})
}

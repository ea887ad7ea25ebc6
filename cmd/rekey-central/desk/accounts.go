package desk

import (
	"context"
	"net/url"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
)

const accountsPath = "/officer/desk/accounts" // beside the officer's pages; no part of the API's contract

// Add lets the server make an account.
func (d *Desk) Add(ctx context.Context, o accounts.Order) (made accounts.Made, err error) {
	return made, d.http.Call(ctx, "make account", "POST", accountsPath, nil, o, &made)
}

// Disable shuts an account out.
func (d *Desk) Disable(ctx context.Context, id string) (a accounts.Account, err error) {
	return a, d.http.Call(ctx, "disable account", "POST", accountsPath+"/"+url.PathEscape(id)+"/disable", nil, nil, &a)
}

// Enable lets a disabled account in again.
func (d *Desk) Enable(ctx context.Context, id string) (a accounts.Account, err error) {
	return a, d.http.Call(ctx, "enable account", "POST", accountsPath+"/"+url.PathEscape(id)+"/enable", nil, nil, &a)
}

// Accounts gives all accounts in order of their IDs.
func (d *Desk) Accounts(ctx context.Context) ([]accounts.Account, error) {
	return pages[accounts.Account](ctx, d, "list accounts", accountsPath, url.Values{})
}

// Audit gives the audit list after a number (empty: from the first on).
func (d *Desk) Audit(ctx context.Context, after string) ([]central.AuditEntry, error) {
	query := url.Values{"limit": {"200"}}
	if after != "" {
		query.Set("after", after)
	}
	return pages[central.AuditEntry](ctx, d, "read audit list", "/v1/audit", query)
}

package main

import (
	"context"
	"net/http"

	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/api"
	"rekey/cmd/rekey-central/ca"
	"rekey/cmd/rekey-central/listen"
	"rekey/cmd/rekey-central/office"
	"rekey/cmd/rekey-central/page"
	"rekey/cmd/rekey-central/registry"
)

// handler puts the parts of the server together: the API, and the officer's pages beside it.
func handler(ctx context.Context, store *office.Office, l *listen.Listener, f serveFlags, where listen.Config) (http.Handler, error) {
	authority, err := ca.OpenOrInit(f.data)
	if err != nil {
		return nil, err
	}
	key, err := office.OfficerKey(f.data)
	if err != nil {
		return nil, err
	}
	records, trail := registry.New(store), accounts.Trail{DB: store.DB()}
	book := accounts.New(accounts.Config{
		DB: store.DB(), OfficerKey: key, Authorities: where.ClientCAs, Revoked: records.IsRevoked, Rate: f.rate,
		Anyone: f.admit == admitAnyone || f.admit == "" && !l.Secure(),
	})
	crl := l.Base + pathCRL
	return api.New(api.Config{
		Office: store, Registry: records, Accounts: book, Trail: trail, Data: f.data, Authority: authority, CRL: crl, Log: where.Log, Stopping: ctx.Done(),
		Page: page.New(page.Config{Office: store, Registry: records, Accounts: book, Trail: trail, Issuer: api.Issuer(authority, crl),
			Made: authority.Made, Serves: l.Serves, Log: where.Log}),
	})
}

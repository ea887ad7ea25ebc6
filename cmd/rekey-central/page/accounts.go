package page

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/office"
)

type accountsView struct {
	frame
	Accounts      []accounts.Account
	Next          string // address of the next page
	Roles         []string
	Order         accounts.Order // what the officer had written
	Done, Problem string
	Made          *accounts.Made // shown once
}

// accounts lists who is known here, with a form for one more.
func (p *pages) accounts(w http.ResponseWriter, r *http.Request, s session) {
	p.showAccounts(w, r, s, http.StatusOK, accountsView{Done: done[r.FormValue("done")]})
}

func (p *pages) showAccounts(w http.ResponseWriter, r *http.Request, s session, status int, v accountsView) {
	found, err := p.Accounts.List(r.Context(), r.FormValue("after"), pageSize)
	if err != nil {
		p.fail(w, err)
		return
	}
	v.frame, v.Accounts, v.Roles = s.frame("accounts"), found.Items, central.Roles
	if found.Next != "" {
		v.Next = "?" + url.Values{"after": {found.Next}}.Encode()
	}
	p.render(w, status, "accounts.html", v)
}

// addAccount makes an account and shows its key in the answer, and nowhere else ever again.
func (p *pages) addAccount(w http.ResponseWriter, r *http.Request, s session) {
	order := accounts.Order{Role: r.PostForm.Get("role"), Organisation: r.PostForm.Get("organisation"), Name: r.PostForm.Get("name"), Certificate: r.PostForm.Get("certificate")}
	made, err := p.Accounts.Add(r.Context(), order)
	p.record(r.Context(), s.who, "addAccount", made.Account.ID, accounts.StatusOf(err))
	var refused *accounts.Error
	switch {
	case errors.As(err, &refused):
		p.showAccounts(w, r, s, refused.Status, accountsView{Order: order, Problem: "Nothing was done: " + refused.Detail + "."})
	case err != nil:
		p.fail(w, err)
	default:
		p.showAccounts(w, r, s, http.StatusOK, accountsView{Made: &made})
	}
}

// shutting are the two things that can be done to an account, by the verb in the address.
var shutting = map[string]struct {
	did string // for the audit list
	do  func(*accounts.Book, context.Context, string) (accounts.Account, error)
}{"disable": {"disableAccount", (*accounts.Book).Disable}, "enable": {"enableAccount", (*accounts.Book).Enable}}

func (p *pages) shutAccount(verb string) func(http.ResponseWriter, *http.Request, session) {
	return func(w http.ResponseWriter, r *http.Request, s session) {
		if _, err := p.shut(r, s.who, verb); err != nil {
			p.fail(w, err)
			return
		}
		http.Redirect(w, r, root+"accounts?done="+verb, http.StatusSeeOther)
	}
}

func (p *pages) shut(r *http.Request, who office.Caller, verb string) (accounts.Account, error) {
	id := r.PathValue("id")
	a, err := shutting[verb].do(p.Accounts, r.Context(), id)
	p.record(r.Context(), who, shutting[verb].did, id, accounts.StatusOf(err))
	return a, err
}

// ways tells with what an account signs in: "2 keys, certificate".
func ways(a accounts.Account) string {
	count := map[string]int{}
	for _, c := range a.Credentials {
		kind, _, _ := strings.Cut(c, ":")
		count[kind]++
	}
	var parts []string
	for _, kind := range []string{"key", "certificate"} {
		switch n := count[kind]; n {
		case 0:
		case 1:
			parts = append(parts, kind)
		default:
			parts = append(parts, number(n)+" "+kind+"s")
		}
	}
	return strings.Join(parts, ", ")
}

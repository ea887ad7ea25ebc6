package page

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
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

func (p *pages) disableAccount(w http.ResponseWriter, r *http.Request, s session) {
	id := r.PathValue("id")
	_, err := p.Accounts.Disable(r.Context(), id)
	p.record(r.Context(), s.who, "disableAccount", id, accounts.StatusOf(err))
	if err != nil {
		p.fail(w, err)
		return
	}
	http.Redirect(w, r, root+"accounts?done=disable", http.StatusSeeOther)
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

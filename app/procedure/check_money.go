package procedure

import (
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"rekey/app/identity"
)

func (p *Procedure) checkMoney(at place) {
	for i, f := range p.Fees {
		here := at.in("fees", i)
		if _, ok := p.Reason(f.Reason); !ok {
			here.in("reason").bad("fee for the unknown reason %q", f.Reason)
		}
		if f.HolderKind != "" {
			p.kinds(here, []string{f.HolderKind})
		}
		if problem := f.problem(); problem != "" {
			here.bad("%s", problem)
		}
		twice := slices.ContainsFunc(p.Fees[:i], func(o Fee) bool { return o.Reason == f.Reason && o.HolderKind == f.HolderKind })
		if twice {
			here.bad("a second fee for %s %s", f.Reason, f.HolderKind)
		}
		origin(here, f.Origin, true)
	}
	if p.Payment != nil {
		p.checkPayment(at.in("payment"), *p.Payment)
	}
}

func (f Fee) problem() string {
	switch {
	case !amountPattern.MatchString(f.Amount):
		return "amount " + f.Amount + " is not such as 112.10"
	case !currencyPattern.MatchString(f.Currency):
		return "currency " + f.Currency + " is not a code such as TRY"
	}
	return ""
}

func (p *Procedure) checkPayment(at place, pay Payment) {
	if key, problem := pay.problem(); problem != "" {
		at.in(key).bad("%s", problem)
	}
	for _, name := range fieldsOf(pay.Text) {
		if _, ok := p.Field(name); !ok {
			at.in("text").bad("the payment text asks for the unknown field %q", name)
		}
	}
	origin(at, pay.Origin, true)
}

// problem gives the key and what is wrong with it.
func (pay Payment) problem() (key, text string) {
	for _, check := range []struct{ key, kind, value string }{
		{"iban", "iban", pay.IBAN}, {"payee_inn", "inn", pay.PayeeINN}, {"payee_kpp", "kpp", pay.PayeeKPP},
	} {
		if check.value == "" {
			continue
		}
		if r := identity.Check(check.kind, check.value); !r.OK {
			return check.key, r.Error()
		}
	}
	if pay.Account != "" {
		if r := identity.Check("account", pay.BIC+":"+pay.Account); !r.OK {
			return "account", r.Error()
		}
	}
	switch _, err := template.New("").Parse(pay.Text); {
	case err != nil:
		return "text", "the payment text is not a template: " + strings.TrimPrefix(err.Error(), "template: ")
	case pay.IBAN == "" && pay.Account == "" && pay.Counter == "":
		return "", "neither an account (iban, account) nor a counter to pay at"
	case pay.Counter == "" && strings.TrimSpace(pay.Text) == "":
		return "", "the text of the payment is needed"
	}
	return "", ""
}

// fieldsOf lists the fields that a template asks for.
func fieldsOf(text string) []string {
	t, err := template.New("").Parse(text)
	if err != nil || t.Tree == nil {
		return nil
	}
	var found []string
	var walk func(parse.Node)
	walk = func(node parse.Node) {
		switch n := node.(type) {
		case *parse.ListNode:
			if n == nil {
				return
			}
			for _, c := range n.Nodes {
				walk(c)
			}
		case *parse.ActionNode:
			walk(n.Pipe)
		case *parse.PipeNode:
			for _, command := range n.Cmds {
				for _, arg := range command.Args {
					walk(arg)
				}
			}
		case *parse.IfNode:
			walk(n.Pipe)
			walk(n.List)
			walk(n.ElseList)
		case *parse.FieldNode:
			found = append(found, n.Ident[0])
		}
	}
	walk(t.Root)
	return found
}

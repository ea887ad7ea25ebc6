package page

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// frame is what every page inside a session needs.
type frame struct{ Token, Here string }

// frame is that of a page of one part of the desk.
func (s session) frame(here string) frame { return frame{s.token, here} }

// part is one part of the desk, as the bar shows it.
type part struct{ Here, Path, Title string }

var parts = []part{{"cases", "", "Cases"}, {"receipts", "receipts", "Receipts"}, {"revocations", "revocations", "Revocations"}, {"accounts", "accounts", "Accounts"}, {"audit", "audit", "Audit list"}}

type loginView struct{ Wrong, Certificate bool }

// allStates is the name of the list of everything.
const allStates = "all"

type tab struct{ State, Title string }

var tabs = []tab{
	{central.StateReceived, "To decide"}, {central.StateApproved, "Approved"}, {central.StateReturned, "Returned"},
	{central.StateIssued, "Issued"}, {allStates, "All"},
}

type listView struct {
	frame
	Tabs  []tab
	State string
	Cases []central.Case
	Next  string // address of the next page
}

type caseView struct {
	frame
	Case            central.Case
	Columns         []string
	Signed          []signed
	Done, Problem   string // what came of the last button
	Why             string // what the officer had written
	Request         bool   // there is something to certify
	ToDecide, Ready bool   // received; approved
}

// documentView is a row of the documents of a case.
type documentView struct {
	ID       string // of the case
	Document central.Document
}

type messageView struct{ Text string }

// done are the decisions and what is said after them.
var done = map[string]string{
	"approve": "The case is approved.",
	"return":  "The case went back to its holder.",
	"issue":   "The certificate is made; the holder's program will fetch it.",
	"accept":  "It is accepted; the holder's program is told.",
	"decline": "It is declined; the holder's program is told why.",
	"disable": "The account is disabled.",
	"enable":  "The account is in use again.",
}

// caseView fills in what the templates want to know of a case.
func (p *pages) caseView(ctx context.Context, c central.Case, s session, v caseView) caseView {
	v.frame = s.frame("")
	v.Case, v.Columns, v.Signed = c, columns(c.Rows), p.verify(ctx, c)
	v.Request = slices.ContainsFunc(c.Documents, func(d central.Document) bool { return d.Kind == central.DocRequest })
	v.ToDecide, v.Ready = c.State == central.StateReceived, c.State == central.StateApproved
	return v
}

// columns are the names of all columns, in order.
func columns(rows []map[string]string) []string {
	names := map[string]bool{}
	for _, row := range rows {
		for name := range row {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// seen are the hidden fields of a form that decides: whose session it is, and which version the officer saw.
type seen struct {
	Token   string
	Version int64
}

func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// words are the functions of the templates.
var words = template.FuncMap{
	"time":  when,
	"day":   func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
	"short": func(s string) string { return s[:min(len(s), 12)] },
	"label": func(s string) string { return strings.ReplaceAll(s, "_", " ") },
	"size":  size,
	"ways":  ways,
	"seen":  func(token string, version int64) seen { return seen{token, version} },
	"parts": func() []part { return parts },
	"of":    func(id string, d central.Document) documentView { return documentView{id, d} },
	"add":   func(a, b int) int { return a + b },
}

// render writes a page; it is made whole before its first byte goes out.
func (p *pages) render(w http.ResponseWriter, status int, name string, view any) {
	var page bytes.Buffer
	if err := p.templates.ExecuteTemplate(&page, name, view); err != nil {
		p.Log.Error("page failed", "page", name)
		http.Error(w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // a browser that has gone needs no answer
}

// tell is a page of one sentence.
func (p *pages) tell(w http.ResponseWriter, status int, text string) {
	p.render(w, status, "message.html", messageView{text})
}

const comeAgain = "5" // seconds, for Retry-After

// fail tells what the officer may know; the log gets the kind, which names nobody.
func (p *pages) fail(w http.ResponseWriter, err error) {
	var refused *accounts.Error
	if errors.As(err, &refused) {
		p.tell(w, refused.Status, sentence(refused.Detail))
		return
	}
	switch kind := office.KindOf(err); {
	case kind == office.KindNotFound:
		p.tell(w, http.StatusNotFound, "There is no such thing here.")
	case kind == office.KindInvalid:
		p.tell(w, http.StatusBadRequest, "This address cannot be read.")
	case errors.Is(err, context.Canceled): // nobody reads it any more
		p.tell(w, http.StatusBadRequest, "The line broke off.")
	case data.IsAway(err):
		p.Log.Error("page failed", "cause", "the database does not answer")
		w.Header().Set("Retry-After", comeAgain)
		p.tell(w, http.StatusServiceUnavailable, "The office's database does not answer. Try again in a moment.")
	default:
		p.Log.Error("page failed", "kind", office.KindOf(err))
		p.tell(w, http.StatusInternalServerError, "The office's server failed; nothing was decided. Try again later.")
	}
}

// sentence makes one of what an error says.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:] + "."
}

// cause is the innermost text of an error.
func cause(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}

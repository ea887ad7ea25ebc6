// Package page is the officer's side in the browser: the cases to decide, one case with its details, documents and the
// verification of the signed PDF, and the decisions; receipts and wishes to revoke; accounts; the audit list.
//
// It promises: it answers only under a name of this server, and over plain HTTP only this machine; nothing is shown or done
// but for an officer; nothing is done without the token of the session's own form, nor on a case that has changed since the
// officer opened it; each deed is in the audit list; it works without JavaScript and loads nothing from elsewhere. It never
// shows a document inside the page (a document is saved), and never says that a signature is trusted: it tells what was checked.
package page

import (
	"context"
	"crypto/x509"
	"embed"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"time"

	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/office"
	"rekey/cmd/rekey-central/registry"
)

// Config is what the pages work with.
type Config struct {
	Office   *office.Office
	Registry *registry.Registry
	Accounts *accounts.Book
	Trail    accounts.Trail
	Issuer   office.Issuer                // makes the certificates
	Made     func(*x509.Certificate) bool // tells whether the issuer made this one, so that its revocation is to be listed
	Serves   func(host string) bool       // tells whether a Host header names this server; nil: loopback names do
	Log      *slog.Logger
}

const (
	root     = "/officer/"
	maxForm  = 64 << 10 // bytes of a form
	pageSize = 50       // cases
)

//go:embed templates/*.html style.css
var files embed.FS

type pages struct {
	Config
	sessions  *sessions
	templates *template.Template
}

// New makes the handler of everything below /officer/.
func New(c Config) http.Handler {
	if c.Serves == nil {
		c.Serves = loopback
	}
	p := &pages{Config: c, sessions: newSessions(time.Now), templates: template.Must(template.New("").Funcs(words).ParseFS(files, "templates/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /officer/style.css", p.style)
	mux.HandleFunc("GET /officer/login", p.loginForm)
	mux.HandleFunc("POST /officer/login", p.login)
	mux.Handle("POST /officer/logout", p.inside(p.logout))
	mux.Handle("GET /officer/{$}", p.inside(p.list))
	mux.Handle("GET /officer/cases/{id}", p.inside(p.show))
	mux.Handle("GET /officer/cases/{id}/documents/{sha256}", p.inside(p.download))
	mux.Handle("POST /officer/cases/{id}/{verb}", p.inside(p.decide))
	for _, kind := range p.petitions() {
		mux.Handle("GET /officer/"+kind.path, p.inside(p.showPetitions(kind)))
		mux.Handle("POST /officer/"+kind.path+"/{id}/{verb}", p.inside(p.decidePetition(kind)))
	}
	mux.Handle("GET /officer/receipts/{id}/paper", p.inside(p.paper))
	mux.Handle("GET /officer/accounts", p.inside(p.accounts))
	mux.Handle("POST /officer/accounts", p.inside(p.addAccount))
	for verb := range shutting {
		mux.Handle("POST /officer/accounts/{id}/"+verb, p.inside(p.shutAccount(verb)))
		mux.Handle("POST /officer/desk/accounts/{id}/"+verb, p.remote(p.remoteShut(verb)))
	}
	mux.Handle("GET /officer/audit", p.inside(p.audit))
	mux.Handle("GET /officer/desk/accounts", p.remote(p.remoteAccounts))
	mux.Handle("POST /officer/desk/accounts", p.remote(p.remoteAdd))
	mux.HandleFunc("/officer/", func(w http.ResponseWriter, _ *http.Request) {
		p.tell(w, http.StatusNotFound, "There is no such page.")
	})
	// The browser's own word on where a request comes from, beside the token in each form.
	var foreign http.CrossOriginProtection
	foreign.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.tell(w, http.StatusForbidden, "This came from another site and was not done.")
	}))
	return p.local(foreign.Handler(mux))
}

// local sets the headers of every answer and refuses whoever asks for another server: a foreign name may be made to point
// here. Plain HTTP is for this machine only.
func (p *pages) local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin") // with less the browser hides the Origin of forms
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !p.Serves(r.Host) || r.TLS == nil && !loopback(r.RemoteAddr) {
			p.tell(w, http.StatusForbidden, "This is not an address of the office's desk. Open it by the address that the server printed when it started.")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next.ServeHTTP(w, r)
	})
}

// loopback reads HOST or HOST:PORT.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (p *pages) style(w http.ResponseWriter, _ *http.Request) {
	data, err := files.ReadFile("style.css")
	if err != nil {
		p.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(data) // a browser that has gone needs no answer
}

// record writes a deed into the audit list. That it is not there is our fault, and no reason to say that it was not done.
func (p *pages) record(ctx context.Context, who office.Caller, did, about string, status int) {
	if err := p.Trail.Record(context.WithoutCancel(ctx), who, did, about, status); err != nil {
		p.Log.Error("audit list failed", "did", did, "status", status)
	}
}

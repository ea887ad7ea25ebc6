// Package page is the officer's side in the browser: the cases to decide, one case with its
// details, documents and the verification of the signed PDF, and the three decisions.
//
// It promises: it answers a loopback address only, and only under a loopback name; nothing
// is shown or done without the officer's key; nothing is done without the token of the
// session's own form, nor on a case that has changed since the officer opened it; it works
// without JavaScript and loads nothing from elsewhere. It never shows a document inside the
// page (a document is saved), and never says that a signature is trusted: it tells what was
// checked.
package page

import (
	"crypto/sha256"
	"embed"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"time"

	"rekey/cmd/rekey-central/office"
)

// Config is what the pages work with.
type Config struct {
	Office     *office.Office
	Issuer     office.Issuer // makes the certificates
	OfficerKey string
	Log        *slog.Logger
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
	officerHash [sha256.Size]byte
	sessions    *sessions
	templates   *template.Template
}

// New makes the handler of everything below /officer/.
func New(c Config) http.Handler {
	p := &pages{Config: c, officerHash: sha256.Sum256([]byte(c.OfficerKey)), sessions: newSessions(time.Now),
		templates: template.Must(template.New("").Funcs(words).ParseFS(files, "templates/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /officer/style.css", p.style)
	mux.HandleFunc("GET /officer/login", p.loginForm)
	mux.HandleFunc("POST /officer/login", p.login)
	mux.Handle("POST /officer/logout", p.inside(p.logout))
	mux.Handle("GET /officer/{$}", p.inside(p.list))
	mux.Handle("GET /officer/cases/{id}", p.inside(p.show))
	mux.Handle("GET /officer/cases/{id}/documents/{sha256}", p.inside(p.download))
	mux.Handle("POST /officer/cases/{id}/{verb}", p.inside(p.decide))
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

// local sets the headers of every answer and refuses whoever is not on this machine. The
// name in Host is checked too: a foreign name may be made to point at a loopback address.
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
		if !loopback(r.Host) || !loopback(r.RemoteAddr) {
			p.tell(w, http.StatusForbidden, "The officer's pages are for this machine only. Open them as http://127.0.0.1.")
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

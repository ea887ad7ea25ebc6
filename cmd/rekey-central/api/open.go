package api

import (
	"context"
	"crypto/x509"
	"net/http"
	"slices"
	"sync"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/api/stub"
)

// Health asks the database.
func (s *server) Health(w http.ResponseWriter, r *http.Request) {
	if !s.healthy(r.Context()) {
		write(w, unavailable())
		return
	}
	send(w, http.StatusOK, "application/json", stub.Health{Status: stub.Ok})
}

// Me says who the server takes the caller for.
func (s *server) Me(w http.ResponseWriter, r *http.Request) {
	c := caller(r)
	me := central.Me{Account: c.Account, Role: c.Role, Organisation: c.Organisation}
	var err error
	if c.Account != accounts.OfficerID { // which has no record
		var a accounts.Account
		a, err = s.Accounts.Account(r.Context(), c.Account)
		me.Name = a.Name
	}
	s.tell(w, r, http.StatusOK, me, 0, err)
}

// BindKey binds a bearer key to the account of the client certificate.
func (s *server) BindKey(w http.ResponseWriter, r *http.Request) {
	var key central.KeyBinding
	err := readJSON(w, r, &key)
	if err == nil {
		err = s.Accounts.Bind(r.Context(), caller(r), key.SHA256)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// Audit lists who did what.
func (s *server) Audit(w http.ResponseWriter, r *http.Request, p stub.AuditParams) {
	page, err := s.Trail.List(r.Context(), or(p.After, ""), or(p.Limit, defaultPage))
	s.tell(w, r, http.StatusOK, page, 0, err)
}

// DemoCertificate gives the demonstration CA's own certificate.
func (s *server) DemoCertificate(w http.ResponseWriter, _ *http.Request) {
	raw(w, "application/x-pem-file", s.Authority.PEM())
}

// DemoRevocations gives its revocation list.
func (s *server) DemoRevocations(w http.ResponseWriter, r *http.Request) {
	list, err := s.revocations(r.Context(), time.Now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	raw(w, "application/pkix-crl", list) // RFC 5280 §4.2.1.13
}

// crlKept is how long one revocation list is handed out before a fresh one is signed.
const crlKept = time.Hour

// revocationList is the one that was signed last.
type revocationList struct {
	mu      sync.Mutex
	der     []byte
	made    time.Time
	revoked []x509.RevocationListEntry
}

// revocations signs a new list when the old one is too old, or when something has been revoked since, here or on another server.
func (s *server) revocations(ctx context.Context, now time.Time) ([]byte, error) {
	revoked, err := s.Registry.Listed(ctx) // before the lock, so that nobody waits for another one's database
	if err != nil {
		return nil, err
	}
	l := &s.crl
	l.mu.Lock()
	defer l.mu.Unlock()
	same := slices.EqualFunc(l.revoked, revoked, func(a, b x509.RevocationListEntry) bool { return a.SerialNumber.Cmp(b.SerialNumber) == 0 })
	if same && l.der != nil && now.Sub(l.made) < crlKept {
		return l.der, nil
	}
	der, err := s.Authority.CRL(now, revoked...)
	if err != nil {
		return nil, err
	}
	l.der, l.made, l.revoked = der, now, revoked
	return der, nil
}

func raw(w http.ResponseWriter, media string, data []byte) {
	w.Header().Set("Content-Type", media)
	_, _ = w.Write(data) // a caller that has gone needs no answer
}

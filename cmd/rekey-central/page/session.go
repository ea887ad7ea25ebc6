package page

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"sync"
	"time"

	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/office"
)

const (
	cookieName  = "rekey_officer"
	idleLimit   = 30 * time.Minute // without a request
	wholeLimit  = 8 * time.Hour    // from the login
	maxSessions = 20               // open at once; the oldest goes
)

// session is one login. It lives in memory: a restart of the server ends it.
type session struct {
	begun, used time.Time
	token       string        // of the forms
	who         office.Caller // as of the request
}

// sessions are kept by the SHA-256 of the cookie, so that the cookie itself is nowhere.
type sessions struct {
	mu  sync.Mutex
	now func() time.Time
	all map[[sha256.Size]byte]session
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, all: map[[sha256.Size]byte]session{}}
}

// begin opens a session of an officer and gives its cookie.
func (s *sessions) begin(who office.Caller) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clean()
	cookie, now := rand.Text(), s.now()
	s.all[sha256.Sum256([]byte(cookie))] = session{begun: now, used: now, token: rand.Text(), who: who}
	return cookie
}

// clean throws away what has ended, and the oldest when there is no room for one more.
func (s *sessions) clean() {
	var oldest [sha256.Size]byte
	for key, one := range s.all {
		if s.over(one) {
			delete(s.all, key)
			continue
		}
		if before, there := s.all[oldest]; !there || one.begun.Before(before.begun) {
			oldest = key
		}
	}
	if len(s.all) >= maxSessions {
		delete(s.all, oldest)
	}
}

func (s *sessions) over(one session) bool {
	now := s.now()
	return now.Sub(one.used) > idleLimit || now.Sub(one.begun) > wholeLimit
}

// find gives the open session of a cookie and counts the use.
func (s *sessions) find(cookie string) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sha256.Sum256([]byte(cookie))
	one, there := s.all[key]
	if !there {
		return session{}, false
	}
	if s.over(one) {
		delete(s.all, key)
		return session{}, false
	}
	one.used = s.now()
	s.all[key] = one
	return one, true
}

func (s *sessions) end(cookie string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, sha256.Sum256([]byte(cookie)))
}

// inside lets only an open session of an officer through; what changes something wants its token too.
func (p *pages) inside(next func(http.ResponseWriter, *http.Request, session)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open, err := p.session(r)
		if err != nil {
			p.fail(w, err)
			return
		}
		if open.token == "" {
			http.Redirect(w, r, root+"login", http.StatusSeeOther)
			return
		}
		if r.Method == http.MethodPost {
			if err := r.ParseForm(); err != nil {
				p.tell(w, http.StatusBadRequest, "The form could not be read; nothing was done.")
				return
			}
			if subtle.ConstantTimeCompare([]byte(r.PostForm.Get("token")), []byte(open.token)) != 1 {
				p.tell(w, http.StatusForbidden, "This form is not from your session; nothing was done. Go back to the cases and try again.")
				return
			}
		}
		next(w, r, open)
	})
}

// session gives the open session of a request, or none. One of an account that is no officer any more ends here.
func (p *pages) session(r *http.Request) (session, error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return session{}, nil
	}
	open, there := p.sessions.find(cookie.Value)
	if !there {
		return session{}, nil
	}
	var refused *accounts.Error
	open.who, err = p.Accounts.Check(r.Context(), open.who.Account)
	if errors.As(err, &refused) || err == nil && !open.who.Officer() {
		p.sessions.end(cookie.Value)
		return session{}, nil
	}
	return open, err
}

func (p *pages) loginForm(w http.ResponseWriter, r *http.Request) {
	p.render(w, http.StatusOK, "login.html", loginView{Certificate: accounts.Proved(r)})
}

// login is by key; or, when the form has none, by the certificate that the browser has shown.
func (p *pages) login(w http.ResponseWriter, r *http.Request) {
	key := trimmed(r.PostFormValue("key"))
	admit := func() (office.Caller, error) { return p.Accounts.Login(r, key) }
	if key == "" && accounts.Proved(r) {
		admit = func() (office.Caller, error) { return p.Accounts.Admit(r) }
	}
	who, err := admit()
	var refused *accounts.Error
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusTooManyRequests:
		p.tell(w, refused.Status, "Too many keys were tried from here. Wait a minute and try again.")
		return
	case err != nil && refused == nil:
		p.fail(w, err)
		return
	case err != nil || !who.Officer():
		p.render(w, http.StatusForbidden, "login.html", loginView{Wrong: true, Certificate: accounts.Proved(r)})
		return
	}
	p.record(r.Context(), who, "login", "", http.StatusOK)
	p.cookie(w, r, p.sessions.begin(who), 0)
	http.Redirect(w, r, root, http.StatusSeeOther)
}

func (p *pages) logout(w http.ResponseWriter, r *http.Request, _ session) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		p.sessions.end(cookie.Value)
	}
	p.cookie(w, r, "", -1)
	http.Redirect(w, r, root+"login", http.StatusSeeOther)
}

// cookie is for this session of the browser and for HTTPS, where there is one.
func (p *pages) cookie(w http.ResponseWriter, r *http.Request, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: value, Path: root, MaxAge: age, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode})
}

package page

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"sync"
	"time"
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
	token       string // of the forms
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

// begin opens a session and gives its cookie.
func (s *sessions) begin() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clean()
	cookie, now := rand.Text(), s.now()
	s.all[sha256.Sum256([]byte(cookie))] = session{begun: now, used: now, token: rand.Text()}
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

// inside lets only an open session through; what changes something wants its token too.
func (p *pages) inside(next func(http.ResponseWriter, *http.Request, session)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(cookieName)
		open := session{}
		if err == nil {
			open, _ = p.sessions.find(cookie.Value)
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

func (p *pages) loginForm(w http.ResponseWriter, _ *http.Request) {
	p.render(w, http.StatusOK, "login.html", loginView{})
}

func (p *pages) login(w http.ResponseWriter, r *http.Request) {
	hash := sha256.Sum256([]byte(trimmed(r.PostFormValue("key"))))
	if subtle.ConstantTimeCompare(hash[:], p.officerHash[:]) != 1 {
		p.render(w, http.StatusForbidden, "login.html", loginView{Wrong: true})
		return
	}
	// Not "Secure": this is plain HTTP on a loopback address.
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: p.sessions.begin(), Path: root, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, root, http.StatusSeeOther)
}

func (p *pages) logout(w http.ResponseWriter, r *http.Request, _ session) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		p.sessions.end(cookie.Value)
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: root, MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, root+"login", http.StatusSeeOther)
}

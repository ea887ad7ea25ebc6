package accounts

import (
	"container/list"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	failureRate   = 0.2 // failed sign-ins a second of one address, in the long run
	failureBurst  = 20
	newcomerRate  = 1 // accounts opened a second from one address, in the long run
	newcomerBurst = 1000
	maxLimits     = 10_000 // callers that are remembered; who asked longest ago is forgotten
)

// limits are token buckets by name, as many as fit.
type limits struct {
	each  rate.Limit
	burst int

	mu    sync.Mutex
	order *list.List // of *limit, the latest first
	all   map[string]*list.Element
}

type limit struct {
	name   string
	bucket *rate.Limiter
}

// newLimits: each is in events a second, 0 means without bound.
func newLimits(each, burst float64) *limits {
	return &limits{each: rate.Limit(each), burst: max(1, int(burst)), order: list.New(), all: map[string]*list.Element{}}
}

// take counts one event; it gives 0 when it is within the bound, else how long to wait for the next.
func (l *limits) take(name string) time.Duration {
	if l.each <= 0 {
		return 0
	}
	r := l.bucket(name).Reserve()
	wait := r.Delay()
	if wait > 0 {
		r.Cancel() // who is refused is not punished on top
	}
	return wait
}

func (l *limits) bucket(name string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, there := l.all[name]; there {
		l.order.MoveToFront(e)
		return e.Value.(*limit).bucket
	}
	for len(l.all) >= maxLimits {
		oldest := l.order.Back()
		delete(l.all, oldest.Value.(*limit).name)
		l.order.Remove(oldest)
	}
	one := &limit{name, rate.NewLimiter(l.each, l.burst)}
	l.all[name] = l.order.PushFront(one)
	return one.bucket
}

// addressOf is where a request comes from; of IPv6 the network, since one machine has many addresses there.
func addressOf(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	ip := at.Addr().Unmap()
	if ip.Is4() {
		return ip.String()
	}
	network, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return ""
	}
	return network.String()
}

func tooMany(what string, wait time.Duration) *Error {
	return &Error{Status: http.StatusTooManyRequests, Detail: what + "; wait and try again", Wait: wait}
}

package accounts

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// So slow that nothing comes back while a test runs.
const slow = 1e-4

func TestAccountLimit(t *testing.T) {
	b := book(t, Config{Anyone: true})
	b.accounts = newLimits(slow, 3)
	for range 3 {
		admit(t, b, oneKey)
	}
	for range 5 { // being refused costs nothing more
		_, err := b.Admit(with(oneKey, "192.0.2.1:1"))
		e := refused(t, err, http.StatusTooManyRequests, "this account")
		if e.Wait <= 0 || e.Wait > time.Duration(1/slow)*time.Second {
			t.Errorf("wait %s", e.Wait)
		}
	}
	admit(t, b, otherKey)
	admit(t, b, officerKey)
	b.accounts = newLimits(0, 0)
	for range 1000 {
		admit(t, b, oneKey)
	}
}

// An address that guesses is sent away; whoever has a good key there, and guesses elsewhere, are not.
func TestFailureLimit(t *testing.T) {
	b := book(t, Config{})
	b.failures = newLimits(slow, 3)
	fail := func(from string, status int) {
		t.Helper()
		_, err := b.Admit(with(oneKey, from))
		refused(t, err, status, "")
	}
	for i := range 3 {
		fail(fmt.Sprintf("[2001:db8::%d]:1", i), http.StatusUnauthorized) // one network
		fail("[::ffff:192.0.2.1]:1", http.StatusUnauthorized)
	}
	fail("[2001:db8::9]:2", http.StatusTooManyRequests)
	fail("192.0.2.1:2", http.StatusTooManyRequests)
	_, err := b.Login(with("", "192.0.2.1:3"), oneKey)
	if e := refused(t, err, http.StatusTooManyRequests, "this address"); e.Wait <= 0 {
		t.Errorf("wait %s", e.Wait)
	}
	fail("192.0.2.2:1", http.StatusUnauthorized)
	fail("[2001:db8:0:1::1]:1", http.StatusUnauthorized)
	admit(t, b, officerKey) // from 192.0.2.1
}

// Where an unknown key opens an account, one address does not open any number of them.
func TestNewcomerLimit(t *testing.T) {
	b := book(t, Config{Anyone: true})
	b.newcomers = newLimits(slow, 3)
	key := func(i int) string { return fmt.Sprintf("%s%d", oneKey, i) }
	for i := range 3 {
		admit(t, b, key(i))
	}
	_, err := b.Admit(with(key(3), "192.0.2.1:1"))
	if e := refused(t, err, http.StatusTooManyRequests, "new accounts"); e.Wait <= 0 {
		t.Errorf("wait %s", e.Wait)
	}
	admit(t, b, key(0))
	if _, err := b.Admit(with(key(3), "192.0.2.2:1")); err != nil {
		t.Error(err)
	}
}

// However many callers there are, the memory is bounded, and the newest are remembered.
func TestLimitsAreBounded(t *testing.T) {
	l := newLimits(slow, 1)
	for i := range maxLimits + 100 {
		if l.take(fmt.Sprint(i)) != 0 {
			t.Fatalf("%d is refused", i)
		}
		if i > 0 && l.take("0") == 0 { // who asks all the time is remembered all the time
			t.Fatalf("the first is forgotten after %d", i)
		}
	}
	if len(l.all) != maxLimits || l.order.Len() != maxLimits {
		t.Errorf("%d and %d", len(l.all), l.order.Len())
	}
	if l.take(fmt.Sprint(maxLimits+99)) == 0 || l.take("1") != 0 {
		t.Error("the newest is forgotten, or the oldest is not")
	}
}

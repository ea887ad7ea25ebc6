package app

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"net/url"
	"sync"

	"rekey/app/central"
	"rekey/store"
)

// Settings of the way to the central API.
const (
	SettingCentral = "central"       // its address
	SettingCA      = "central-ca"    // PEM of the only authorities that are trusted for it; "": the system's
	SettingPin     = "central-pin"   // base64 SHA-256 of a key in the server's chain
	SettingProxy   = "central-proxy" // as central.Options.Proxy; "": the environment's
	SettingKey     = "client-key"    // who we are to it: "": one is made with the first exchange. Never shown
)

// connects says that a setting changes how the office is reached.
func connects(setting string) bool {
	switch setting {
	case SettingCentral, SettingCA, SettingPin, SettingProxy, SettingKey:
		return true
	}
	return false
}

// reconnect begins anew after such a change: what was wrong on the old way says nothing of the new one, and another office, or another
// account there, has another feed and other facts.
func (a *App) reconnect(tx *store.Tx, key, value string) error {
	tx.OnCommit(a.wake)
	if (key == SettingCentral || key == SettingKey) && value != setting(tx, key) {
		for _, name := range []string{settingCursor, settingOverridesTag} {
			if err := tx.Delete(store.Settings, name); err != nil {
				return err
			}
		}
	}
	return tx.Delete(store.Settings, settingRest)
}

// Configure checks a setting and keeps it; "" takes it away. A value that cannot be right is refused with BadInput.
func (a *App) Configure(name, value string) error {
	const op = "settings"
	if value == "" {
		return a.SetSetting(name, value)
	}
	o := central.Options{Address: "https://office.invalid"}
	switch name {
	case SettingCentral:
		o.Address = value
	case SettingCA:
		o.CA = []byte(value)
	case SettingPin:
		o.Pin = value
	case SettingProxy:
		o.Proxy = value
	case SettingKey: // an account's, which the office has made
		if o.Key = value; len(value) < leastKey {
			return &Error{op, BadInput, fmt.Errorf("a key of the office has %d characters or more", leastKey)}
		}
	case SettingTSA:
		if u, err := url.Parse(value); err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			return &Error{op, BadInput, errNoTSA}
		}
	}
	if _, err := central.New(o); err != nil {
		return &Error{op, BadInput, err}
	}
	return a.SetSetting(name, value)
}

// leastKey is how many characters make a key that cannot be guessed; the office takes no shorter one.
const leastKey = 32

// connection keeps one client for as long as the settings stay: with a card, and with TLS, a new one costs a handshake.
type connection struct {
	mu      sync.Mutex
	options string // that the client was made with
	client  *central.Client
}

// client gives the client of the central API, or nil when none is set.
func (a *App) client() (*central.Client, error) {
	o, err := a.reach()
	if err != nil || o.Address == "" {
		return nil, err
	}
	a.link.mu.Lock()
	defer a.link.mu.Unlock()
	made := o.Address + "\n" + o.Key + "\n" + string(o.CA) + "\n" + o.Pin + "\n" + o.Proxy
	if a.link.client != nil && a.link.options == made {
		return a.link.client, nil
	}
	client, err := central.New(o)
	if err != nil {
		return nil, &Error{"central API", BadInput, err}
	}
	if a.link.client != nil {
		a.link.client.Close()
	}
	a.link.options, a.link.client = made, client
	return client, nil
}

// reach is how the office is reached by the settings. Who we are is a key that is made once.
func (a *App) reach() (o central.Options, err error) {
	o.Timeout = a.timeout
	err = a.store.View(func(tx *store.Tx) error {
		o.Address = a.address(tx)
		o.Key, o.CA, o.Pin, o.Proxy = setting(tx, SettingKey), []byte(setting(tx, SettingCA)), setting(tx, SettingPin), setting(tx, SettingProxy)
		return nil
	})
	if err == nil && o.Address != "" && o.Key == "" {
		var b [32]byte
		rand.Read(b[:])
		o.Key = hex.EncodeToString(b[:])
		err = a.SetSetting(SettingKey, o.Key)
	}
	return o, err
}

// asHolder is a client that proves itself by a certificate.
func (a *App) asHolder(c *tls.Certificate) (*central.Client, error) {
	o, err := a.reach()
	if err != nil {
		return nil, err
	}
	o.Key, o.Certificate = "", c
	client, err := central.New(o)
	if err != nil {
		return nil, &Error{"central API", BadInput, err}
	}
	return client, nil
}

// address is that of the central API, "" when there is none.
func (a *App) address(tx *store.Tx) string {
	if a.central != "" {
		return a.central
	}
	return setting(tx, SettingCentral)
}

func setting(tx *store.Tx, name string) string {
	value, _ := store.Get[string](tx, store.Settings, name)
	return value
}

func (l *connection) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.client != nil {
		l.client.Close()
	}
}

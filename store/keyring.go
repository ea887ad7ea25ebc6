package store

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	systemring "github.com/zalando/go-keyring"
)

const keyringService = "rekey"

// Time limits of a keyring. One that is known to hold the key may be asking the person for its password.
const (
	ringWait     = 2 * time.Second
	ringReadWait = 45 * time.Second
)

// keyring is what is needed of one.
type keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
}

func (o Options) ring() keyring {
	if o.keyring != nil {
		return o.keyring
	}
	return system{}
}

type system struct{}

var errNoKeyring = errors.New("this system has no keyring (no D-Bus session)")

// reachable: without a session bus the D-Bus client would start one of its own, which nobody ends.
func reachable() error {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return nil
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		if _, err := os.Stat(filepath.Join(dir, "bus")); err == nil {
			return nil
		}
	}
	return errNoKeyring
}

func (system) Get(service, user string) (string, error) {
	if err := reachable(); err != nil {
		return "", err
	}
	return systemring.Get(service, user)
}

func (system) Set(service, user, password string) error {
	if err := reachable(); err != nil {
		return err
	}
	return systemring.Set(service, user, password)
}

// within gives up on a keyring that does not answer; the call is left behind.
func within[T any](limit time.Duration, f func() (T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	done := make(chan answer, 1)
	go func() { v, err := f(); done <- answer{v, err} }()
	select {
	case a := <-done:
		return a.v, a.err
	case <-time.After(limit):
		var none T
		return none, fmt.Errorf("the keyring has not answered in %v", limit)
	}
}

func fromKeyring(ring keyring, entry string) ([]byte, error) {
	text, err := within(ringReadWait, func() (string, error) { return ring.Get(keyringService, entry) })
	if err != nil {
		return nil, fmt.Errorf("the key is in the keyring under %q and cannot be had: %w", entry, err)
	}
	return base64.StdEncoding.DecodeString(text)
}

// toKeyring writes the key and reads it back.
func toKeyring(ring keyring, entry string, key []byte) error {
	back, err := within(ringWait, func() (string, error) {
		if err := ring.Set(keyringService, entry, base64.StdEncoding.EncodeToString(key)); err != nil {
			return "", err
		}
		return ring.Get(keyringService, entry)
	})
	if err != nil {
		return err
	}
	if got, err := base64.StdEncoding.DecodeString(back); err != nil || !bytes.Equal(got, key) {
		return errors.New("the keyring gave another key back than it was given")
	}
	return nil
}

package office

import (
	"errors"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data/datatest"
)

// An issuer that takes its time holds nobody up, and one that fails gives its turn back.
func TestSlowIssuer(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		both := servers(t, database)
		id := approved(t, both[0], "request")
		asked, answer := make(chan struct{}), make(chan error)
		done := make(chan error)
		go func() {
			_, err := both[0].Issue(t.Context(), officer, id, AnyVersion, func(central.Case, []byte) ([]byte, error) {
				close(asked)
				return nil, <-answer
			})
			done <- err
		}()
		<-asked
		approved(t, both[0], "another") // would wait without end behind a transaction
		second := make(chan error)
		go func() {
			_, err := both[1].Issue(t.Context(), officer, id, AnyVersion, certify)
			second <- err
		}()
		answer <- errors.New("the card was pulled")
		if err := <-done; err == nil || !strings.Contains(err.Error(), "pulled") {
			t.Errorf("the failing issuer gave %v", err)
		}
		if err := <-second; err != nil {
			t.Errorf("the next issuer gave %v", err)
		}
	})
}

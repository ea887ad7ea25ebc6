package app_test

import (
	"strings"
	"testing"

	"rekey/app"
	"rekey/cmd/rekey-demo/stage"
)

// A GOST key proves nothing over TLS: that is said before the PIN is asked for, with the way out.
func TestSignInWithAGOSTCard(t *testing.T) {
	d := newGOSTDesk(t, stage.Head(), newRussianCA(t), "https://127.0.0.1:1")
	_, err := d.Enrol(t.Context(), "", d.ask())
	wantKind(t, err, app.NoSignIn)
	if d.asked != 0 || !strings.Contains(err.Error(), "GOST") {
		t.Errorf("%d questions, %v", d.asked, err)
	}
}

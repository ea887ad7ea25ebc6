package app_test

import (
	"path/filepath"
	"testing"
	"testing/fstest"

	"rekey/app"
	"rekey/token"
	"rekey/token/tokentest"
)

// Procedures that cannot be read are told at once to a command, and to a window when it looks; they are never passed over.
func TestUnreadableProceduresAreTold(t *testing.T) {
	broken := fstest.MapFS{"procedures/x.yaml": {Data: []byte("id: [")}}
	for _, window := range []bool{false, true} {
		cards := token.NewSet([]string{"/fake/module.so"}, func(path string) token.Module { return tokentest.NewFake(path) })
		a, err := app.Open(app.Options{StoreDir: filepath.Join(t.TempDir(), "store"), Cards: cards, Assets: broken, Warm: window})
		if !window {
			if err == nil {
				t.Error("a command begins without procedures")
				_ = a.Close()
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Look(t.Context()); err == nil {
			t.Error("a window looks without procedures and says nothing")
		}
		if all := a.Procedures(); len(all) != 0 {
			t.Errorf("%d procedures", len(all))
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}

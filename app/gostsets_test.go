package app_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path/filepath"
	"regexp"
	"testing"
	"testing/fstest"

	"rekey/app"
	"rekey/app/procedure"
	"rekey/assets"
	"rekey/cmd/rekey-demo/stage"
)

// replaced is a set of files with one exchanged.
type replaced struct {
	fs.FS
	name string
	text string
}

func (r replaced) Open(name string) (fs.File, error) {
	if name == r.name {
		return fstest.MapFS{name: {Data: []byte(r.text)}}.Open(name)
	}
	return r.FS.Open(name)
}

// SoftHSM refuses tc26-256-C and makes a key of another curve for tc26-256-A, neither of which it tells beforehand. The case goes on with the
// procedure's next set, and nothing else is left on the card.
func TestNextParameterSetIsTried(t *testing.T) {
	p, dir := stage.Head(), t.TempDir()
	card := newGOSTCard(t, p, newRussianCA(t), "40")
	sum := sha256.Sum256(card.certificate)
	d := &desk{t: t, dir: dir, person: p, cards: card.set(), fingerprint: hex.EncodeToString(sum[:])}
	const name = "procedures/ru-vipnet-tfoms.yaml"
	text, err := fs.ReadFile(assets.Files, name)
	if err != nil {
		t.Fatal(err)
	}
	sets := `key_algorithms: ["gost2012-256/tc26-256-C", "gost2012-256/tc26-256-A", "gost2012-512/tc26-512-A", ec-p256, "gost2012-256/CryptoPro-XchA"]`
	other := regexp.MustCompile(`(?m)^key_algorithms: .*$`).ReplaceAllString(string(text), sets)
	if d.App, err = app.Open(app.Options{StoreDir: filepath.Join(dir, "store"), Documents: filepath.Join(dir, "documents"), Cards: d.cards,
		Assets: replaced{assets.Files, name, other}}); err != nil {
		t.Fatal(err)
	}
	defer d.App.Close()
	c := d.run(d.begin().ID, "")
	if c.KeyAlgorithm != "gost2012-256/CryptoPro-XchA" || state(c, procedure.Request) != "done" || d.asked != 1 {
		t.Errorf("%s after %d PIN entries: %s", c.KeyAlgorithm, d.asked, asJSON(t, c.Steps))
	}
	s, err := d.cards.Open(t.Context(), c.CardSerial)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if keys, err := s.Keys(t.Context()); err != nil || len(keys) != 2 {
		t.Errorf("on the card: %+v, %v", keys, err)
	}
	d.rebuilds(c.ID)
}

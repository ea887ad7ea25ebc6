package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rekey/cmd/rekey-demo/stage"
)

type verified struct {
	Valid      bool `json:"valid"`
	Changed    bool `json:"changed_after_last_signature"`
	Signatures []struct {
		Valid  bool   `json:"valid"`
		Signer string `json:"signer"`
		Level  string `json:"level"`
	} `json:"signatures"`
}

// unsigned lays out a form to be signed.
func (w *world) unsigned() string {
	w.t.Helper()
	path := filepath.Join(w.dir, "letter (Ш).pdf")
	w.must(0, "", "form", w.person.Procedure, "application", "--out", path)
	return path
}

func TestSignAndVerifyAFile(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	pdf := w.unsigned()
	w.must(1, "", "verify", pdf) // no signature yet
	w.must(0, w.person.PIN+"\n", "sign", pdf)
	signed := filepath.Join(w.dir, "letter (Ш)-signed.pdf")
	judge(t, "Signature is Valid", "pdfsig", "-nocert", signed)
	judge(t, "ETSI.CAdES.detached", "pdfsig", "-nocert", signed)
	judge(t, "", "qpdf", "--check", signed)
	got := decode[verified](t, w.must(0, "", "verify", signed, "--json").out)
	if !got.Valid || len(got.Signatures) != 1 || got.Signatures[0].Level != "PAdES B-B" || got.Signatures[0].Signer == "" {
		t.Errorf("%+v", got)
	}

	if r := w.must(1, "", "sign", pdf); !strings.Contains(r.err, "nothing is overwritten") { // no PIN was given, so none was asked for
		t.Error(r.err)
	}
	twice := filepath.Join(w.dir, "twice.pdf")
	r := w.must(0, w.person.PIN+"\n", "sign", signed, "--out", twice, "--certificate", w.card.Fingerprint[:16], "--tsa", "http://127.0.0.1:9/")
	if !strings.Contains(r.out, "the signature stands without it") {
		t.Error(r.out)
	}
	if got := decode[verified](t, w.must(0, "", "verify", twice, "--json").out); len(got.Signatures) != 2 {
		t.Errorf("%+v", got)
	}

	data, err := os.ReadFile(signed)
	if err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(w.dir, "changed.pdf")
	if err := os.WriteFile(changed, append(data, "% more\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := decode[verified](t, w.must(1, "", "verify", changed, "--json").out); got.Valid || !got.Changed {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsNoPDFIsRefusedBeforeTheCardIsAsked(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	letter := filepath.Join(w.dir, "letter.txt")
	if err := os.WriteFile(letter, []byte("Sayın yetkili,"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := w.must(1, "", "sign", letter); !strings.Contains(r.err, "does not begin as a PDF does") { // with no PIN on the input it would end with status 4
		t.Error(r.err)
	}
	w.must(2, "", "sign")
	w.must(4, "000000\n", "sign", w.unsigned())
	if left, _ := filepath.Glob(filepath.Join(w.dir, "*-signed.pdf")); len(left) > 0 {
		t.Errorf("%v was left", left)
	}
}

func TestAttorneyIsShownAndChecked(t *testing.T) {
	w := newWorld(t, stage.Doctor())
	file := filepath.Join("..", "..", "app", "attorney", "testdata", "ON_EMCHD_20260901_00000000-0000-4000-8000-000000000001.xml")
	fits := w.must(0, "", "attorney", file, "--inn", "0001012344", "--inn", "000105432142", "--json")
	if got := decode[struct{ Good bool }](t, fits.out); !got.Good {
		t.Error(fits.out)
	}
	if r := w.must(1, "", "attorney", file, "--name", "Щукина Шарлотта Ивановна"); !strings.Contains(r.out, "[failed] The representative is not the card's holder") {
		t.Error(r.out)
	}
	w.must(2, "", "attorney", file, "--inn", "123")
	w.must(1, "", "attorney", filepath.Join("..", "..", "go.mod"))
}

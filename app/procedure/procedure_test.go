package procedure_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"rekey/app/procedure"
)

func files() fs.FS { return os.DirFS("../../assets") }

func TestEmbeddedProceduresLoad(t *testing.T) {
	all, err := procedure.Load(files(), "procedures")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 3 {
		t.Fatalf("%d procedures", len(all))
	}
	for _, p := range all {
		if _, ok := p.Reason("renewal"); !ok {
			t.Errorf("%s has no renewal", p.ID)
		}
	}
}

func TestCertificateFindsItsProcedure(t *testing.T) {
	all, err := procedure.Load(files(), "procedures")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]procedure.Traits{
		"tr-kamusm-nes":   {Policies: []string{"1.2.3", "2.16.792.1.2.1.1.5.7.1.1"}, Country: "TR"},
		"ru-vipnet-tfoms": {Subject: []string{"2.5.4.3", "1.2.643.100.1", "1.2.643.100.4"}, Country: "RU"},
		"generic":         {Subject: []string{"2.5.4.3"}, Country: "RU"},
	}
	for want, traits := range tests {
		if got := procedure.For(all, traits); got == nil || got.ID != want {
			t.Errorf("traits %v: got %v, want %s", traits, got, want)
		}
	}
}

func TestMistakesAreRefusedWithTheirPlace(t *testing.T) {
	good, err := fs.ReadFile(files(), "procedures/ru-vipnet-tfoms.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"unknown key", "reminder_days:", "reminder_day:", "line "},
		{"unknown act", "what: install}", "what: instal}", "unknown what"},
		{"unknown person", "who: authority", "who: somebody", "unknown who"},
		{"two steps of one name", "id: request, who", "id: key, who", "an ID of its own"},
		{"deadline from nowhere", "from: issue", "from: never", "deadline from"},
		{"no algorithm", "key_algorithms: [ec-p256]", "key_algorithms: []", "key_algorithms"},
		{"no copies", "copies: 1", "copies: 0", "copies"},
		{"form that is not there", "form: application", "form: apply", "unknown form"},
	}
	for _, tt := range tests {
		bad := strings.Replace(string(good), tt.old, tt.new, 1)
		if bad == string(good) {
			t.Fatalf("%s: nothing replaced", tt.name)
		}
		_, err := procedure.Parse("x.yaml", []byte(bad))
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "x.yaml") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

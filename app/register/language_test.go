package register

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// recorder writes English and keeps what it was asked for.
type recorder struct {
	English
	asked map[string]string
}

func (r recorder) Text(key, english string) string {
	r.asked[key] = english
	return english
}

// Every word that Details asks a language for is in Words, with the same English text; and the recorder, which is English, changes nothing.
func TestWords(t *testing.T) {
	words := Words()
	for key, text := range words {
		if _, id, _ := strings.Cut(key, "."); text == "" || id == "" {
			t.Errorf("%q: %q", key, text)
		}
	}
	all := []Certificate{Parse(made(t, russianSubject, fullExtensions, "-newkey", "rsa:2048")), Parse(readPEM(t, "testdata/gost.pem")),
		Parse(makeCertificate(t, turkish(t), nil))}
	for _, broken := range brokenOnes(t) {
		all = append(all, Parse(broken[0]))
	}
	for _, c := range all {
		r := recorder{asked: map[string]string{}}
		if got, want := Details(r, c, noon), Details(English{}, c, noon); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the language of English texts says something else:\n%v\n%v", c.HolderName, got, want)
		}
		ChainSection(r, Chain(c, all), map[string]Standing{c.Fingerprint: StandingOf(c, all, nil, noon)})
		CardSection(r, Entry{Certificate: c, KeyOnCard: KeyUnknown, State: StateOther, Reader: "A"})
		for key, english := range r.asked {
			if want, ok := words[key]; (!ok || want != english) && !strings.HasPrefix(key, prefix+"problem.") {
				t.Errorf("%s is asked for with %q, and Words has %q", key, english, want)
			}
			if _, ok := words[key]; !ok {
				t.Errorf("%s is not in Words", key)
			}
		}
	}
}

// All five languages have a text for every word, English the same one as this package, and none has a text that nobody asks for.
func TestEveryWordHasFiveTexts(t *testing.T) {
	files, err := filepath.Glob("../../assets/lang/*.json")
	if err != nil || len(files) != 5 {
		t.Fatalf("%v %v", files, err)
	}
	words := Words()
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		for key, english := range words {
			text, ok := texts[key].(string)
			if !ok || text == "" || name == "en.json" && text != english {
				t.Errorf("%s: %s is %q; in English %q", name, key, text, english)
			}
		}
		for key := range texts {
			if _, ok := words[key]; strings.HasPrefix(key, prefix) && !ok {
				t.Errorf("%s: nobody asks for %s", name, key)
			}
		}
	}
}

// shouting is a language in which every text is its key, in capitals.
type shouting struct{ English }

func (shouting) Text(key, english string) string { return "<" + strings.ToUpper(key) + ">" }
func (shouting) Moment(t time.Time) string       { return "<moment>" }
func (shouting) Number(n int) string             { return "<number>" }

// No English is left in the details of a certificate in another language; names, numbers and addresses stay.
func TestNoEnglishIsLeft(t *testing.T) {
	c := Parse(made(t, russianSubject, fullExtensions, "-newkey", "rsa:2048"))
	sections := append(Details(shouting{}, c, noon), ChainSection(shouting{}, Chain(c, nil), nil), CardSection(shouting{}, Entry{State: StateNew, KeyOnCard: KeyYes}))
	text := Text(shouting{}, sections)
	for _, english := range Words() {
		if english = strings.TrimSpace(english); len(english) > 3 && english != strings.ToUpper(english) && !strings.Contains(english, "{") && strings.Contains(text, english) {
			t.Errorf("%q is there:\n%s", english, text)
		}
	}
	for _, want := range []string{"СНИЛС (1.2.643.100.3): 11223344595", "<REGISTER.EXTENSION.KEY-USAGE> (2.5.29.15)<REGISTER.COMMA><REGISTER.CRITICAL>: <REGISTER.TERM.DIGITAL-SIGNATURE><REGISTER.COMMA>",
		"<REGISTER.ROW.FROM>: <moment>", "<REGISTER.ROW.KEY-SIZE>: <number>", "<REGISTER.SIGNED-WITH>", "<REGISTER.TERM.YES>\n      <REGISTER.QUALIFIED.RU-YES>", "КС1<REGISTER.COMMA>КС2"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}

func TestPersonalNumbers(t *testing.T) {
	for subject, want := range map[string]string{
		russianSubject: "11223344595 000000000000 300000000000000",
		"C = VN\nCN = NGUYỄN THỊ MẪU\n0.UID = MST:0100000000\n1.UID = CCCD:001100000000": "0100000000 001100000000",
		"C = TR\nserialNumber = 10000000146\nCN = ŞULE ÇIĞIR":                            "10000000146",
		"C = EE\nCN = A": "",
	} {
		if got := strings.Join(Parse(made(t, subject, "keyUsage = nonRepudiation", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")).PersonalNumbers(), " "); got != want {
			t.Errorf("%s: %s", subject, got)
		}
	}
}

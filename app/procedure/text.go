package procedure

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Text is one text by language tag (en, tr, ru, vi, fa). English is always there.
type Text map[string]string

// In gives the text in lang, else in English.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t["en"]
}

// UnmarshalYAML refuses languages that nobody reads, empty texts and a text without English.
func (t *Text) UnmarshalYAML(node *yaml.Node) error {
	var m map[string]string
	if err := node.Decode(&m); err != nil {
		return err
	}
	if problem := checkText(m); problem != "" {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %s", node.Line, problem)}}
	}
	*t = m
	return nil
}

func checkText(m map[string]string) string {
	for lang, s := range m {
		switch {
		case !slices.Contains(languages, lang):
			return fmt.Sprintf("text in the unknown language %q", lang)
		case strings.TrimSpace(s) == "":
			return fmt.Sprintf("empty text in %s", lang)
		}
	}
	if m["en"] == "" {
		return "a text without English"
	}
	return ""
}

// Origin says where a fact comes from. Facts without confirmed: false are official as of that day.
type Origin struct {
	AsOf      time.Time `yaml:"as_of" json:"-"`
	Source    string    `yaml:"source" json:"-"`
	Confirmed *bool     `yaml:"confirmed" json:"-"` // nil: yes
	Doubt     string    `yaml:"doubt" json:"-"`     // why it is not confirmed
}

// Official says whether a source confirms the fact; otherwise it must be shown as ours.
func (o Origin) Official() bool { return o.Confirmed == nil || *o.Confirmed }

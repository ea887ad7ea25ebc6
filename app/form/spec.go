package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// Form is one form as its file describes it. Every text that prints a value is a text/template over the fields of
// Input: {{.Details.surname}}, {{.Certificate.serial}}, {{.KeyFingerprint}}, {{.Date}}, {{.Title}} …; {{word .Reason}}
// looks a word up in Words, {{mask "###-###-### ##" .Details.snils}} groups a number, {{list .Details.city .Details.street}}
// joins what is there with commas, {{persian .Details.number}} writes Persian digits, {{ltr .Case}} keeps a number in a
// right-to-left line as it is.
type Form struct {
	ID         string            `yaml:"form"`
	Language   string            `yaml:"language"` // BCP 47
	Title      string            `yaml:"title"`
	Source     string            `yaml:"source"` // where title and fields come from
	DateFormat string            `yaml:"date-format"`
	PageMark   string            `yaml:"page-mark"` // also .Copy .Copies .Page .Pages
	Foot       string            `yaml:"foot"`
	Continued  string            `yaml:"continued"` // behind a heading that is repeated on the next page
	Landscape  bool              `yaml:"landscape"`
	NoMark     bool              `yaml:"no-mark"` // no QR code and digest at the foot
	Words      map[string]string `yaml:"words"`
	Blocks     []Block           `yaml:"blocks"`

	name string          // of the file, for errors
	used map[string]bool // the values that it prints
}

// Block is one part of a form: exactly one of the pointers is set. With Routes it is printed on those routes only.
type Block struct {
	Routes     []string    `yaml:"routes"`
	Head       *Head       `yaml:"head"`
	Title      *Title      `yaml:"title"`
	Notice     *Notice     `yaml:"notice"`
	Fields     *Fields     `yaml:"fields"`
	Choices    *Choices    `yaml:"choices"`
	Paragraph  *Paragraph  `yaml:"paragraph"`
	Signatures *Signatures `yaml:"signatures"`
	Table      *Table      `yaml:"table"`
	QR         *QR         `yaml:"qr"`
	List       *List       `yaml:"list"`
	Notes      []string    `yaml:"notes"`
}

// Head is the lines above the title: who it comes from, whom it goes to. Motto centres both sides and sets the right
// one in bold with a rule below, as Vietnamese letters begin.
type Head struct {
	Left  []string `yaml:"left"`
	Right []string `yaml:"right"`
	Motto bool     `yaml:"motto"`
}

// Title is the large line, with a smaller one under it.
type Title struct {
	Text  string `yaml:"text"`
	Under string `yaml:"under"`
}

// Notice is a short text between two rules.
type Notice struct {
	Text string `yaml:"text"`
}

// Fields is a table of labels and values on a grid of twelve columns.
type Fields struct {
	Heading string `yaml:"heading"`
	Cells   []Cell `yaml:"cells"`
	Photo   *Photo `yaml:"photo"` // at the end of the rows
}

// Photo is the place of Input.Photo, in millimetres. Empty is printed in it when there is none.
type Photo struct {
	Width  float64 `yaml:"width"`
	Height float64 `yaml:"height"`
	Empty  string  `yaml:"empty"`
}

// Table prints Input.Rows, a row each; {{.Row.name}} is a value of the row. Number is the head of a column of row
// numbers. A row for which Section gives a text prints only that, over all columns. When there are no rows, Blank
// empty ones are printed for the pen.
type Table struct {
	Heading string   `yaml:"heading"`
	Number  string   `yaml:"number"`
	Section string   `yaml:"section"`
	Blank   int      `yaml:"blank"`
	Columns []Column `yaml:"columns"`
}

// Column is one column. Neighbours with the same Group have it above their labels. Width is a share of the table. Hex is
// printed below Value, monospaced in groups of four.
type Column struct {
	Label string  `yaml:"label"`
	Group string  `yaml:"group"`
	Value string  `yaml:"value"`
	Hex   string  `yaml:"hex"`
	Width float64 `yaml:"width"`

	middle bool
}

// QR is a QR code, Size millimetres wide, with a text beside it.
type QR struct {
	Heading string  `yaml:"heading"`
	Text    string  `yaml:"text"`
	Beside  string  `yaml:"beside"`
	Size    float64 `yaml:"size"`
}

// Cell is one label and its value. Hex prints the value in a monospaced font in groups of four. Lines is how many
// dotted lines an empty value gets.
type Cell struct {
	Label string `yaml:"label"`
	Value string `yaml:"value"`
	Span  int    `yaml:"span"` // of 12; 0 is 6
	Hex   bool   `yaml:"hex"`
	Lines int    `yaml:"lines"`
}

// Choices is a row of boxes, of which the one that names Chosen is crossed.
type Choices struct {
	Heading string   `yaml:"heading"`
	Chosen  string   `yaml:"chosen"`
	Options []Option `yaml:"options"`
}

// Option is one box. Of lists the ids that cross it; "*" stands for every id that no other box names.
type Option struct {
	Label string   `yaml:"label"`
	Of    []string `yaml:"of"`
}

// Paragraph is running text. Empty is printed, set apart by a rule at its side, when Text gives nothing.
type Paragraph struct {
	Heading string `yaml:"heading"`
	Text    string `yaml:"text"`
	Empty   string `yaml:"empty"`
	Center  bool   `yaml:"center"`
}

// List is lines with a box each, to be ticked by hand.
type List struct {
	Heading string   `yaml:"heading"`
	Items   []string `yaml:"items"`
}

// Signatures is a row of signature places. Left is the side on which a line begins: a form that is written from right to
// left is mirrored as a whole. Bottom moves it, and what follows, to the foot of the page. Aside is a
// text on the side that has no place.
type Signatures struct {
	Bottom bool             `yaml:"bottom"`
	Places []SignaturePlace `yaml:"places"`
	Stamp  string           `yaml:"stamp"` // text in the place of the seal, such as М.П.
	Aside  string           `yaml:"aside"`
}

// SignaturePlace is where one person signs. On the e-signed route Electronic is printed instead of the line for the
// pen, when it is given.
type SignaturePlace struct {
	ID         string `yaml:"id"`
	Side       string `yaml:"side"` // left or right
	Caption    string `yaml:"caption"`
	Who        string `yaml:"who"`
	Hint       string `yaml:"hint"` // small, under the line for the pen
	Lines      []Cell `yaml:"lines"`
	Electronic string `yaml:"electronic"`
	Frame      bool   `yaml:"frame"`
}

// Load reads a form from a file system, usually the embedded assets/forms.
func Load(fsys fs.FS, name string) (*Form, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, &Error{"load form", KindData, err}
	}
	return Parse(path.Base(name), data)
}

// LoadID reads the form with an id such as "tr-kamusm-nes.application".
func LoadID(fsys fs.FS, id string) (*Form, error) { return Load(fsys, id+".yaml") }

// Parse reads a form. Unknown keys, missing parts and templates that cannot work are errors with file and line.
func Parse(name string, data []byte) (*Form, error) {
	fail := func(err error) (*Form, error) {
		return nil, &Error{"parse form", KindData, withFile(name, err)}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return fail(err)
	}
	f := &Form{name: name}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(f); err != nil {
		return fail(err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return fail(errors.New("more than one document in the file"))
	}
	if p := f.check(); p != nil {
		return fail(fmt.Errorf("line %d: %s", lineOf(&root, p.path), p.text))
	}
	if want := strings.TrimSuffix(name, ".yaml"); strings.HasSuffix(name, ".yaml") && f.ID != want {
		return fail(fmt.Errorf("line %d: form is %q, the file's name wants %q", lineOf(&root, []any{"form"}), f.ID, want))
	}
	f.used = usesIn(data)
	return f, nil
}

var yamlLine = regexp.MustCompile(`(?:yaml: )?(?:unmarshal errors:\n\s*)?line (\d+): `)

// withFile turns yaml's "line 5: …" into "file:5: …".
func withFile(name string, err error) error {
	text := yamlLine.ReplaceAllString(err.Error(), name+":$1: ")
	if !strings.HasPrefix(text, name+":") {
		text = name + ": " + text
	}
	return errors.New(text)
}

// lineOf finds the line of the deepest part of a path that is in the file.
func lineOf(node *yaml.Node, steps []any) int {
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	for _, step := range steps {
		next := child(node, step)
		if next == nil {
			break
		}
		node = next
	}
	return node.Line
}

func child(node *yaml.Node, step any) *yaml.Node {
	switch s := step.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && s < len(node.Content) {
			return node.Content[s]
		}
	case string:
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == s {
				return node.Content[i+1]
			}
		}
	}
	return nil
}

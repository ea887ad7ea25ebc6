package procedure

import "strings"

// Field is one thing that the form asks of the holder.
type Field struct {
	ID       string   `yaml:"id"`
	Label    Text     `yaml:"label"`
	Hint     Text     `yaml:"hint"`
	Check    string   `yaml:"check"`    // a kind of app/identity, or "" / "date"
	From     string   `yaml:"from"`     // subject attribute OID of the current certificate, or given-name / surname / common-name
	Fixed    bool     `yaml:"fixed"`    // comes from the certificate and must stay
	Required bool     `yaml:"required"` //
	Lines    int      `yaml:"lines"`    // more than 1: a text of several lines
	Choices  []Choice `yaml:"choices"`
	Default  string   `yaml:"default"`
	Refuse   []string `yaml:"refuse"` // endings that are not taken, such as @gmail.com
	Source   string   `yaml:"source"`
}

// Choice is one value of a field.
type Choice struct {
	ID    string `yaml:"id"`
	Label Text   `yaml:"label"`
}

// RowFields is a table: each row has these fields. Min and Max count rows.
type RowFields struct {
	Min    int     `yaml:"min"`
	Max    int     `yaml:"max"`
	Fields []Field `yaml:"fields"`
	Source string  `yaml:"source"`
}

// KindField is the field that says which kind of holder it is.
const KindField = "holder_kind"

// Refused gives the ending for which a value is not taken, "" when it is.
func (f Field) Refused(value string) string {
	value = strings.ToLower(strings.TrimSpace(value))
	for _, ending := range f.Refuse {
		if strings.HasSuffix(value, strings.ToLower(ending)) {
			return ending
		}
	}
	return ""
}

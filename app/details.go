package app

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"rekey/app/procedure"
)

// ParseDetails reads a details file: a flat YAML map of field IDs to values. Errors name the line.
func ParseDetails(data []byte) (map[string]string, error) {
	const op = "read details"
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil {
		return nil, &Error{op, BadInput, err}
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, &Error{op, BadInput, fmt.Errorf("a list of \"field: value\" lines is wanted")}
	}
	details := map[string]string{}
	pairs := doc.Content[0].Content
	for i := 0; i+1 < len(pairs); i += 2 {
		name, value := pairs[i], pairs[i+1]
		if value.Kind != yaml.ScalarNode {
			return nil, &Error{op, BadInput, fmt.Errorf("line %d: %s must be one value", value.Line, name.Value)}
		}
		if _, twice := details[name.Value]; twice {
			return nil, &Error{op, BadInput, fmt.Errorf("line %d: %s stands here twice", name.Line, name.Value)}
		}
		details[name.Value] = value.Value
	}
	return details, nil
}

func unknownField(p *procedure.Procedure, id string) error {
	var known []string
	for _, f := range p.Fields {
		known = append(known, f.ID)
	}
	return fmt.Errorf("procedure %s has no field %q; it has %s", p.ID, id, strings.Join(known, ", "))
}

func fieldError(id string, c FieldCheck) error { return fmt.Errorf("%s: %s", id, c.Text) }

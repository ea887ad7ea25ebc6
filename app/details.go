package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"rekey/app/procedure"
)

// MaxDetails is the longest details file, in bytes.
const MaxDetails = 64 << 10

// ParseDetails reads a details file: a YAML map of field IDs to values, and under "rows" a list of such maps for the reasons that
// have a table. Errors name the line.
func ParseDetails(data []byte) (details map[string]string, rows []map[string]string, err error) {
	const op = "read details"
	if len(data) > MaxDetails {
		return nil, nil, &Error{op, BadInput, fmt.Errorf("the file is longer than %d bytes", MaxDetails)}
	}
	var doc, more yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil, &Error{op, BadInput, errors.New("line 1: the file is empty")}
	} else if err != nil {
		return nil, nil, &Error{op, BadInput, err}
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, nil, &Error{op, BadInput, fmt.Errorf("line %d: a list of \"field: value\" lines is wanted", max(doc.Line, 1))}
	}
	switch err := dec.Decode(&more); {
	case err == nil:
		return nil, nil, &Error{op, BadInput, fmt.Errorf("line %d: a second document begins here", more.Line)}
	case !errors.Is(err, io.EOF):
		return nil, nil, &Error{op, BadInput, err}
	}
	details = map[string]string{}
	pairs := doc.Content[0].Content
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i].Value == "rows" && pairs[i+1].Kind == yaml.SequenceNode && rows == nil {
			rows, err = tableOf(pairs[i+1])
		} else {
			err = detail(details, pairs[i], pairs[i+1])
		}
		if err != nil {
			return nil, nil, &Error{op, BadInput, err}
		}
	}
	return details, rows, nil
}

// tableOf takes the rows of a table.
func tableOf(list *yaml.Node) ([]map[string]string, error) {
	rows := []map[string]string{}
	for _, item := range list.Content {
		if item.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("line %d: a row of \"field: value\" lines is wanted", item.Line)
		}
		row := map[string]string{}
		for i := 0; i+1 < len(item.Content); i += 2 {
			if err := detail(row, item.Content[i], item.Content[i+1]); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// detail takes one line. Values are taken as they are written: no number loses its leading zero.
func detail(details map[string]string, name, value *yaml.Node) error {
	if name.Kind != yaml.ScalarNode || name.Value == "" {
		return fmt.Errorf("line %d: the name of a field is wanted before the colon", name.Line)
	}
	if value.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: %s must be one value", value.Line, name.Value)
	}
	if _, twice := details[name.Value]; twice {
		return fmt.Errorf("line %d: %s stands here twice", name.Line, name.Value)
	}
	details[name.Value] = value.Value
	if value.Tag == "!!null" {
		details[name.Value] = "" // "phone:" and "phone: ~"
	}
	return nil
}

func unknownField(p *procedure.Procedure, id string) error {
	var known []string
	for _, f := range p.Fields {
		known = append(known, f.ID)
	}
	for _, r := range p.Reasons {
		for _, f := range r.Fields {
			known = append(known, f.ID)
		}
	}
	return fmt.Errorf("procedure %s has no field %q; it has %s", p.ID, id, strings.Join(known, ", "))
}

func fieldError(id string, c FieldCheck) error { return fmt.Errorf("%s: %s", id, c.Text) }

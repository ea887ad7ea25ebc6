package api

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
	"rekey/app/central"
)

const contractFile = "openapi/central.yaml"

// operation is what the server takes from the contract about one operation.
type operation struct {
	id         string
	changes    bool     // it is no GET or HEAD
	roles      []string // nil: anybody
	proved     bool     // by a client certificate only
	parameters []parameter
}

// parameter is one of the query or the header.
type parameter struct {
	Ref      string `yaml:"$ref"`
	Name     string `yaml:"name"`
	In       string `yaml:"in"`
	Required bool   `yaml:"required"`
	Schema   schema `yaml:"schema"`
}

// schema is the part of a schema that bounds a parameter.
type schema struct {
	Ref       string   `yaml:"$ref"`
	Type      string   `yaml:"type"`
	Minimum   *int64   `yaml:"minimum"`
	Maximum   *int64   `yaml:"maximum"`
	MinLength int      `yaml:"minLength"`
	MaxLength *int     `yaml:"maxLength"`
	Pattern   string   `yaml:"pattern"`
	Enum      []string `yaml:"enum"`
	MinItems  int      `yaml:"minItems"`
	MaxItems  *int     `yaml:"maxItems"`
	Items     *schema  `yaml:"items"`

	pattern *regexp.Regexp
}

// document is the part of the contract that is read.
type document struct {
	Paths      map[string]map[string]yaml.Node `yaml:"paths"`
	Components struct {
		Parameters map[string]parameter `yaml:"parameters"`
		Schemas    map[string]yaml.Node `yaml:"schemas"`
	} `yaml:"components"`
}

// readContract gives the operations by "METHOD /path". It fails when one does not say who may use it.
func readContract(files fs.FS, name string) (map[string]operation, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	var d document
	if err := yaml.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	all := map[string]operation{}
	for path, item := range d.Paths {
		for method, node := range item {
			if method == "parameters" {
				continue
			}
			pattern := strings.ToUpper(method) + " " + path
			if all[pattern], err = d.operation(method, &node); err != nil {
				return nil, fmt.Errorf("contract: %s: %w", pattern, err)
			}
		}
	}
	return all, nil
}

func (d document) operation(method string, node *yaml.Node) (operation, error) {
	var raw struct {
		ID         string      `yaml:"operationId"`
		Roles      []string    `yaml:"x-roles"`
		Security   *[]any      `yaml:"security"`
		Parameters []parameter `yaml:"parameters"`
	}
	if err := node.Decode(&raw); err != nil {
		return operation{}, err
	}
	open := raw.Security != nil && len(*raw.Security) == 0
	if len(raw.Roles) == 0 && !open {
		return operation{}, fmt.Errorf("x-roles is missing, and security is not []: nobody knows who may use it")
	}
	for _, role := range raw.Roles {
		if !slices.Contains(central.Roles, role) {
			return operation{}, fmt.Errorf("x-roles: %q is no role", role)
		}
	}
	op := operation{id: raw.ID, changes: method != "get" && method != "head", roles: raw.Roles, proved: open && len(raw.Roles) > 0}
	for _, p := range raw.Parameters {
		if p.Ref != "" {
			p = d.Components.Parameters[last(p.Ref)]
		}
		if err := d.resolve(&p.Schema); err != nil {
			return operation{}, fmt.Errorf("parameter %q: %w", p.Name, err)
		}
		op.parameters = append(op.parameters, p)
	}
	return op, nil
}

func last(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// resolve puts what a reference points to in its place.
func (d document) resolve(s *schema) (err error) {
	if s.Ref != "" {
		node, there := d.Components.Schemas[last(s.Ref)]
		if !there {
			return fmt.Errorf("%s is not there", s.Ref)
		}
		*s = schema{}
		if err := node.Decode(s); err != nil {
			return err
		}
	}
	if s.Pattern != "" {
		s.pattern, err = regexp.Compile(s.Pattern)
	}
	if err == nil && s.Items != nil {
		err = d.resolve(s.Items)
	}
	if err == nil && !slices.Contains([]string{"string", "integer", "array"}, s.Type) {
		err = fmt.Errorf("type %q is not known here", s.Type)
	}
	return err
}

// check says what a value must be when it is not.
func (s schema) check(value string) error {
	switch s.Type {
	case "integer":
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || s.Minimum != nil && n < *s.Minimum || s.Maximum != nil && n > *s.Maximum {
			return fmt.Errorf("want a whole number%s", bounds(s.Minimum, s.Maximum))
		}
	case "array":
		items := strings.Split(value, ",")
		if len(items) < s.MinItems || s.MaxItems != nil && len(items) > *s.MaxItems {
			return fmt.Errorf("want %d to %d, with commas between", s.MinItems, *s.MaxItems)
		}
		for _, item := range items {
			if err := s.Items.check(item); err != nil {
				return err
			}
		}
	default:
		switch n := utf8.RuneCountInString(value); {
		case len(s.Enum) > 0 && !slices.Contains(s.Enum, value):
			return fmt.Errorf("want one of %s", strings.Join(s.Enum, ", "))
		case n < s.MinLength || s.MaxLength != nil && n > *s.MaxLength:
			return fmt.Errorf("want %d to %d characters", s.MinLength, *s.MaxLength)
		case s.pattern != nil && !s.pattern.MatchString(value):
			return fmt.Errorf("want something like %s", s.Pattern)
		}
	}
	return nil
}

func bounds(least, most *int64) string {
	text := ""
	if least != nil {
		text += fmt.Sprintf(" from %d", *least)
	}
	if most != nil {
		text += fmt.Sprintf(" to %d", *most)
	}
	return text
}

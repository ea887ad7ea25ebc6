package api

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"rekey/app/calendar"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/cmd/rekey-central/overrides"
)

// contract is the part of OpenAPI that the tests read.
type contract struct {
	OpenAPI    string                          `yaml:"openapi"`
	Paths      map[string]map[string]operation `yaml:"paths"`
	Components struct {
		Schemas map[string]schema `yaml:"schemas"`
	} `yaml:"components"`
}

type operation struct {
	Summary     string         `yaml:"summary"`
	Description string         `yaml:"description"`
	Security    *[]any         `yaml:"security"`
	Responses   map[string]any `yaml:"responses"`
}

type schema struct {
	Required   []string       `yaml:"required"`
	Properties map[string]any `yaml:"properties"`
	AllOf      []schema       `yaml:"allOf"`
}

func readContract(t *testing.T) contract {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "assets", "openapi", "central.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var raw struct {
		OpenAPI    string                          `yaml:"openapi"`
		Paths      map[string]map[string]yaml.Node `yaml:"paths"`
		Components struct {
			Schemas map[string]schema `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	c := contract{OpenAPI: raw.OpenAPI, Components: raw.Components, Paths: map[string]map[string]operation{}}
	for path, items := range raw.Paths {
		c.Paths[path] = map[string]operation{}
		for method, node := range items {
			if method == "parameters" {
				continue
			}
			var op operation
			if err := node.Decode(&op); err != nil {
				t.Fatal(err)
			}
			c.Paths[path][strings.ToUpper(method)] = op
		}
	}
	return c
}

func TestContractHasEveryRoute(t *testing.T) {
	c := readContract(t)
	if c.OpenAPI != "3.0.3" {
		t.Errorf("openapi: %q", c.OpenAPI)
	}
	served := map[string]bool{}
	for _, r := range Routes() {
		served[r.Method+" "+r.Path] = true
		op, there := c.Paths[r.Path][r.Method]
		if !there {
			t.Errorf("%s %s is served and not in the contract", r.Method, r.Path)
			continue
		}
		if op.Summary == "" || !strings.Contains(op.Description, "Who may - ") {
			t.Errorf("%s %s: summary or who may is missing", r.Method, r.Path)
		}
		if open := op.Security != nil && len(*op.Security) == 0; open != (r.who == anybody) {
			t.Errorf("%s %s: with and without key do not agree", r.Method, r.Path)
		}
		forbids := r.who == client || r.who == officer
		if _, says := op.Responses["403"]; says != forbids {
			t.Errorf("%s %s: 403 in the contract %v, served %v", r.Method, r.Path, says, forbids)
		}
	}
	for path, operations := range c.Paths {
		for method := range operations {
			if !served[method+" "+path] {
				t.Errorf("%s %s is in the contract and not served", method, path)
			}
		}
	}
}

// The wire types and the schemas have the same names; a name that may be left out of an
// answer is not required.
func TestContractHasEveryField(t *testing.T) {
	c := readContract(t)
	types := map[string]any{
		"Document": central.Document{}, "Submission": central.Submission{}, "Case": central.Case{}, "CaseList": central.CaseList{},
		"Return": central.Return{}, "Change": central.Change{}, "Changes": central.Changes{}, "Problem": central.Problem{},
		"Overrides": overrides.List{}, "Override": procedure.Override{}, "Fee": procedure.Fee{}, "Payment": procedure.Payment{}, "Windows": procedure.Windows{},
		"Copies": procedure.Copies{}, "Contact": procedure.Contact{}, "Calendar": calendar.Calendar{}, "CalendarYear": calendar.Year{},
	}
	for name, value := range types {
		s := c.Components.Schemas[name]
		properties, required := []string{}, s.Required
		for _, part := range append(s.AllOf, s) {
			for p := range part.Properties {
				properties = append(properties, p)
			}
			required = append(required, part.Required...)
		}
		var fields []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(value)) {
			tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || len(f.Index) > 1 { // those of Submission and Origin stand there
				continue
			}
			fields = append(fields, tag)
			if options == "omitempty" && slices.Contains(required, tag) {
				t.Errorf("%s.%s may be absent and is required", name, tag)
			}
		}
		slices.Sort(properties)
		slices.Sort(fields)
		if !slices.Equal(properties, fields) {
			t.Errorf("%s: contract %v, code %v", name, properties, fields)
		}
	}
}

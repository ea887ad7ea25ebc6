package api

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/getkin/kin-openapi/openapi3"

	"rekey/app/calendar"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/assets"
	"rekey/cmd/rekey-central/overrides"
)

func readOpenAPI(t *testing.T) *openapi3.T {
	t.Helper()
	data, err := assets.Files.ReadFile(contractFile)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// The stub in the tree is what the contract makes.
func TestStubIsFresh(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"config.yaml", "overlay.yaml"} {
		data, err := os.ReadFile(filepath.Join("stub", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	source, err := os.ReadFile(filepath.Join("stub", "stub.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, line, found := strings.Cut(string(source), "//go:generate ")
	if !found {
		t.Fatal("no go:generate line")
	}
	args := strings.Fields(line)
	contract := &args[len(args)-1]
	if *contract, err = filepath.Abs(filepath.Join("stub", *contract)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	want, err := os.ReadFile(filepath.Join(dir, "stub.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("stub", "stub.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("the stub is stale: go generate ./cmd/rekey-central/api/stub")
	}
}

// Every operation says who may, in words and as data, and has the answers that follow from it.
func TestContractIsWhole(t *testing.T) {
	doc := readOpenAPI(t)
	if doc.OpenAPI != "3.0.3" {
		t.Errorf("openapi: %q", doc.OpenAPI)
	}
	operations, err := readContract(assets.Files, contractFile)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			pattern := method + " " + path
			ours, there := operations[pattern]
			if !there || ours.id != op.OperationID || op.OperationID == "" || names[op.OperationID] {
				t.Errorf("%s: operationId %q", pattern, op.OperationID)
			}
			names[op.OperationID] = true
			if op.Summary == "" || !strings.Contains(op.Description, "Who may - ") {
				t.Errorf("%s: summary or who may is missing", pattern)
			}
			wanted := map[int]bool{401: ours.roles != nil, 429: ours.roles != nil, 403: ours.roles != nil}
			for status, want := range wanted {
				if has := op.Responses.Status(status) != nil; has != want {
					t.Errorf("%s: answer %d in the contract %v, wanted %v", pattern, status, has, want)
				}
			}
		}
	}
	if len(operations) != len(names) {
		t.Errorf("%d operations are read, %d are there", len(operations), len(names))
	}
}

// Every text, list and map in the contract is bounded, so that other implementers know what they have to take.
func TestContractStatesLimits(t *testing.T) {
	var walk func(where string, s *openapi3.SchemaRef)
	walk = func(where string, s *openapi3.SchemaRef) {
		if s == nil || s.Ref != "" {
			return
		}
		v := s.Value
		bounded := len(v.Enum) > 0 || v.Pattern != "" || v.Format == "date" || v.Format == "date-time"
		switch {
		case v.Type.Is("string") && !bounded && v.MaxLength == nil:
			t.Errorf("%s: a text without maxLength", where)
		case v.Type.Is("array") && v.MaxItems == nil:
			t.Errorf("%s: a list without maxItems", where)
		case v.Type.Is("object") && v.AdditionalProperties.Schema != nil && v.MaxProps == nil:
			t.Errorf("%s: a map without maxProperties", where)
		case v.Type.Is("integer") && v.Min == nil:
			t.Errorf("%s: a number without minimum", where)
		}
		for name, p := range v.Properties {
			walk(where+"."+name, p)
		}
		for _, part := range v.AllOf {
			walk(where, part)
		}
		walk(where+"[]", v.Items)
		walk(where+"{}", v.AdditionalProperties.Schema)
	}
	doc := readOpenAPI(t)
	for name, s := range doc.Components.Schemas {
		walk(name, s)
	}
	for name, p := range doc.Components.Parameters {
		walk(name, p.Value.Schema)
	}
}

// A contract that does not say who may use an operation is not served.
func TestContractWithoutRoles(t *testing.T) {
	table := map[string]string{
		"nothing":       "{operationId: x}",
		"no such role":  "{operationId: x, x-roles: [boss]}",
		"empty":         "{operationId: x, x-roles: []}",
		"key":           "{operationId: x, security: [{key: []}]}",
		"bad parameter": "{operationId: x, security: [], parameters: [{name: n, in: query, schema: {type: object}}]}",
	}
	for name, op := range table {
		if _, err := readContract(fstest.MapFS{"c.yaml": {Data: []byte("paths: {/v1/x: {get: " + op + "}}")}}, "c.yaml"); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
	if _, err := readContract(fstest.MapFS{"c.yaml": {Data: []byte("paths: {/v1/x: {get: {operationId: x, x-roles: [holder]}}}")}}, "c.yaml"); err != nil {
		t.Error(err)
	}
}

// The wire types and the schemas have the same names; a name that may be left out of an
// answer is not required.
func TestContractHasEveryField(t *testing.T) {
	schemas := readOpenAPI(t).Components.Schemas
	types := map[string]any{
		"Document": central.Document{}, "Submission": central.Submission{}, "Case": central.Case{}, "CaseList": central.CaseList{},
		"Return": central.Return{}, "Change": central.Change{}, "Changes": central.Changes{}, "Problem": central.Problem{},
		"Me": central.Me{}, "KeyBinding": central.KeyBinding{}, "Stamp": central.Stamp{}, "Holder": central.Holder{}, "Certificate": central.Certificate{},
		"Card": central.Card{}, "Photo": central.Photo{}, "Receipt": central.Receipt{}, "Revocation": central.Revocation{}, "Addition": central.Addition{},
		"HolderList": central.Page[central.Holder]{}, "CertificateList": central.Page[central.Certificate]{}, "CardList": central.Page[central.Card]{},
		"ReceiptList": central.Page[central.Receipt]{}, "RevocationList": central.Page[central.Revocation]{}, "AuditList": central.Page[central.AuditEntry]{},
		"Report": central.Report{}, "ReportRow": central.ReportRow{}, "AuditEntry": central.AuditEntry{},
		"Overrides": overrides.List{}, "Override": procedure.Override{}, "Fee": procedure.Fee{}, "Payment": procedure.Payment{}, "Windows": procedure.Windows{},
		"Copies": procedure.Copies{}, "Contact": procedure.Contact{}, "Calendar": calendar.Calendar{}, "CalendarYear": calendar.Year{},
		"Procedure": procedureFacts{}, "Origin": origin{},
	}
	for name, value := range types {
		var properties, required []string
		var collect func(*openapi3.Schema)
		collect = func(s *openapi3.Schema) {
			for p := range s.Properties {
				properties = append(properties, p)
			}
			required = append(required, s.Required...)
			for _, part := range s.AllOf {
				collect(part.Value)
			}
		}
		collect(schemas[name].Value)
		var fields []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(value)) {
			tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || tag == "-" || tag == "" { // tag "": below one that is not on the wire
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

package procedure_test

import (
	"errors"
	"io/fs"
	"path"
	"testing"

	"rekey/app/procedure"
	"rekey/assets"
)

// FuzzParse: a procedure file from anybody is taken or refused with lines, and never brings the program down.
func FuzzParse(f *testing.F) {
	names, err := fs.Glob(assets.Files, "procedures/*.yaml")
	if err != nil || len(names) == 0 {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(assets.Files, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, text := range []string{"", "id: x", "id: &a [*a]", "reasons: [{id: renewal, routes: [{steps: [{deadline: {days: -1}}]}]}]", "{a: {b: {c: {d: {e: f}}}}}", "\xff\xfe", "? [a]\n: b"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := procedure.Parse("fuzz.yaml", data)
		var problems procedure.Problems
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0) {
			t.Errorf("refused without saying what is wrong: %v", err)
		}
		if err == nil && (p.ID == "" || path.Base(p.ID) != p.ID) {
			t.Errorf("taken with the ID %q", p.ID)
		}
	})
}

// FuzzParseOverride: what a server or a file says about fees and windows is taken whole and checked, or refused.
func FuzzParseOverride(f *testing.F) {
	for _, text := range []string{
		"", "{}", "procedure: generic\nas_of: 2026-01-01\n", `{"procedure":"generic","as_of":"2026-01-01","source":"x"}`, `{"procedure":{}}`, `{"fees":[{"amount":"1e9"}]}`,
		`{"as_of":"0000-00-00"}`, "{" + `"a":`, "[[[[", "&a {b: *a}", "as_of: 2026-13-45", "\xff",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := procedure.ParseOverride("fuzz", data)
		if err == nil && o.Check() != nil {
			t.Errorf("taken and yet wrong: %v", o.Check())
		}
	})
}

package form

import (
	"io/fs"
	"testing"

	embedded "rekey/assets"
)

// FuzzParse: a form's file is taken or refused, never a panic.
func FuzzParse(f *testing.F) {
	names, err := fs.Glob(embedded.Files, "forms/*.yaml")
	if err != nil || len(names) == 0 {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(embedded.Files, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, text := range []string{"", "blocks: [{}]", "form: x\nblocks:\n  - title: {text: \"{{range}}\"}", "&a [*a]", "blocks: [{table: {columns: [{width: -1}]}}]", "\xff"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = Parse("fuzz.yaml", data) })
}

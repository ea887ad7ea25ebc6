package overrides

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"rekey/app/central"
)

// A file is left out with its name and a reason, or it is served; either way the good one beside it is.
func FuzzFile(f *testing.F) {
	f.Add(".yaml", []byte(good))
	f.Add(".json", []byte(`{"procedure":"generic","as_of":"2026-02-01","source":"office","calendars":[{"country":"TR","years":{"2027":{"off":["03-09"]}}}]}`))
	f.Add(".yml", []byte("procedure: &a [*a]\n"))
	f.Add(".yaml", []byte("a: &a [x,x]\nb: &b [*a,*a]\nfees: [*b,*b]\n"))
	f.Add(".json", []byte("\xef\xbb\xbf{"))
	f.Fuzz(func(t *testing.T, end string, text []byte) {
		if !wanted("10"+end) || filepath.Base("10"+end) != "10"+end {
			return
		}
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, Folder), 0o700); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{"10" + end: text, "20.yaml": []byte(good)} {
			if err := os.WriteFile(filepath.Join(dir, Folder, name), text, 0o600); err != nil {
				return // no name of a file here
			}
		}
		files, err := Read(dir)
		if err != nil || len(files) != 2 || files[1].Err != nil {
			t.Fatalf("%+v %v", files, err)
		}
		body, err := Encode(files)
		var list List
		if err != nil || len(body) > central.MaxJSON || json.Unmarshal(body, &list) != nil {
			t.Fatalf("%s %v", body, err)
		}
	})
}

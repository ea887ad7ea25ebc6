package overrides

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rekey/app/central"
	"rekey/app/procedure"
)

const good = "procedure: tr-kamusm-nes\nas_of: 2026-01-01\nsource: office\nwindows: {reminder_days: 30}\n"

// folder makes the office's folder with these files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, Folder), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, Folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestReadInOrder(t *testing.T) {
	dir := folder(t, map[string]string{
		"20.yml": good, "10.yaml": "\xef\xbb\xbf" + good, "15.json": `{"procedure":"generic","as_of":"2026-02-01","source":"office","calendars":[{"country":"TR","years":{"2027":{"off":["03-09"]}}}]}`,
		".hidden.yaml": "x", "10.yaml~": "x", "notes.txt": "x", "05-broken.yaml": "procedure: [", "06-strange.json": `{"procedure":"generic","fee":1}`,
		"07-large.json": strings.Repeat(" ", maxFile+1),
	})
	if err := os.Mkdir(filepath.Join(dir, Folder, "08-folder.yaml"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, Folder, "09-pipe.yaml"), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, fmt.Sprint(f.Name, " ", f.Err == nil))
		if f.Err != nil && (!strings.HasPrefix(f.Err.Error(), f.Name+": ") || strings.Contains(f.Err.Error(), dir)) {
			t.Errorf("%s: %v", f.Name, f.Err)
		}
	}
	want := "05-broken.yaml false,06-strange.json false,07-large.json false,08-folder.yaml false,09-pipe.yaml false,10.yaml true,15.json true,20.yml true"
	if strings.Join(got, ",") != want {
		t.Errorf("got %v", got)
	}
	data, err := Encode(files)
	if err != nil {
		t.Fatal(err)
	}
	var list List
	if err := json.Unmarshal(data, &list); err != nil || len(list.Overrides) != 3 || list.Overrides[1].Procedure != "generic" || list.Overrides[0].Windows.Reminder != 30 {
		t.Errorf("%v %s", err, data)
	}
	// What is served is what a client takes.
	for _, o := range list.Overrides {
		one, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := procedure.ParseOverride("served", one); err != nil {
			t.Error(err)
		}
	}
}

func TestNoFolder(t *testing.T) {
	files, err := Read(t.TempDir())
	if err != nil || len(files) != 0 {
		t.Errorf("%v %v", files, err)
	}
	if data, err := Encode(files); err != nil || string(data) != `{"overrides":[]}` {
		t.Errorf("%s %v", data, err)
	}
}

// What goes beyond the limit of the answer is left out; a smaller file after it still fits.
func TestAnswerKeepsItsLimit(t *testing.T) {
	var contacts []string
	for i := range 100 {
		contacts = append(contacts, fmt.Sprintf(`{"id":"c%d","label":{"en":"x"},"value":"%s","as_of":"2026-01-01"}`, i, strings.Repeat("a", 500)))
	}
	large := `{"procedure":"generic","as_of":"2026-02-01","source":"office","contacts":[` + strings.Join(contacts, ",") + `]}`
	texts := map[string]string{"99-last.yaml": good}
	for i := range 30 {
		texts[fmt.Sprintf("%02d.json", i)] = strings.ReplaceAll(large, `,"as_of":"2026-01-01"}`, "}")
	}
	files, err := Read(folder(t, texts))
	if err != nil {
		t.Fatal(err)
	}
	data, err := Encode(files)
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	for _, f := range files {
		if f.Err != nil {
			left++
			if !strings.Contains(f.Err.Error(), "together") {
				t.Error(f.Err)
			}
		}
	}
	if len(data) > central.MaxJSON || len(data) < central.MaxJSON*9/10 || left == 0 || files[len(files)-1].Err != nil {
		t.Errorf("%d bytes, %d left out, last %v", len(data), left, files[len(files)-1].Err)
	}
}

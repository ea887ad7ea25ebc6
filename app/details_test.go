package app_test

import (
	"strings"
	"testing"

	"rekey/app"
)

func TestParseDetails(t *testing.T) {
	got, _, err := app.ParseDetails([]byte("# mine\nphone: 05320000000 # with its zero\nname: AYŞE GÜL\nempty:\nnothing: ~\nyes: yes\naddress: |\n  a\n  b\nquoted: \"1: 2\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{"phone": "05320000000", "name": "AYŞE GÜL", "empty": "", "nothing": "", "yes": "yes", "address": "a\nb\n", "quoted": "1: 2"} {
		if got[field] != want {
			t.Errorf("%s is %q, want %q", field, got[field], want)
		}
	}
}

func TestBrokenAndHostileDetails(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 9) + "]\n"
	}
	for name, row := range map[string]struct{ text, says string }{
		"empty":              {"", "line 1"},
		"only a comment":     {"# nothing", "line 1"},
		"a list":             {"- a\n- b\n", "line 1"},
		"a word":             {"word", "line 1"},
		"nested":             {"a: 1\nphone:\n  home: 2\n", "line 3: phone must be one value"},
		"a list as value":    {"a: 1\nphone: [1, 2]\n", "line 2: phone must be one value"},
		"twice":              {"phone: 1\nname: x\nphone: 2\n", "line 3"},
		"no name":            {"a: 1\n: 2\n", "line"},
		"a strange name":     {"a: 1\n? [b]\n: 2\n", "line 2"},
		"alias":              {"a: &x 1\nb: *x\n", "line 2: b must be one value"},
		"merge":              {"a: &x {b: 1}\n<<: *x\n", "line 1"},
		"two documents":      {"a: 1\n---\nb: 2\n", "line 2: a second document"},
		"broken":             {"a: 1\nb: \"x\n", "line"},
		"tab":                {"a: 1\n\tb: 2\n", "line 2"},
		"a bomb of anchors":  {bomb, "line 1: a must be one value"},
		"deep":               {"a: " + strings.Repeat("[", 30000), "max depth"},
		"deep, closed":       {"a: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000), "line 1: a must be one value"},
		"long":               {"a: " + strings.Repeat("x", app.MaxDetails), "longer than"},
		"control characters": {"a: \x01", "control characters"},
		"not UTF-8":          {"a: \xff\xfe", "UTF-8"},
	} {
		got, _, err := app.ParseDetails([]byte(row.text))
		if app.KindOf(err) != app.BadInput || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %.200v, want %q; got %d fields", name, err, row.says, len(got))
		}
	}
}

func FuzzParseDetails(f *testing.F) {
	f.Add([]byte("a: 1\nb: [x]\n"))
	f.Add([]byte("a: &x {b: *x}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, _, err := app.ParseDetails(data); err != nil && app.KindOf(err) != app.BadInput {
			t.Error(err)
		}
	})
}

func TestParseDetailsWithRows(t *testing.T) {
	details, rows, err := app.ParseDetails([]byte("contact_name: A\nrows:\n- {full_name: Nguyễn Thị Ứng, phone: 0900000000}\n- full_name: B\n"))
	if err != nil || details["contact_name"] != "A" || len(rows) != 2 || rows[0]["phone"] != "0900000000" || rows[1]["full_name"] != "B" {
		t.Errorf("%v %v %v", details, rows, err)
	}
	for _, bad := range []string{"rows:\n- a\n", "rows:\n- {a: [1]}\n", "rows: []\nrows: []\n", "rows:\n- {a: 1, a: 2}\n"} {
		if _, _, err := app.ParseDetails([]byte(bad)); app.KindOf(err) != app.BadInput {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

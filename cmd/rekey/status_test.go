package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rekey/app/identity"
	"rekey/token/tokentest"
)

// alone runs the program without a card or an office: SoftHSM has an empty store.
func alone(t *testing.T, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	args = append([]string{"--store", filepath.Join(t.TempDir(), "store"), "--lang", "en"}, args...)
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "rekey"), args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	_ = cmd.Run()
	return result{out.String(), errOut.String(), cmd.ProcessState.ExitCode()}
}

func TestExitStatuses(t *testing.T) {
	module := tokentest.SoftHSM(t)
	dir := t.TempDir()
	text := filepath.Join(dir, "text.so")
	if err := os.WriteFile(text, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	with := func(args ...string) []string { return append([]string{"--module", module}, args...) }
	for _, row := range []struct {
		args   []string
		status int
		says   string // on the standard error or output
	}{
		{[]string{"dance"}, 2, `unknown command "dance"`},
		{[]string{"--dance"}, 2, "unknown flag: --dance"},
		{[]string{"renew", "--dance"}, 2, "unknown flag: --dance"},
		{[]string{"renew"}, 2, "--certificate or --case is needed"},
		{[]string{"renew", "--certificate"}, 2, "needs an argument"},
		{[]string{"renew", "x"}, 2, "unknown command"},
		{[]string{"renew", "--case", "x", "--certificate", "y"}, 2, "--case resumes"},
		{[]string{"renew", "--case", "x", "--route", "paper"}, 2, "--case resumes"},
		{[]string{"choose"}, 2, "accepts 1 arg"},
		{[]string{"check", "tckn"}, 2, "accepts 2 arg"},
		{[]string{"check", "shoe-size", "42"}, 2, "there are account, "},
		{[]string{"cases", "a", "b"}, 2, "at most 1"},
		{[]string{"form", "tr-kamusm-nes", "application"}, 2, "--out is needed"},
		{[]string{"sync", "x"}, 2, "unknown command"},
		{[]string{"--json=maybe", "sync"}, 2, "invalid argument"},

		{with("readers"), 0, "blank card"},
		{with("certificates"), 3, "It has no PIN and no keys yet"},
		{with("renew", "--certificate", strings.Repeat("0", 64)), 3, "no card in the readers"},
		{with("choose", strings.Repeat("0", 64)), 3, "no card in the readers"},
		{[]string{"--module", filepath.Join(dir, "none.so"), "certificates"}, 3, "none.so"},
		{[]string{"--module", filepath.Join(dir, "none.so"), "renew", "--certificate", strings.Repeat("0", 64)}, 3, "none.so"},
		{[]string{"--module", text, "certificates"}, 3, "text.so"},
		{[]string{"--module", filepath.Join(dir, "none.so"), "readers"}, 0, "none.so"},

		{with("cases"), 0, ""},
		{with("cases", "0000"), 1, `no case "0000"`},
		{with("renew", "--case", "0000"), 1, `no case "0000"`},
		{with("sync"), 0, "sent 0"},
		{with("--central", "http://office.example", "sync"), 1, "https is needed"},
		{with("--central", "http://127.0.0.1:1", "sync"), 5, "cannot be reached"},
		{with("--store", text, "cases"), 1, ""},
		{[]string{"--help"}, 0, "renew"},
		{[]string{"renew", "--help"}, 0, "--pin-stdin"},
	} {
		r := alone(t, row.args...)
		if r.status != row.status || !strings.Contains(r.err+r.out, row.says) {
			t.Errorf("rekey %s: exit status %d, want %d and %q\n%s%s", strings.Join(row.args, " "), r.status, row.status, row.says, r.out, r.err)
		}
		if strings.Contains(r.err, "goroutine ") || strings.Contains(r.err, "panic") {
			t.Errorf("rekey %s: %s", strings.Join(row.args, " "), r.err)
		}
	}
}

// One right and one wrong value for each kind; the numbers are made up or those of textbooks.
func TestCheckCommand(t *testing.T) {
	values := map[string]struct{ right, normal, wrong, rule string }{
		"tckn":             {"100 000 001 46", "10000000146", "10000000147", "tckn.digit-11"},
		"iban":             {"TR78 0001 0012 3138 0704 4450 01", "TR780001001231380704445001", "TR790001001231380704445001", "iban.check-digits"},
		"inn":              {"0012345673", "0012345673", "0012345674", "inn.check-digit"},
		"snils":            {"112-233-445 95", "11223344595", "11223344596", "snils.check-number"},
		"ogrn":             {"1260000000006", "1260000000006", "1260000000007", "ogrn.check-digit"},
		"ogrnip":           {"326000000000015", "326000000000015", "3260000000", "ogrnip.length"},
		"kpp":              {"990001001", "990001001", "9901001", "kpp.length"},
		"account":          {"", "", "x", "account.form"},
		"cccd":             {"001200000001", "001200000001", "1", "cccd.length"},
		"mst":              {"", "", "1", "mst.length"},
		"ir-national-code": {"", "", "1111111111", "ir-national-code.same-digits"},
		"ir-card-serial":   {"1A23456789", "1A23456789", "1", "ir-card-serial.length"},
		"ir-tracking-code": {"ABC12345", "ABC12345", "", "empty"},
		"phone":            {"0532 000 00 00", "", "abc", "phone.characters"},
		"email":            {"ayse.ornek@saglik.example", "ayse.ornek@saglik.example", "ayse", "email.at"},
	}
	type answer struct {
		Kind, Value, Rule, Reason string
		OK                        bool
	}
	for _, kind := range identity.Kinds() {
		v, ok := values[kind]
		if !ok {
			t.Errorf("no values for %s", kind)
			continue
		}
		if v.right != "" {
			r := alone(t, "check", kind, v.right, "--json")
			got := decode[answer](t, r.out)
			if r.status != 0 || !got.OK || got.Rule != "" || v.normal != "" && got.Value != v.normal {
				t.Errorf("check %s %q: exit status %d, %+v", kind, v.right, r.status, got)
			}
		}
		r := alone(t, "check", kind, v.wrong, "--json")
		if got := decode[answer](t, r.out); r.status != 1 || got.OK || got.Rule != v.rule || got.Reason == "" {
			t.Errorf("check %s %q: exit status %d, %+v, want the rule %s", kind, v.wrong, r.status, got, v.rule)
		}
		if text := alone(t, "check", kind, v.wrong); text.status != 1 || !strings.Contains(text.err, got(r.out)) {
			t.Errorf("check %s: the text does not say why: %s", kind, text.err)
		}
	}
}

// got is the reason in the JSON answer of "rekey check".
func got(out string) string {
	var a struct{ Reason string }
	_ = json.Unmarshal([]byte(out), &a)
	return a.Reason
}

func TestFormCommand(t *testing.T) {
	dir := t.TempDir()
	details := filepath.Join(dir, "details.yaml")
	if err := os.WriteFile(details, []byte("surname: ÇAĞLAYANÖRNEK\nnational_id: 10000000146\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	pdf := filepath.Join(dir, "form.pdf")
	form := []string{"form", "tr-kamusm-nes", "application", "--details", details, "--out", pdf}
	if r := alone(t, form...); r.status != 0 {
		t.Fatalf("exit status %d: %s", r.status, r.err)
	}
	judge(t, "No syntax or stream encoding errors", "qpdf", "--check", pdf)
	judge(t, "ÇAĞLAYANÖRNEK", "pdftotext", pdf, "-")
	before, _ := os.ReadFile(pdf)
	if r := alone(t, form...); r.status != 1 || !strings.Contains(r.err, "nothing is overwritten") {
		t.Errorf("overwrites: %d %s", r.status, r.err)
	}
	if after, _ := os.ReadFile(pdf); !bytes.Equal(before, after) {
		t.Error("the form that was there has changed")
	}
	bad := func(text string) string {
		path := filepath.Join(t.TempDir(), "bad.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, row := range map[string]struct {
		args []string
		says string
	}{
		"unknown procedure": {[]string{"form", "xx", "application"}, "xx"},
		"unknown form":      {[]string{"form", "tr-kamusm-nes", "will"}, "will"},
		"unknown field":     {[]string{"form", "tr-kamusm-nes", "application", "--details", bad("height: 2")}, `no field "height"`},
		"wrong number":      {[]string{"form", "tr-kamusm-nes", "application", "--details", bad("national_id: 10000000147")}, "national_id"},
		"broken YAML":       {[]string{"form", "tr-kamusm-nes", "application", "--details", bad("a: 1\na: 2")}, "line 2"},
		"no details file":   {[]string{"form", "tr-kamusm-nes", "application", "--details", filepath.Join(dir, "none.yaml")}, "none.yaml"},
		"endless details":   {[]string{"form", "tr-kamusm-nes", "application", "--details", "/dev/zero"}, "longer than"},
	} {
		out := filepath.Join(dir, "never.pdf")
		r := alone(t, append(row.args, "--out", out)...)
		if _, err := os.Stat(out); r.status != 1 || !strings.Contains(r.err, row.says) || err == nil {
			t.Errorf("%s: exit status %d, %s", name, r.status, r.err)
		}
	}
	if r := alone(t, "form", "tr-kamusm-nes", "application", "--out", filepath.Join(dir, "no", "folder", "x.pdf")); r.status != 1 {
		t.Errorf("a folder that is not there: %d %s", r.status, r.err)
	}
}

// names lists the names in a JSON text, with their paths.
func names(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, value := range v {
				all = append(all, path+name)
				walk(path+name+".", value)
			}
		case []any:
			for _, value := range v {
				walk(path, value)
			}
		}
	}
	walk("", decode[any](t, text))
	slices.Sort(all)
	return slices.Compact(all)
}

func wantNames(t *testing.T, what, text, want string) {
	t.Helper()
	if got := strings.Join(names(t, text), " "); got != want {
		t.Errorf("%s has the names\n%s\nwant\n%s", what, got, want)
	}
}

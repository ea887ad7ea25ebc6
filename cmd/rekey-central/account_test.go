package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/accounts"
	"rekey/cmd/rekey-central/data/datatest"
)

// add makes an account with the command and gives its ID and key.
func add(t *testing.T, args ...string) (id, key string) {
	t.Helper()
	out := mustDo(t, append([]string{"account", "add"}, args...)...)
	if _, err := fmt.Sscanf(out, "account %s\nkey %s\n", &id, &key); err != nil {
		t.Fatalf("%v: %q", err, out)
	}
	return id, key
}

func as(t *testing.T, base, key string) (status int, me central.Me) {
	t.Helper()
	status, body := send(t, "GET", base+"/v1/me", nil, "Authorization", "Bearer "+key)
	if err := json.Unmarshal(body, &me); err != nil {
		t.Errorf("%v %s", err, body)
	}
	return status, me
}

// Accounts with the server and without it, in a folder and in a PostgreSQL.
func TestAccountCommands(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		dir := filepath.Join(t.TempDir(), "office")
		where := []string{"--data", dir}
		if database != "" {
			where = []string{"--database", database}
		}
		id, key := add(t, append(where, "--role", "clerk", "--organisation", "Clinic 1", "--name", "Ayşe Örnek")...)
		serve := command(t, "serve", "--data", dir, "--admit", "known")
		serve.Env = append(serve.Env, databaseVariable+"="+database) // no password on the command line
		p := startCommand(t, serve)
		if status, me := as(t, p.base, key); status != 200 || me != (central.Me{Account: id, Role: "clerk", Organisation: "Clinic 1", Name: "Ayşe Örnek"}) {
			t.Errorf("%d %+v", status, me)
		}
		if status, _ := as(t, p.base, clientKey); status != 401 {
			t.Errorf("an unknown key: %d", status)
		}
		officer, officerKey := add(t, append(where, "--role", "officer")...) // while the server runs
		if status, _ := send(t, "GET", p.base+"/v1/audit", nil, "Authorization", "Bearer "+officerKey); status != 200 {
			t.Errorf("the new officer: %d", status)
		}
		if out := mustDo(t, append([]string{"account", "disable", id}, where...)...); strings.TrimSpace(out) != id+" disabled" {
			t.Error(out)
		}
		if status, _ := as(t, p.base, key); status != 403 {
			t.Errorf("disabled: %d", status)
		}
		checkLists(t, where, id, officer)
		if out := mustDo(t, append([]string{"account", "enable", id}, where...)...); out != id+" enabled\n" {
			t.Error(out)
		}
		if status, me := as(t, p.base, key); status != 200 || me.Account != id {
			t.Errorf("enabled: %d %+v", status, me)
		}
		mustDo(t, append([]string{"account", "disable", id}, where...)...)
		if status, _, complaint := do(t, append([]string{"account", "disable", "nobody"}, where...)...); status != exitFailed || !strings.Contains(complaint, "no such account") {
			t.Errorf("%d %s", status, complaint)
		}
		if status, _, complaint := do(t, append([]string{"account", "add", "--role", "boss"}, where...)...); status != exitFailed || !strings.Contains(complaint, "want one of") {
			t.Errorf("%d %s", status, complaint)
		}
		if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = p.cmd.Wait()
		checkLists(t, where, id, officer)
	})
	if status, _, complaint := do(t, "account", "list"); status != exitFailed || !strings.Contains(complaint, "--data DIR or --database") {
		t.Errorf("%d %s", status, complaint)
	}
}

// checkLists wants the same lists, whoever has the data.
func checkLists(t *testing.T, where []string, clerk, officer string) {
	t.Helper()
	var list central.Page[accounts.Account]
	if err := json.Unmarshal([]byte(mustDo(t, append([]string{"account", "list", "--json"}, where...)...)), &list); err != nil || len(list.Items) != 2 {
		t.Fatalf("%v %+v", err, list)
	}
	if a, b := list.Items[0], list.Items[1]; a.ID != clerk || !a.Disabled || a.Name != "Ayşe Örnek" || b.ID != officer || b.Disabled {
		t.Errorf("%+v", list.Items)
	}
	if out := mustDo(t, append([]string{"account", "list"}, where...)...); !strings.Contains(out, "Clinic 1") || !strings.Contains(out, "disabled") {
		t.Error(out)
	}
	if out := mustDo(t, append([]string{"audit"}, where...)...); !strings.Contains(out, "addAccount") || strings.Contains(out, "rnek") {
		t.Error(out)
	}
	for after, want := range map[string]int{"0": 2, "1": 1, "2": 0} {
		var audit central.Page[central.AuditEntry]
		if err := json.Unmarshal([]byte(mustDo(t, append([]string{"audit", "--json", "--after", after}, where...)...)), &audit); err != nil {
			t.Fatal(err)
		}
		added := 0
		for _, e := range audit.Items {
			if e.Did == "addAccount" && e.Outcome == 200 && e.Account == "officer" {
				added++
			}
		}
		if added != want {
			t.Errorf("%d accounts were added after %s, want %d: %+v", added, after, want, audit)
		}
	}
}

// Several servers on one PostgreSQL know the same people.
func TestTwoServers(t *testing.T) {
	database, dir := datatest.Database(t), t.TempDir()
	_, key := add(t, "--database", database, "--role", "holder")
	for i := range 2 {
		p := startServer(t, filepath.Join(dir, fmt.Sprint(i)), "--database", database, "--admit", "known")
		if status, me := as(t, p.base, key); status != 200 || me.Role != "holder" {
			t.Errorf("%d %+v", status, me)
		}
	}
}

// What clients handed in before there were accounts is still theirs: the account of a key is its SHA-256.
func TestOlderClients(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	_, request := pkcs10(t)
	p := startServer(t, dir)
	id := handIn(t, p.base, "generic", request)
	p.kill(t)
	p = startServer(t, dir, "--admit", "known") // nobody new, but whoever is known
	if status, body := send(t, "GET", p.base+"/v1/cases/"+id, nil); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := as(t, p.base, strings.Repeat("new-", 10)); status != 401 {
		t.Errorf("a new key: %d", status)
	}
}

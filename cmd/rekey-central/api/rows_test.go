package api

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"rekey/app/central"
)

// columns makes a row of n columns.
func columns(n int) map[string]string {
	row := map[string]string{}
	for i := range n {
		row[fmt.Sprintf("column %d", i)] = "x"
	}
	return row
}

func TestRowsAreKept(t *testing.T) {
	b := start(t, t.TempDir())
	s := submission(t, "generic")
	s.Rows = []map[string]string{{"name": "Ayşe Örnek", "note": "first\nsecond"}, {}, columns(40), {"long": strings.Repeat("ş", 1000)}}
	b.want(201, b.submit(ownerKey, "k1", s))
	b.want(200, b.submit(ownerKey, "k2", s))
	for _, key := range []string{ownerKey, b.officer} {
		if c := read[central.Case](t, b.want(200, b.ask(key, "GET", "/v1/cases/"+s.ID, nil))); !reflect.DeepEqual(c.Rows, s.Rows) || c.Version != 1 {
			t.Errorf("got %+v", c)
		}
	}
	s.Rows[1]["name"] = "Deniz Örnek"
	if c := read[central.Case](t, b.want(200, b.submit(ownerKey, "k3", s))); c.Version != 2 || c.Rows[1]["name"] != "Deniz Örnek" {
		t.Errorf("got %+v", c)
	}
	most := submission(t, "generic")
	for range 500 {
		most.Rows = append(most.Rows, map[string]string{"name": "x"})
	}
	b.want(201, b.submit(ownerKey, "k4", most))
}

// No rows, an empty table and null are the same submission.
func TestNoRows(t *testing.T) {
	b := start(t, t.TempDir())
	s := submission(t, "generic")
	first := b.want(201, b.submit(ownerKey, "k", s))
	if strings.Contains(string(first.body), "rows") {
		t.Errorf("got %s", first.body)
	}
	at := s.CreatedAt.Format("2006-01-02T15:04:05.999999999Z07:00")
	for _, rows := range []string{"[]", "null"} {
		body := fmt.Sprintf(`{"id":%q,"procedure":"generic","reason":"renewal","route":"e-signed","holder":"Ayşe Örnek","details":{"phone":"05000000000"},"rows":%s,"created_at":%q}`, s.ID, rows, at)
		b.want(201, b.ask(ownerKey, "POST", "/v1/cases", []byte(body), "Content-Type", "application/json", "Idempotency-Key", "k"))
	}
	for _, rows := range []string{`{}`, `[[]]`, `["x"]`, `[{"a":1}]`, `[{"a":null}, 7]`} {
		b.want(400, b.bad().ask(ownerKey, "POST", "/v1/cases", []byte(`{"rows":`+rows+`}`), "Content-Type", "application/json", "Idempotency-Key", "r"))
	}
}

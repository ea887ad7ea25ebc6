package office

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"rekey/app/central"
)

// Limits of a submission. The OpenAPI file says the same.
const (
	maxWord      = 64   // characters of procedure, reason, route, kind
	maxHolder    = 300  // characters
	maxDetails   = 200  // entries
	maxDetailKey = 100  // characters
	maxDetail    = 4000 // characters
	maxRows      = 500  // rows of the table
	maxColumns   = 40   // of one row
	maxColumn    = 100  // characters of the name of a column
	maxValue     = 1000 // characters of a value in a row
	maxDocuments = 50   // documents of one case
	maxName      = 200  // characters of a file name
	maxWhy       = 2000 // characters of the reason of a return
)

var (
	patternSHA256 = regexp.MustCompile(`^[0-9a-f]{64}$`)
	patternWord   = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)
)

// IsSHA256 tells whether s is a SHA-256 in lower-case hex.
func IsSHA256(s string) bool { return patternSHA256.MatchString(s) }

// IsCaseID tells whether s is a UUID of version 7 in its usual form, lower case.
func IsCaseID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.Version() == 7 && id.String() == s
}

// normal gives equal submissions an equal JSON form.
func normal(s central.Submission) central.Submission {
	if s.Details == nil {
		s.Details = map[string]string{}
	}
	if len(s.Rows) == 0 {
		s.Rows = nil
	}
	s.Rows = slices.Clone(s.Rows)
	for i := range s.Rows {
		if s.Rows[i] == nil {
			s.Rows[i] = map[string]string{}
		}
	}
	if s.Documents == nil {
		s.Documents = []central.Document{}
	}
	s.CreatedAt = s.CreatedAt.UTC()
	return s
}

// check refuses what cannot be a submission; the error says which field and why.
func check(s central.Submission) error {
	if !IsCaseID(s.ID) {
		return invalid("id: want a UUID of version 7, lower case")
	}
	words := []struct{ field, value string }{{"procedure", s.Procedure}, {"reason", s.Reason}, {"route", s.Route}}
	for _, w := range words {
		if len(w.value) > maxWord || !patternWord.MatchString(w.value) {
			return invalid("%s: want 1 to %d of a-z, 0-9, - and _", w.field, maxWord)
		}
	}
	if !isLine(s.Holder, maxHolder) {
		return invalid("holder: want one line of 1 to %d characters", maxHolder)
	}
	if s.CreatedAt.IsZero() {
		return invalid("created_at: is missing")
	}
	if len(s.Details) > maxDetails {
		return invalid("details: at most %d entries", maxDetails)
	}
	for key, value := range s.Details {
		if !isLine(key, maxDetailKey) || utf8.RuneCountInString(value) > maxDetail {
			return invalid("details: a key has 1 to %d characters, a value at most %d", maxDetailKey, maxDetail)
		}
	}
	if err := checkRows(s.Rows); err != nil {
		return err
	}
	return checkDocumentList(s.Documents)
}

func checkDocumentList(list []central.Document) error {
	if len(list) > maxDocuments {
		return invalid("documents: at most %d", maxDocuments)
	}
	for i, d := range list {
		if err := checkDocument(i, d); err != nil {
			return err
		}
	}
	return nil
}

// checkRows looks at the table of a list. Rows are counted from 0, as in JSON.
func checkRows(rows []map[string]string) error {
	if len(rows) > maxRows {
		return invalid("rows: at most %d", maxRows)
	}
	for i, row := range rows {
		if len(row) > maxColumns {
			return invalid("rows[%d]: at most %d columns", i, maxColumns)
		}
		for _, name := range slices.Sorted(maps.Keys(row)) {
			if !isLine(name, maxColumn) {
				return invalid("rows[%d]: the name of a column is one line of 1 to %d characters", i, maxColumn)
			}
			if utf8.RuneCountInString(row[name]) > maxValue {
				return invalid("rows[%d].%s: at most %d characters", i, name, maxValue)
			}
		}
	}
	return nil
}

func checkDocument(i int, d central.Document) error {
	switch {
	case len(d.Kind) > maxWord || !patternWord.MatchString(d.Kind):
		return invalid("documents[%d].kind: want 1 to %d of a-z, 0-9, - and _", i, maxWord)
	case !isLine(d.Name, maxName) || strings.ContainsAny(d.Name, `/\`) || d.Name == "." || d.Name == "..":
		return invalid("documents[%d].name: want a file name of 1 to %d characters, without a folder", i, maxName)
	case !IsSHA256(d.SHA256):
		return invalid("documents[%d].sha256: want 64 hex digits, lower case", i)
	case d.Size < 1 || d.Size > central.MaxDocument:
		return invalid("documents[%d].size: want 1 to %d bytes", i, central.MaxDocument)
	}
	return nil
}

// isLine: some text without line breaks and other control characters.
func isLine(s string, most int) bool {
	return strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= most &&
		strings.IndexFunc(s, unicode.IsControl) < 0
}

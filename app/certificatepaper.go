package app

import (
	"encoding/json"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"rekey/app/register"
)

// formCertificate is the form that prints the new certificate: it can only be laid out when there is one.
const formCertificate = "certificate-paper"

// certificateRows gives everything that a certificate says as rows of the paper form in the office's language: a section, or a
// label with value or hex.
func (a *App) certificateRows(language string, cert register.Certificate) ([]map[string]string, error) {
	l, err := readPaperLanguage(a.assets, language)
	if err != nil {
		return nil, err
	}
	var rows []map[string]string
	for _, s := range register.Details(l, cert, a.now()) {
		rows = append(rows, map[string]string{"section": s.Title})
		for _, r := range s.Rows {
			if r.ID == "days-left" || r.ID == "qualified" {
				continue // true today only, and our own reading
			}
			row := map[string]string{"label": r.Name, "value": r.Value}
			if r.OID != "" {
				row["label"] += " (" + r.OID + ")"
			}
			if r.ID == "key-value" || r.ID == "signature-value" {
				row["hex"], row["value"] = strings.Join(strings.Fields(r.Value), ""), ""
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// paperLanguage writes for a printed certificate: the words are the window's, a moment is exact and carries its zone.
type paperLanguage map[string]json.RawMessage

// readPaperLanguage reads the texts of a language. Source of the Russian ones: domain/russia.md §2.4 and §3.1.
func readPaperLanguage(assets fs.FS, language string) (paperLanguage, error) {
	data, err := fs.ReadFile(assets, "lang/"+language+".json")
	if err != nil {
		return nil, err
	}
	var words paperLanguage
	err = json.Unmarshal(data, &words)
	return words, err
}

// Text implements register.Language.
func (l paperLanguage) Text(key, english string) string {
	var text string
	if json.Unmarshal(l[key], &text) != nil {
		return english
	}
	return text
}

// Moment implements register.Language.
func (paperLanguage) Moment(t time.Time) string {
	return t.Local().Format("02.01.2006 15:04:05 -07:00")
}

// Number implements register.Language.
func (paperLanguage) Number(n int) string { return strconv.Itoa(n) }

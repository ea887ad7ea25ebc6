package app

import (
	"encoding/pem"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rekey/app/register"
	"rekey/assets"
)

// The paper form of a Russian certificate names everything in Russian, and gives moments with their zone.
func TestCertificateRowsInTheOfficesLanguage(t *testing.T) {
	text, err := os.ReadFile("register/testdata/gost.pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	a := &App{assets: assets.Files, now: time.Now}
	rows, err := a.certificateRows("ru", register.Parse(block.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	var sections, labels []string
	for _, row := range rows {
		name, oid, _ := strings.Cut(row["section"]+row["label"], " (")
		if !strings.ContainsAny(name, "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДИНКОСТУЭ") && name != "SHA-256" && name != "SHA-1" && name != "Email" && name != "E-mail" && name != "OCSP" {
			t.Errorf("not Russian: %q (%s", name, oid)
		}
		if row["section"] != "" {
			sections = append(sections, name)
		}
		labels = append(labels, name)
		if name == "Действителен с" {
			if _, err := time.Parse("02.01.2006 15:04:05 -07:00", row["value"]); err != nil {
				t.Error(err)
			}
		}
		if name == "Значение подписи" && (row["hex"] == "" || row["value"] != "") {
			t.Errorf("the signature is not bytes: %v", row)
		}
	}
	if !slices.Contains(sections, "Владелец") || !slices.Contains(labels, "Действителен с") || !slices.Contains(labels, "Значение подписи") || slices.Contains(labels, "Осталось дней") {
		t.Errorf("%q", labels)
	}
	if _, err := a.certificateRows("xx", register.Parse(block.Bytes)); err == nil {
		t.Error("a language without texts printed something")
	}
}

package form

import (
	"fmt"
	"strings"
	"testing"
)

// TestTablesOverPages: from no row to a hundred, each page with rows has the head, each row is there once and in order,
// and the signature never stands on a page without a row.
func TestTablesOverPages(t *testing.T) {
	fonts := testFonts(t)
	for _, number := range []string{"01", "05", "06"} {
		for rows := 0; rows <= 100; rows += 1 + rows/12 {
			in := vietnamese(t, fonts, number, rows)
			for i := range in.Rows {
				in.Rows[i]["device_number"] = fmt.Sprintf("GCA-%d-x", i)
				in.Rows[i]["certificate_name"] = strings.Repeat("Đặng ", 1+i%5)
				in.Rows[i]["full_name"] = fmt.Sprintf("GCA-%d-x", i)
			}
			next := 0
			all := pageTexts(t, in)
			for i, page := range all {
				text := strings.Join(page, "\n")
				onPage := strings.Count(text, "GCA-")
				for range onPage {
					if want := fmt.Sprintf("GCA-%d-x", next); strings.Count(text, want) != 1 {
						t.Fatalf("form %s, %d rows: page %d has no row %d", number, rows, i+1, next)
					}
					next++
				}
				if onPage > 0 && !strings.Contains(text, "STT") {
					t.Fatalf("form %s, %d rows: page %d has rows and no head", number, rows, i+1)
				}
				if strings.Contains(text, "Nơi nhận") && rows > 0 && onPage == 0 {
					t.Fatalf("form %s, %d rows: the signature is alone on page %d", number, rows, i+1)
				}
			}
			if next != rows {
				t.Fatalf("form %s: %d rows in, %d out", number, rows, next)
			}
		}
	}
}

// TestHugeRow: a row that no page can hold is cut and goes on, and nothing is lost.
func TestHugeRow(t *testing.T) {
	in := vietnamese(t, testFonts(t), "05", 3)
	in.Rows[1]["revocation_reason"] = long("lý", 4000)
	pdf := render(t, in)
	insideMargins(t, pdf, in)
	checkAll(t, "reason", plain(judge(t, pdf, "pdftotext", "PDF", "-")), in.Rows[1]["revocation_reason"])
}

// TestGroupedHead: the two lines of the head of form 06.
func TestGroupedHead(t *testing.T) {
	text := pdfText(t, render(t, vietnamese(t, testFonts(t), "06", 1)))
	group, column := strings.Index(text, "Thông tin của thuê bao"), strings.Index(text, "Cơ quan công tác")
	if group < 0 || column < group {
		t.Error(text)
	}
}

// TestWithoutRows: empty rows for the pen.
func TestWithoutRows(t *testing.T) {
	text := strings.Join(pageTexts(t, vietnamese(t, testFonts(t), "02", 0))[0], "\n")
	if !strings.Contains(text, "\n5\n") || strings.Contains(text, "\n6\n") {
		t.Error(text)
	}
}

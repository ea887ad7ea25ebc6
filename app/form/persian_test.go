package form

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// unmarked drops the invisible marks that pdftotext sets around a direction.
func unmarked(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e {
			return -1
		}
		return r
	}, s)
}

// TestPersianText: what is drawn from right to left in joined letters comes back in the order in which it is written.
func TestPersianText(t *testing.T) {
	in := persianForm(t, testFonts(t), "referral")
	in.Details["register_office"] = "لالهٔ علی‌آباد"
	text := unmarked(judge(t, render(t, in), "pdftotext", "PDF", "-"))
	for _, want := range []string{
		"سازمان تأمین اجتماعی", "سلام علیکم", "اطلاعات ثبت شده", "اقدام لازم", "گچ‌کار", "پژمان", "دریافت‌شده", "علی‌آباد",
		"۱۴۰۵/۰۸/۳۰", "۰۰۱۸۴۶۵۹۸۶", "1G23456789", "2026-000151", "زهره آقاخانی", "مغایرت", "Rekey",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestPersianNameElsewhere: a form of another language prints a Persian name too, and the Latin text around it stays.
func TestPersianNameElsewhere(t *testing.T) {
	in := generic(t, testFonts(t))
	in.Details["name"] = "Pezhman (پژمان گچ‌کار) 12"
	pdf := render(t, in)
	insideMargins(t, pdf, in)
	text := unmarked(pdfText(t, pdf))
	for _, want := range []string{"Pezhman", "پژمان گچ‌کار", "Application for a new certificate"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestPersianIsJoined: a letter in the middle of a word is drawn by another glyph than at its end.
func TestPersianIsJoined(t *testing.T) {
	l := newLayout(persianForm(t, testFonts(t), "cover-sheet"))
	glyphs := l.set("ببب", regular).runs[0].Glyphs
	if len(glyphs) != 3 || glyphs[0].ID == glyphs[1].ID || glyphs[1].ID == glyphs[2].ID || glyphs[0].ID == glyphs[2].ID {
		t.Errorf("glyphs %+v", glyphs)
	}
	apart := l.set("ب\u200cب", regular).runs[0].Glyphs
	if len(apart) != 3 || apart[0].ID != apart[2].ID || apart[1].Advance != 0 || apart[1].Text != "\u200c" {
		t.Errorf("kept apart: %+v", apart)
	}
}

// TestLevels compares with fribidi.
func TestLevels(t *testing.T) {
	for _, text := range []string{
		"abc", "سلام", "سلام abc دنیا", "abc سلام 123 def", "abc سلام 123-456 def", "تاریخ: ۱۴۰۵/۰۸/۳۰", "شماره: 2026-000151",
		"کد 12% و +98 21", "a (سلام) b", "سلام (abc) دنیا", "پژمان گچ‌کار", "قیمت $12.50 است", "12 ab سلام 3,4 - 5", "مُحَمَّد x", "«الف» و «ب»",
		"1G23456789 سریال", "...", "الف/ب 1/2 a/b",
	} {
		for base, flag := range []string{"--ltr", "--rtl"} {
			cmd := exec.Command("fribidi", "--charset", "UTF-8", flag, "--levels", "--nopad", "--nobreak")
			cmd.Stdin = strings.NewReader(text + "\n")
			out, err := cmd.Output()
			if err != nil {
				t.Fatal("fribidi: ", err)
			}
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			want := strings.TrimSpace(lines[len(lines)-1])
			if got := strings.Trim(fmt.Sprint(levels([]rune(text), base)), "[]"); got != want {
				t.Errorf("%q %s: levels %s, fribidi says %s", text, flag, got, want)
			}
		}
	}
}

// TestIsolate: a number keeps its order, and the line around it does not see it.
func TestIsolate(t *testing.T) {
	got := fmt.Sprint(levels([]rune("ب \u20662026-1\u2069 پ"), 1))
	if want := "[1 1 2 2 2 2 2 2 2 2 1 1]"; got != want {
		t.Errorf("levels %s, want %s", got, want)
	}
}

// TestLongPersianWord: letters without a space are broken over lines and pages, all of them are there, and it does not take
// a minute.
func TestLongPersianWord(t *testing.T) {
	in := persianForm(t, testFonts(t), "referral")
	in.Details["mismatch_note"] = strings.Repeat("بپ", 10000)
	pdf := render(t, in)
	judge(t, pdf, "qpdf", "--check", "PDF")
	insideMargins(t, pdf, in)
	if got := strings.Count(judge(t, pdf, "pdftotext", "PDF", "-"), "پ"); got < 10000 {
		t.Errorf("%d of 10000 letters", got)
	}
}

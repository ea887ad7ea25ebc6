package esign

import (
	"bytes"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-text/typesetting/font"
)

func fonts(t testing.TB) *Fonts {
	t.Helper()
	var files [][]byte
	for _, name := range []string{"NotoSans-Regular.ttf", "Vazirmatn-Regular.ttf"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "assets", "fonts", name))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, data)
	}
	f, err := NewFonts(files...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func signVisibly(t *testing.T, h holder, pdf []byte, a Appearance) []byte {
	t.Helper()
	a.Fonts = fonts(t)
	h.card.calls = 0
	r, err := SignWith(context.Background(), pdf, h.card, h.cert, Options{Appearance: &a})
	if err != nil {
		t.Fatal(err)
	}
	if h.card.calls != 1 || r.Level != LevelBB {
		t.Fatalf("%d calls, level %s", h.card.calls, r.Level)
	}
	return r.PDF
}

// ink gives the share of dark pixels in a rectangle of a page, in millimetres from the top left corner.
func ink(t *testing.T, pdf []byte, page string, x, y, w, h float64) float64 {
	t.Helper()
	picture := filepath.Join(t.TempDir(), "page")
	judge(t, "pdftoppm", "-r", "254", "-gray", "-png", "-singlefile", "-f", page, "-l", page, save(t, "in.pdf", pdf), picture)
	data, err := os.ReadFile(picture + ".png")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	dark, all := 0, 0
	for py := int(y * 10); py < int((y+h)*10); py++ { // 10 pixels a millimetre
		for px := int(x * 10); px < int((x+w)*10); px++ {
			all++
			if r, _, _, _ := img.At(px, py).RGBA(); r < 0x8000 {
				dark++
			}
		}
	}
	return float64(dark) / float64(all)
}

func TestNamesOfAllScriptsAreDrawnInTheirPlace(t *testing.T) {
	for _, name := range []string{
		"Dr. ŞULE (ÇIĞIR) ÖĞÜTÇÜ", "Щукина Жанна Ёлкина", "Nguyễn Thị Phượng Ửng", "محمدرضا گل‌چین پژوهنده", "Plain \\ (Name",
	} {
		h := newHolder(t, "ec-p256", name)
		pdf := form(t, true)
		const x, y, w, hh = 110, 230, 75, 14
		signed := signVisibly(t, h, pdf, Appearance{Page: 2, X: x, Y: y, W: w, H: hh})
		path := save(t, "visible.pdf", signed)
		judge(t, "qpdf", "--check", path)
		if said := judge(t, "pdfsig", "-nocert", path); !strings.Contains(said, "Signature is Valid") {
			t.Errorf("%s: %s", name, said)
		}
		if share := ink(t, signed, "2", x, y, w, hh); share < 0.01 || share > 0.3 {
			t.Errorf("%s: %.3f of the place is dark", name, share)
		}
		around := ink(t, signed, "2", x-5, y-5, w+10, hh+10)*(w+10)*(hh+10) - ink(t, signed, "2", x, y, w, hh)*w*hh
		if around > 0.5 {
			t.Errorf("%s: %.2f mm² are drawn beside the place", name, around)
		}
		if ink(t, signed, "1", x, y, w, hh) > 0 {
			t.Errorf("%s: the first page was drawn on", name)
		}
		if dir := os.Getenv("REKEY_PICTURES"); dir != "" { // to be looked at
			_ = os.WriteFile(filepath.Join(dir, name[:4]+".pdf"), signed, 0o600)
		}
		found, err := Verify(signed)
		if err != nil || len(found) != 1 || found[0].SignerName != name {
			t.Errorf("%+v %v", found, err)
		}
	}
}

// Persian letters join, and the word begins at the right.
func TestPersianIsShaped(t *testing.T) {
	f := fonts(t)
	word, err := f.shape("محمد")
	if err != nil {
		t.Fatal(err)
	}
	line := word.lines(1 << 20)[0]
	joined := map[font.GID]bool{}
	for _, g := range line[0].Glyphs {
		joined[g.GlyphID] = true
	}
	alone, err := f.shape("م")
	if err != nil {
		t.Fatal(err)
	}
	if len(joined) != 4 || joined[alone.runs[0].Glyphs[0].GlyphID] { // four forms of three letters, none of them the lonely one
		t.Errorf("the letters are not joined: %v", joined)
	}
	if last := line[0].Glyphs[len(line[0].Glyphs)-1]; last.ClusterIndex != 0 {
		t.Errorf("the glyph at the right is of letter %d", last.ClusterIndex)
	}
}

func TestOfficerSignsVisiblyBesideTheHolder(t *testing.T) {
	doctor, officer := newHolder(t, "rsa-2048", "Şükrü Iğdır"), newHolder(t, "ec-p384", "Щербакова Юлия")
	first := signVisibly(t, doctor, form(t, true), Appearance{Page: 2, X: 20, Y: 230, W: 70, H: 14})
	second := signVisibly(t, officer, first, Appearance{Page: 2, X: 110, Y: 230, W: 70, H: 14, Note: "одобрено 21.11.2026"})
	if !bytes.HasPrefix(second, first) {
		t.Fatal("the first signature was touched")
	}
	path := save(t, "both.pdf", second)
	judge(t, "qpdf", "--check", path)
	said := judge(t, "pdfsig", "-nocert", path)
	if strings.Count(said, "Signature is Valid") != 2 || !strings.Contains(said, "Şükrü") || !strings.Contains(said, "Щербакова") {
		t.Errorf("pdfsig: %s", said)
	}
	for _, x := range []float64{20, 110} {
		if ink(t, second, "2", x, 230, 70, 14) < 0.01 {
			t.Errorf("nothing is drawn at %.0f mm", x)
		}
	}
	opensslAccepts(t, doctor, second)
}

func TestLongNamesGetSmaller(t *testing.T) {
	long := strings.Repeat("Müzeyyen Şükriye ", 8)
	h := newHolder(t, "ec-p256", "Long", func(c *x509.Certificate) { c.Subject = pkix.Name{CommonName: "Long"} })
	signed := signVisibly(t, h, form(t, true), Appearance{Page: 1, X: 100, Y: 100, W: 70, H: 14, Name: long})
	if ink(t, signed, "1", 100, 100, 70, 14) < 0.02 {
		t.Error("nothing is drawn")
	}
}

func TestImpossibleAppearancesNeverReachTheCard(t *testing.T) {
	h := newHolder(t, "ec-p256", "Holder")
	f := fonts(t)
	for what, a := range map[string]Appearance{
		"no such page":   {Page: 3, W: 50, H: 10, Fonts: f},
		"page 0":         {W: 50, H: 10, Fonts: f},
		"off the page":   {Page: 1, X: 180, Y: 10, W: 50, H: 10, Fonts: f},
		"no area":        {Page: 1, X: 10, Y: 10, W: 50, Fonts: f},
		"no fonts":       {Page: 1, X: 10, Y: 10, W: 50, H: 10},
		"unknown letter": {Page: 1, X: 10, Y: 10, W: 50, H: 10, Fonts: f, Name: "山田"},
		"too long":       {Page: 1, X: 10, Y: 10, W: 20, H: 5, Fonts: f, Name: strings.Repeat("long name ", 30)},
	} {
		h.card.calls = 0
		_, err := SignWith(context.Background(), form(t, true), h.card, h.cert, Options{Appearance: &a, At: time.Now()})
		if kind := KindOf(err); kind != KindAppearance && (kind != KindPDF || what != "no such page") || h.card.calls != 0 {
			t.Errorf("%s: %v, %d calls", what, err, h.card.calls)
		}
	}
}

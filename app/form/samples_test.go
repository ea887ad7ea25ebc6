package form

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var assets = filepath.Join("..", "..", "assets")

func testFonts(t testing.TB) *Fonts {
	t.Helper()
	fonts, err := LoadFonts(os.DirFS(filepath.Join(assets, "fonts")))
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

func testForm(t testing.TB, id string) *Form {
	t.Helper()
	f, err := LoadID(os.DirFS(filepath.Join(assets, "forms")), id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// publicKey gives the SPKI of a fixed EC P-256 point (the curve's base point) and its SHA-256.
func publicKey(t testing.TB) (der []byte, fingerprint string) {
	t.Helper()
	p := elliptic.P256().Params()
	return spki(t, &ecdsa.PublicKey{Curve: elliptic.P256(), X: p.Gx, Y: p.Gy})
}

// rsaKey is an SPKI of RSA-2048 size; nobody has to be able to use it.
func rsaKey(t testing.TB) (der []byte, fingerprint string) {
	t.Helper()
	n := new(big.Int).Lsh(big.NewInt(1), 2047)
	return spki(t, &rsa.PublicKey{N: n.Add(n, big.NewInt(12345)), E: 65537})
}

func spki(t testing.TB, key any) ([]byte, string) {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	return der, hex.EncodeToString(sum[:])
}

// turkish is the form of a doctor who does not exist, with the test number 10000000146.
func turkish(t testing.TB, fonts *Fonts) Input {
	return Input{
		Form: testForm(t, "tr-kamusm-nes.application"), Fonts: fonts,
		Copies: 2, Case: "2026-000147", Route: RoutePaper, Reason: "renewal",
		Date: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC),
		Details: map[string]string{
			"national_id": "10000000146", "given_name": "İpek Şule", "surname": "Işıkoğlu",
			"birth_place": "Çağlayan", "birth_date": "14.03.1984", "phone": "+90 500 000 00 00",
			"institution": "Örnek İli Aile Sağlığı Merkezi", "unit": "3 No’lu Aile Hekimliği Birimi", "title": "Aile Hekimi",
			"email":   "ipek.isikoglu@ornek.example",
			"address": "Gülbahçe Mah. Şeftali Sok. No: 7 D: 3\n00000 Örnekşehir", "security_word": "GİZLİSÖZCÜK",
		},
		Certificate: map[string]string{
			"holder": "İPEK ŞULE IŞIKOĞLU", "issuer": "Demo NES Hizmet Sağlayıcısı",
			"serial": "4f:02:9a:11:7c:d8:03:e5", "valid_until": "14.12.2026",
		},
		KeyAlgorithm: "RSA 2048",
	}
}

// russian is the form of an organisation of region 00, which does not exist.
func russian(t testing.TB, fonts *Fonts) Input {
	der, fingerprint := publicKey(t)
	return Input{
		Form: testForm(t, "ru-vipnet-tfoms.application"), Fonts: fonts,
		Copies: 1, Case: "2026-000148", Route: RouteTransport, Reason: "renewal",
		Date: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC),
		Details: map[string]string{
			"organisation": "Государственное бюджетное учреждение здравоохранения «Щёлоковская районная больница имени Ёлкина»",
			"inn_le":       "0012345673", "ogrn": "1020001234560",
			"region": "00 Примерная область", "city": "г. Щёлоково", "street": "ул. Объездная, д. 1",
			"surname": "Щукина", "given_name": "Юлия Артёмовна", "position": "Главный врач", "basis": "Устав",
			"snils": "11223344595", "email": "priem@shchelokovo.example", "phone": "+7 000 000-00-00",
		},
		Certificate:  map[string]string{"serial": "01 A2 7F 33 90 5C", "valid_until": "31.12.2026"},
		KeyAlgorithm: "EC P-256", KeyFingerprint: fingerprint, PublicKey: der,
	}
}

func generic(t testing.TB, fonts *Fonts) Input {
	in := turkish(t, fonts)
	in.Form, in.Copies = testForm(t, "generic.application"), 1
	_, in.KeyFingerprint = publicKey(t)
	in.KeyAlgorithm, in.Details["name"] = "EC P-256", "İpek Şule Işıkoğlu"
	in.Certificate["fingerprint"] = in.KeyFingerprint
	return in
}

// long is a text of words with a length in letters, unlike any other by its seed word.
func long(word string, letters int) string {
	var b strings.Builder
	for i := 0; b.Len() < letters; i++ {
		b.WriteString(word)
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}

func render(t testing.TB, in Input) []byte {
	t.Helper()
	pdf, err := Render(in)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

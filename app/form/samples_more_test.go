package form

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"
)

// loss is the report of the Turkish doctor.
func loss(t testing.TB, fonts *Fonts) Input {
	in := turkish(t, fonts)
	in.Form, in.Copies, in.Reason = testForm(t, "tr-kamusm-nes.lost-report"), 1, "lost"
	in.Details["lost_kind"], in.Details["lost_date"] = "Çalıntı", "20.11.2026"
	in.Details["call_date"] = "20.11.2026 18:40"
	in.Details["lost_note"] = "Çantam otobüste çalındı; kart okuyucu da içindeydi. Şüpheli bir işlem görmedim."
	return in
}

func checklist(t testing.TB, fonts *Fonts) Input {
	in := turkish(t, fonts)
	in.Form, in.Copies = testForm(t, "tr-kamusm-nes.checklist"), 1
	return in
}

func russianForm(t testing.TB, fonts *Fonts, id string, copies int) Input {
	in := russian(t, fonts)
	in.Form, in.Copies, in.Route = testForm(t, id), copies, RoutePaper
	in.Details["status_reason"], in.Details["status_date"] = "Изменение сведений в сертификате", "01.12.2026"
	in.Details["head_name"] = "Объедкова Щука Ильинична"
	in.Details["carrier"], in.Details["holder_kind"], in.Details["inn"] = "Защищённый токен", "Физическое лицо, с МЧД", "001234567899"
	in.Certificate["holder"], in.Certificate["issuer"] = "Щукина Юлия Артёмовна", "CN=Пример УЦ, O=ТФОМС Примерной области, C=RU"
	in.Certificate["valid_from"] = "01.01.2026"
	return in
}

// certificatePaper prints a made-up certificate with every kind of row.
func certificatePaper(t testing.TB, fonts *Fonts, id string) Input {
	in := russianForm(t, fonts, id, 2)
	in.Rows = []map[string]string{
		{"section": "Основные поля"},
		{"label": "Версия", "value": "3 (0x2)"},
		{"label": "Серийный номер", "hex": "01a27f33905c"},
		{"label": "Издатель", "value": in.Certificate["issuer"]},
		{"label": "Сертификат действителен", "value": "с 1 января 2026 г. 00:00:00 UTC по 31 декабря 2026 г. 23:59:59 UTC"},
		{"label": "Владелец", "value": "CN=Щёлоковская районная больница, SN=Щукина, G=Юлия Артёмовна, СНИЛС=11223344595"},
		{"label": "Ключ проверки электронной подписи", "value": "ECDSA (1.2.840.10045.2.1), P-256 (1.2.840.10045.3.1.7)", "hex": fmt.Sprintf("%x", in.PublicKey)},
		{"section": "Расширения"},
		{"label": "2.5.29.15 Использование ключа", "value": "Цифровая подпись, Неотрекаемость, Шифрование ключей, Шифрование данных (f0)"},
		{"label": "2.5.29.37 Улучшенный ключ", "value": "Проверка подлинности клиента (1.3.6.1.5.5.7.3.2), Защищённая почта (1.3.6.1.5.5.7.3.4)"},
		{"label": "1.2.643.100.111 Средство электронной подписи владельца", "value": "СКЗИ \"Пример\""},
		{"label": "2.5.29.16 Период использования закрытого ключа", "value": "с 01.01.2026 по 31.12.2026"},
		{"section": "Подпись удостоверяющего центра"},
		{"label": "Алгоритм", "value": "ECDSA с SHA-256 (1.2.840.10045.4.3.2)"},
		{"label": "Значение", "hex": fmt.Sprintf("%x%x", in.PublicKey, in.PublicKey)},
	}
	return in
}

func letter(t testing.TB, fonts *Fonts, id string) Input {
	in := russianForm(t, fonts, id, 1)
	in.Rows = []map[string]string{
		{"document": "Заявка на изготовление сертификата ключа проверки электронной подписи", "copies": "1", "sheets": "1"},
		{"document": "Сертификат ключа проверки электронной подписи на бумажном носителе", "copies": "1", "sheets": "2"},
	}
	return in
}

// vietnamese is a form with a number of rows; nobody of these exists.
func vietnamese(t testing.TB, fonts *Fonts, number string, rows int) Input {
	in := Input{
		Form: testForm(t, "vn-vgca-bhxh.mau-"+number), Fonts: fonts, Copies: 1, Case: "2026-000150", Route: RoutePaper,
		Date: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC),
		Details: map[string]string{
			"parent_organisation": "BẢO HIỂM XÃ HỘI VIỆT NAM", "managing_body": "BẢO HIỂM XÃ HỘI TỈNH MẪU", "dispatch_number": "150/BHXH-CNTT",
			"place": "Mẫu", "contact_name": "Nguyễn Thị Ngọc Ửng", "contact_id": "000184000001", "contact_id_date": "14/03/2022",
			"contact_id_place": "Cục Cảnh sát QLHC về TTXH", "contact_position": "Chuyên viên", "contact_phone": "0900 000 000",
			"contact_email": "ungntn@mau.example", "contact_address": "Số 7 đường Hữu Nghị, phường Mẫu, tỉnh Mẫu",
			"head_name": "Trần Đức Thịnh", "head_position": "Giám đốc",
		},
	}
	for i := range rows {
		in.Rows = append(in.Rows, map[string]string{
			"full_name": "Đặng Thuỳ Trâm Quỳnh", "birth_date": "02/09/1985", "personal_id": fmt.Sprintf("000185%06d", i+1),
			"personal_id_issued": "01/02/2021, Cục Cảnh sát QLHC về TTXH", "email": "quynhdtt@mau.example", "organisation": "BHXH huyện Phước Lễ",
			"province": "Mẫu", "position": "Phó Giám đốc", "phone": "0900 000 001", "old_certificate": "54 2F 00 1A", "sim_pki": "",
			"address": "Số 1 đường Lý Thường Kiệt", "tax_code": "0100109106", "budget_code": "1000000", "certificate_name": "Đặng Thuỳ Trâm Quỳnh",
			"certificate_number": "54 2F 00 1A 9C", "change_what": "BHXH huyện Phước Lễ", "change_to": "BHXH khu vực Ỷ La", "extend": "x", "change": "x",
			"device_number": "GCA-0000-1234", "revocation_reason": "Nghỉ hưu",
		})
	}
	return in
}

func persianForm(t testing.TB, fonts *Fonts, id string) Input {
	return Input{
		Form: testForm(t, "ir-tamin-photo."+id), Fonts: fonts, Copies: 1, Case: "2026-000151", Route: RoutePaper, Reason: "photo",
		Date: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC), DateText: "1405/08/30",
		Details: map[string]string{
			"given_name": "پژمان", "surname": "گچ‌کار مؤمنیِ نائینی", "national_code": "0018465986", "birth_date": "1362/12/24",
			"insurance_number": "0012345678", "card_serial": "1G23456789", "branch": "شعبه ۷ نمونه", "province": "اداره کل استان نمونه",
			"relation": "بیمه‌شده", "register_office": "شهرستان نمونه", "office_head": "زهره آقاخانی", "clerk_name": "زهره آقاخانی",
			"mismatch_note": "عکس دریافت‌شده (۳×۴) با عکس کارت (شماره 1G23456789) یکی نیست.",
		},
	}
}

// photograph is a picture with colours and a transparent corner.
func photograph(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), 120, 255}
			if dx, dy := 2*x-w, 2*y-h; dx*dx+dy*dy < w*w/2 {
				c = color.NRGBA{224, 190, 160, 255}
			}
			if x+y < w/3 {
				c.A = 0
			}
			m.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

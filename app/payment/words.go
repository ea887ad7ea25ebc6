package payment

import "strings"

// words are the fixed texts of a note in one language.
type words struct {
	language, title, check               string
	amount, payee, bank, branch          string
	iban, unspaced, description, exactly string
	asOf, source, made                   string
	account, bic, correspondent          string
	inn, kpp, counter, qr, noQR          string
	date                                 string // layout
	page                                 string
}

// inLanguage picks the texts; a language without texts gets English.
func inLanguage(lang string) words {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch base {
	case "tr":
		return words{
			language: "tr", title: "Ödeme Bilgi Notu", check: "Ödeme yapmadan önce tutarı ve hesap bilgilerini kontrol ediniz.",
			amount: "Tutar", payee: "Alıcı", bank: "Banka", branch: "Şube", iban: "IBAN", unspaced: "IBAN (boşluksuz)",
			description: "Açıklama", exactly: "Dekontun açıklama kısmına aynen yazınız",
			account: "Hesap No", bic: "BIC", correspondent: "Muhabir hesabı", inn: "INN", kpp: "KPP",
			counter: "Banka şubesinde aynen şöyle söyleyiniz", qr: "Ödeme QR kodu (GOST R 56042-2014)", noQR: "Ödeme QR kodu yok; eksik veya çok uzun olan",
			asOf: "Tutarın geçerli olduğu tarih", source: "Kaynak", made: "Notun tarihi", date: "02.01.2006", page: "sayfa",
		}
	case "ru":
		return words{
			language: "ru", title: "Памятка для оплаты", check: "Перед оплатой проверьте сумму и реквизиты.",
			amount: "Сумма", payee: "Получатель", bank: "Банк", branch: "Отделение", iban: "IBAN", unspaced: "IBAN без пробелов",
			description: "Назначение платежа", exactly: "Впишите в назначение платежа без изменений",
			account: "Расчётный счёт", bic: "БИК", correspondent: "Корр. счёт", inn: "ИНН получателя", kpp: "КПП получателя",
			counter: "Скажите в отделении банка", qr: "QR-код для оплаты (ГОСТ Р 56042-2014)", noQR: "QR-кода для оплаты нет; не указано или слишком длинно",
			asOf: "Сумма по состоянию на", source: "Источник", made: "Дата памятки", date: "02.01.2006", page: "стр.",
		}
	}
	return words{
		language: "en", title: "Payment note", check: "Check the amount and the account before you pay.",
		amount: "Amount", payee: "Payee", bank: "Bank", branch: "Branch", iban: "IBAN", unspaced: "IBAN without spaces",
		description: "Description", exactly: "Write exactly this as the description",
		account: "Account", bic: "BIC", correspondent: "Correspondent account", inn: "INN of the payee", kpp: "KPP of the payee",
		counter: "Say exactly this at the counter", qr: "QR code of the payment (GOST R 56042-2014)", noQR: "No QR code of the payment; missing or too long is",
		asOf: "Amount as of", source: "Source", made: "Date of this note", date: "2 January 2006", page: "page",
	}
}

// Money writes an amount as the currency's country does: 1.112,10 TL, 1 112,10 руб., otherwise 1,112.10 EUR.
func Money(amount, currency string) string {
	whole, places, _ := strings.Cut(amount, ".")
	switch currency {
	case "TRY":
		return thousands(whole, ".") + "," + places + " TL"
	case "RUB":
		return thousands(whole, "\u00a0") + "," + places + " руб."
	}
	return thousands(whole, ",") + "." + places + " " + currency
}

func thousands(digits, mark string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(mark)
		}
		b.WriteRune(d)
	}
	return b.String()
}

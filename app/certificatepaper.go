package app

import (
	"strings"

	"rekey/app/cases"
	"rekey/app/register"
)

// formCertificate is the form that prints the new certificate: it can only be laid out when there is one.
const formCertificate = "certificate-paper"

// certificateRows gives everything that a certificate says as rows of the paper form: a section, or a label with value or hex.
func (a *App) certificateRows(c cases.Case, cert register.Certificate) []map[string]string {
	words := certificateWords[c.Procedure[:min(2, len(c.Procedure))]]
	word := func(text string) string {
		if w := words[text]; w != "" {
			return w
		}
		return text
	}
	var rows []map[string]string
	for _, s := range register.Details(cert, a.now()) {
		rows = append(rows, map[string]string{"section": word(s.Title)})
		for _, r := range s.Rows {
			if r.ID == "days-left" || r.ID == "qualified" {
				continue // true today only, and our own reading
			}
			row := map[string]string{"label": word(r.Name), "value": word(r.Value)}
			if r.OID != "" {
				row["label"] += " (" + r.OID + ")"
			}
			for _, t := range r.Words {
				row["value"] = strings.Replace(row["value"], t.Text, word(t.Text), 1)
			}
			if !r.Time.IsZero() {
				row["value"] = r.Time.Local().Format("02.01.2006 15:04:05 -07:00")
			}
			if r.ID == "key-value" || r.ID == "signature-value" {
				row["hex"], row["value"] = strings.Join(strings.Fields(r.Value), ""), ""
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// certificateWords are the words of the paper form by the procedure's country, keyed by the English of package register.
// Source: domain/russia.md §2.4 and §3.1.
var certificateWords = map[string]map[string]string{"ru": {
	"Holder": "Владелец", "Issuer": "Издатель", "Validity": "Срок действия", "Use": "Назначение", "Key": "Ключ проверки электронной подписи",
	"Signature of the issuer": "Подпись удостоверяющего центра", "Places": "Адреса", "Fingerprints": "Отпечатки", "Extensions": "Расширения",
	"Version": "Версия", "Serial number": "Серийный номер", "Valid from": "Действителен с", "Valid until": "Действителен по",
	"For": "Для", "Key usage": "Использование ключа", "Extended key usage": "Улучшенный ключ", "Policies": "Политики сертификата", "Certificate policies": "Политики сертификата",
	"Qualified": "Квалифицированный", "Size in bits": "Длина, бит", "Parameters": "Параметры", "Public key": "Значение ключа", "Note": "Примечание",
	"Private key from": "Закрытый ключ с", "Private key until": "Закрытый ключ по", "Private key usage period": "Период использования закрытого ключа",
	"Signature tool of the holder": "Средство электронной подписи владельца", "Signature tools of the issuer": "Средства УЦ", "Signature tool of the issuer": "Средства электронной подписи и УЦ издателя",
	"Signature algorithm": "Алгоритм подписи", "Signature": "Значение подписи", "Revocation lists": "Точки распространения списков отзыва", "Issuer's certificate": "Сертификат издателя",
	"Subject key identifier": "Идентификатор ключа субъекта", "Authority key identifier": "Идентификатор ключа центра сертификатов", "Access to the issuer": "Доступ к информации о центрах сертификации",
	"How the holder was identified": "Способ идентификации заявителя", "Basic constraints": "Основные ограничения", "Subject alternative name": "Дополнительное имя субъекта",
	"digital signature": "цифровая подпись", "non-repudiation": "неотрекаемость", "key encipherment": "шифрование ключей", "data encipherment": "шифрование данных",
	"client authentication": "проверка подлинности клиента", "e-mail protection": "защищённая электронная почта",
	"user of the registration centre, HTTP, TLS client": "пользователь центра регистрации, HTTP, TLS клиент",
	"signing": "подпись", "no CA": "не является УЦ", "SHA-256 with ECDSA": "ECDSA с SHA-256", "SHA-256 with RSA": "RSA с SHA-256", "SHA-384 with ECDSA": "ECDSA с SHA-384", "yes": "да", "no": "нет", "by a qualified signature, remotely": "по квалифицированной подписи, удалённо", "in person": "личное присутствие",
	"Common name": "Общее имя", "Surname": "Фамилия", "Given name": "Имя и отчество", "Country": "Страна", "State or province": "Регион", "Locality": "Город", "City": "Город",
	"Street": "Адрес", "Organisation": "Организация", "Organisational unit": "Подразделение", "Title": "Должность", "E-mail": "Email",
}}

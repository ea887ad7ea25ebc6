package attorney

import (
	"maps"
	"slices"
	"strings"
)

// notRead stands for each check of one that was passed on.
var notRead = [2]string{"Не проверено: подробности передоверия программа не читает.", "Not checked: the program does not read the details of one that was passed on."}

// texts are the words of each finding: Russian and English.
var texts = map[string][2]string{
	"attorney.format.ok":      {"Формат: единый формат EMCHD_1.", "Format: the unified format EMCHD_1."},
	"attorney.format.version": {"Версия формата «{version}» не EMCHD_1.", "The format's version is {version}, not EMCHD_1."},
	"attorney.format.file-id": {"Идентификатор файла «{file}» составлен не по формату; имя файла должно с ним совпадать.", "The file's identifier {file} is not as the format wants it; the file's name must be the same."},

	"attorney.guid.ok":         {"Номер доверенности: {number}.", "Number: {number}."},
	"attorney.guid.form":       {"Номер доверенности «{number}» не GUID.", "The number {number} is no GUID."},
	"attorney.guid.other-file": {"Номер {number} не совпадает с концом идентификатора файла {file}.", "The number {number} is not the end of the file's identifier {file}."},

	"attorney.dates.ok":      {"Действует с {from} по {until} (по московскому времени).", "Valid from {from} to {until} (Moscow time)."},
	"attorney.dates.soon":    {"Срок скоро закончится: {until}, осталось дней: {days}.", "It ends soon: on {until}, days left: {days}."},
	"attorney.dates.expired": {"Срок истёк: {until}.", "It ended on {until}."},
	"attorney.dates.early":   {"Ещё не действует: выдана {from}.", "It is not valid yet: issued on {from}."},
	"attorney.dates.order":   {"Срок действия {until} раньше даты выдачи {from}.", "It ends on {until}, before it was issued on {from}."},
	"attorney.dates.missing": {"Нет даты выдачи или срока действия.", "The date of issue or the last day is missing."},

	"attorney.grantor.ok":           {"Доверитель — наша организация: {name}, ИНН {inn}.", "The grantor is our organisation: {name}, INN {inn}."},
	"attorney.grantor.other":        {"Доверитель — другая организация: {name}, ИНН {inn}, а наш ИНН {ours}.", "The grantor is another organisation: {name}, INN {inn}; ours is {ours}."},
	"attorney.grantor.check-digits": {"ИНН доверителя {inn} неверен: должно быть 10 цифр с правильным контрольным числом.", "The grantor's INN {inn} is wrong: it must have 10 digits with the right check digit."},
	"attorney.grantor.missing":      {"Доверитель не российская организация или её ИНН не указан.", "The grantor is no Russian organisation, or its INN is missing."},
	"attorney.grantor.not-compared": {"Доверитель: {name}, ИНН {inn}. ИНН нашей организации не задан, сравнить не с чем.", "Grantor: {name}, INN {inn}. The INN of our organisation was not given, so it was not compared."},

	"attorney.representative.inn":           {"Представитель {name} — владелец карты (по ИНН).", "The representative {name} is the card's holder (by INN)."},
	"attorney.representative.snils":         {"Представитель {name} — владелец карты (по СНИЛС).", "The representative {name} is the card's holder (by SNILS)."},
	"attorney.representative.name":          {"Представитель {name} совпадает с владельцем карты только по ФИО: сверьте СНИЛС.", "The representative {name} is the card's holder by name only: compare the SNILS."},
	"attorney.representative.other-letters": {"ФИО представителя {name} и владельца карты {holder} различаются буквами е и ё.", "The representative's name {name} and the holder's {holder} differ in the letters е and ё."},
	"attorney.representative.other":         {"Представитель — не владелец карты: {name}.", "The representative is not the card's holder: {name}."},
	"attorney.representative.missing":       {"Представитель — физическое лицо не указан.", "No person is named as representative."},
	"attorney.representative.not-compared":  {"Представитель: {name}. Данных владельца карты нет, сравнить не с чем.", "Representative: {name}. Nothing is known of the card's holder, so it was not compared."},

	"attorney.powers.ok":           {"Полномочие {code}: {name}.", "Power {code}: {name}."},
	"attorney.powers.unknown-code": {"Полномочие {code} «{name}» программе не известно: прочтите и решите сами.", "The power {code} “{name}” is not known to the program: read it and judge."},
	"attorney.powers.text":         {"Полномочия записаны текстом: прочтите и решите сами.", "The powers are plain text: read them and judge."},
	"attorney.powers.joint":        {"Представителей несколько; код совместных полномочий — {code}, источники толкуют его по-разному.", "There is more than one representative; the code for joint powers is {code}, which sources read in different ways."},
	"attorney.powers.missing":      {"Полномочий нет.", "There are no powers."},

	"attorney.redelegation.none":         {"Передоверие не разрешено.", "It may not be passed on."},
	"attorney.redelegation.allowed":      {"Разрешено передоверие (код {code}).", "It may be passed on (code {code})."},
	"attorney.redelegation.unknown-code": {"Код передоверия «{code}» не известен.", "The code {code} for passing on is not known."},
	"attorney.redelegation.passed-on":    {"Это передоверие: программа не читает его подробностей, проверьте в реестре.", "This one was passed on: the program does not read its details, look it up in the registry."},

	"attorney.signer.snils":        {"Подпись под доверенностью: {signer}, лицо без доверенности (по СНИЛС).", "Signed by {signer}, who may act for the grantor (by SNILS)."},
	"attorney.signer.surname":      {"Подпись под доверенностью: {signer}; с лицом без доверенности ({heads}) совпала только фамилия.", "Signed by {signer}; only the surname is that of who may act for the grantor ({heads})."},
	"attorney.signer.other":        {"Подписал {signer}, а не лицо без доверенности ({heads}).", "Signed by {signer}, not by who may act for the grantor ({heads})."},
	"attorney.signer.not-compared": {"Подписал {signer}; сравнить с лицом без доверенности не по чему.", "Signed by {signer}; there is nothing to compare with who may act for the grantor."},

	"attorney.signature.missing":       {"Нет файла подписи (.sig): без него доверенность не доказана.", "There is no signature file (.sig): without it the power of attorney is not proven."},
	"attorney.signature.form":          {"Файл подписи не читается: {why}.", "The signature file cannot be read: {why}."},
	"attorney.signature.other-content": {"Подпись поставлена под другим файлом.", "The signature is for another file."},
	"attorney.signature.gost":          {"Подпись ({algorithm}) есть, но программа такие НЕ проверяет: проверьте её в своём средстве подписи.", "There is a signature ({algorithm}), but the program does NOT verify such ones: verify it with your signature program."},
	"attorney.signature.gost-right":    {"Подпись ГОСТ ({algorithm}) верна: файл не изменён. Действует ли сертификат подписавшего и квалифицированный ли он, здесь не проверяется.", "The GOST signature ({algorithm}) is right: the file was not changed. Whether the signer's certificate is in force and qualified is not checked here."},
	"attorney.signature.wrong":         {"Подпись неверна: {why}.", "The signature is wrong: {why}."},
	"attorney.signature.not-gost":      {"Подпись верна, но сделана не по ГОСТ ({algorithm}): российской квалифицированной она быть не может.", "The signature is right, but not made with GOST ({algorithm}): it cannot be a Russian qualified one."},

	"attorney.guid.not-read":           notRead,
	"attorney.dates.not-read":          notRead,
	"attorney.grantor.not-read":        notRead,
	"attorney.representative.not-read": notRead,
	"attorney.powers.not-read":         notRead,
	"attorney.registry.offline":        {"Статус в реестре не проверен: для этого нужна сеть. Адрес: {url}", "The status in the registry was not checked: that needs the network. Address: {url}"},
}

// IDs lists every finding, sorted, for the translations.
func IDs() []string { return slices.Sorted(maps.Keys(texts)) }

// Russian text of a finding.
func (f Finding) Russian() string { return f.fill(0) }

// English text of a finding.
func (f Finding) English() string { return f.fill(1) }

func (f Finding) fill(language int) string {
	pairs := []string{}
	for name, value := range f.Args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(texts[f.ID][language]) // one pass: a value cannot bring places of its own
}

package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Number writes a whole number with the language's digits, in groups of three from five digits on (TDK's rule for Turkish and the
// Russian one; a year or the bits of a key stay as they are).
func (p *Printer) Number(n int) string {
	text := strconv.Itoa(n)
	if n > -10_000 && n < 10_000 {
		return p.digits(text)
	}
	group, _ := p.marks()
	digits := strings.TrimPrefix(text, "-")
	return p.digits(text[:len(text)-len(digits)] + grouped(digits, group))
}

// marks are what stands between groups of three digits and before a fraction.
func (p *Printer) marks() (group, point string) {
	switch p.lang {
	case "tr", "vi":
		return ".", ","
	case "ru":
		return "\u00a0", ","
	case "fa":
		return "٬", "٫"
	}
	return ",", "."
}

func grouped(digits, mark string) string {
	out := ""
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out += mark
		}
		out += string(r)
	}
	return out
}

func (p *Printer) digits(s string) string {
	if p.lang != "fa" {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}

// Digits writes the digits of s as the language does.
func (p *Printer) Digits(s string) string { return p.digits(s) }

// Amount writes a decimal with a point ("1240.50") and its currency as the language does.
func (p *Printer) Amount(decimal, currency string) string {
	whole, fraction, _ := strings.Cut(decimal, ".")
	group, point := p.marks()
	out := grouped(whole, group)
	if fraction != "" {
		out += point + fraction
	}
	sign := map[string]string{"TRY": "₺", "RUB": "₽", "VND": "₫"}[currency]
	switch {
	case currency == "TRY" && p.lang == "tr":
		return sign + out
	case sign != "" && currency != "TRY":
		currency = sign
	case currency == "TRY" && p.lang == "fa":
		currency = "لیر"
	case currency == "TRY":
		currency = "TL"
	}
	return p.digits(out) + "\u00a0" + currency
}

var months = map[string][]string{
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	"tr": {"Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"},
	"ru": {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
	"fa": {"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"},
}

// Date writes a day in full, as the language's country does; in Persian by the solar Hijri calendar.
func (p *Printer) Date(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	t = t.Local()
	y, m, d := t.Year(), int(t.Month()), t.Day()
	switch p.lang {
	case "vi":
		return fmt.Sprintf("%02d/%02d/%d", d, m, y)
	case "ru":
		return fmt.Sprintf("%d\u00a0%s %d\u00a0г.", d, months["ru"][m-1], y)
	case "fa":
		y, m, d = solarHijri(t)
		return p.digits(fmt.Sprintf("%d\u00a0%s %d", d, months["fa"][m-1], y))
	}
	return fmt.Sprintf("%d\u00a0%s %d", d, months[p.lang][m-1], y)
}

// Capital begins a sentence with a word.
func (p *Printer) Capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if p.lang == "tr" {
		return string(unicode.TurkishCase.ToUpper(first)) + s[size:]
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// ShortDate writes a day in figures, for the columns of a list; English has the short name of the month, since figures are read in two ways.
func (p *Printer) ShortDate(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	t = t.Local()
	switch p.lang {
	case "tr", "ru":
		return t.Format("02.01.2006")
	case "vi":
		return t.Format("02/01/2006")
	case "fa":
		y, m, d := solarHijri(t)
		return p.digits(fmt.Sprintf("%d/%02d/%02d", y, m, d))
	}
	return t.Format("2\u00a0Jan 2006")
}

// Moment writes a day and the time of day.
func (p *Printer) Moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	clock := p.digits(t.Local().Format("15:04"))
	switch p.lang {
	case "vi": // the time comes first
		return clock + ",\u00a0" + p.Date(t)
	case "fa":
		return p.Date(t) + "، " + clock
	}
	return p.Date(t) + ", " + clock
}

// Recent writes when something was, for the columns of a list: the time of day when that was on the day of now, else with the short date.
func (p *Printer) Recent(t, now time.Time) string {
	if t.IsZero() {
		return "–"
	}
	t, now = t.Local(), now.Local()
	clock := p.digits(t.Format("15:04"))
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return p.T("day.today", "time", clock)
	}
	return p.ShortDate(t) + "\u00a0" + clock
}

// solarHijri gives the date by the rule of 33-year cycles with leap years 1, 5, 9, 13, 17, 22, 26, 30,
// which agrees with the astronomical calendar for the years 1178–1633 (1799–2255).
func solarHijri(t time.Time) (year, month, day int) {
	// Day 0 is 1 Farvardin 1178, 21 March 1799; 1178 = 35·33 + 23.
	epoch := time.Date(1799, 3, 21, 0, 0, 0, 0, time.UTC)
	here := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	rest := int(here.Sub(epoch).Hours() / 24)
	for year = 1178; ; year++ {
		length := 365
		switch year % 33 {
		case 1, 5, 9, 13, 17, 22, 26, 30:
			length = 366
		}
		if rest < length {
			break
		}
		rest -= length
	}
	if rest < 186 {
		return year, rest/31 + 1, rest%31 + 1
	}
	rest -= 186
	return year, rest/30 + 7, rest%30 + 1
}

package calendar

import (
	"fmt"
	"strings"
	"time"

	ptime "github.com/yaa110/go-persian-calendar"
)

// Jalali gives the date of the solar Hijri calendar, by the day that t shows in its own location.
func Jalali(t time.Time) (year, month, day int) {
	// Noon keeps clear of days whose midnight a change of the clock has skipped.
	y, m, d := t.Date()
	p := ptime.New(time.Date(y, m, d, 12, 0, 0, 0, time.UTC))
	return p.Year(), int(p.Month()), p.Day()
}

// FromJalali gives the day of a solar Hijri date, midnight UTC. A date that is not in the calendar is an error.
func FromJalali(year, month, day int) (time.Time, error) {
	bad := fmt.Errorf("%04d/%02d/%02d is not a date of the solar Hijri calendar", year, month, day)
	if year < 1 || year > 3000 || month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, bad
	}
	t := calendarDay(ptime.Date(year, ptime.Month(month), day, 12, 0, 0, 0, time.UTC).Time())
	if y, m, d := Jalali(t); y != year || m != month || d != day {
		return time.Time{}, bad
	}
	return t, nil
}

func calendarDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// PersianDate writes a day as Iranian letters do: yyyy/mm/dd of the solar Hijri calendar in Persian digits.
func PersianDate(t time.Time) string {
	y, m, d := Jalali(t)
	return PersianDigits(fmt.Sprintf("%04d/%02d/%02d", y, m, d))
}

// PersianDigits writes 0 to 9 as ۰ to ۹ and leaves everything else.
func PersianDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}

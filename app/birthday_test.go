package app

import "testing"

// A day is taken as people write it, also as eight figures, when there is such a day.
func TestDaysAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"14031979": "14.03.1979", "14.3.1979": "14.03.1979", "14/03/1979": "14.03.1979", "1979-03-14": "14.03.1979", "۱۴۰۳۱۹۷۹": "14.03.1979",
		"31021979": "", "19790314": "", "1403197": "", "140319790": "", "14031800": "",
	} {
		got := checkDate(typed)
		if want == "" && got.Rule != "date" || want != "" && (got.Rule != "" || got.Normal != want) {
			t.Errorf("%s: %+v, want %q", typed, got, want)
		}
	}
}

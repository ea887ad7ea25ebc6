package control

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rekey/store/fold"
)

func listOf(t *testing.T, lang string, names ...string) *DataList {
	t.Helper()
	d := NewDataList("l", DataWords{Language: lang}, []Column{{ID: "n", Title: "N", Share: 1, Text: func(i int) string { return names[i] }}}, len(names), nil, nil)
	open(t, false, d.Container)
	return d
}

func TestFilterForgivesHowANameIsTyped(t *testing.T) {
	for name, typed := range map[string][]string{
		"YILDIRIM Ayşe":       {"yıldırım", "Yildirim", "AYŞE", "ayse yil"},
		"IŞIK Ali":            {"ışık", "IŞIK", "isik"},
		"İSTANBUL":            {"istanbul", "İstanbul", "ISTANBUL"},
		"Nguyễn Đức":          {"nguyen", "NGUYỄN", "duc", "đức"},
		"Щукина Ёлка":         {"щукина", "елка", "ЁЛКА"},
		"علی\u200cرضا ی":      {"علي", "علیرضا"},
		"Ayse\u0301 composed": {"aysé"},
	} {
		d := listOf(t, "tr", name, "zzz")
		for _, s := range typed {
			if d.Filter(s); d.Len() != 1 || d.Row(0) != 0 {
				t.Errorf("%q does not find %q", s, name)
			}
		}
		if d.Filter("qqq"); d.Len() != 0 {
			t.Errorf("qqq finds %q", name)
		}
	}
}

func TestSortedByTheAlphabetOfTheLanguage(t *testing.T) {
	for lang, want := range map[string]string{
		"tr": "Ahmet,Istanbul,ışık,İnci,Zeki",
		"ru": "Ежов,ёлка,Жук,Щукина",
		"vi": "Cao,Dũng,Đào,Em",
		"en": "apple,Banana,cherry",
	} {
		names := strings.Split(want, ",")
		slices.Reverse(names)
		d := listOf(t, lang, names...)
		d.Sort(0)
		var got []string
		for i := range names {
			got = append(got, names[d.Row(i)])
		}
		if s := strings.Join(got, ","); s != want {
			t.Errorf("%s: %s, want %s", lang, s, want)
		}
	}
}

func BenchmarkFirstFilterAndSort(b *testing.B) {
	names := make([]string, 100_000)
	for i := range names {
		names[i] = fmt.Sprintf("Çağlayanörnek Ayşe %d", i)
	}
	for b.Loop() {
		for _, n := range names {
			fold.Fold(n)
		}
		sortKeys("tr", len(names), func(i int) string { return names[i] })
	}
}

package fold_test

import (
	"testing"

	"rekey/store/fold"
)

func TestSameToAReader(t *testing.T) {
	for _, same := range [][]string{
		{"Çağlar", "CAGLAR", "caglar", "C\u0327ag\u0306lar"},
		{"YILDIRIM", "yıldırım", "Yildirim"},
		{"İstanbul", "istanbul", "ISTANBUL"},
		{"Nguyễn Đức", "nguyen duc"},
		{"Ёлка", "елка", "ЁЛКА"},
		{"علي\u200cرضا", "علیرضا"},
		{"ﬁle", "FILE"},
	} {
		for _, s := range same {
			if got, want := fold.Fold(s), fold.Fold(same[0]); got != want {
				t.Errorf("%q: %q, and %q is %q", s, got, same[0], want)
			}
		}
	}
	if fold.Fold("Ayşe") == fold.Fold("Ayla") {
		t.Error("different names are the same")
	}
}

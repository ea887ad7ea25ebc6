package office

import (
	"bytes"
	"strings"
	"testing"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
)

// Whatever the headers of an upload say: it never holds more than it should have, and what is called whole is what was promised.
func FuzzUpload(f *testing.F) {
	whole := officetest.Sum([]byte("paper"))
	f.Add(whole, int64(0), int64(5), []byte("paper"))
	f.Add(whole, int64(0), int64(5), []byte("pa"))
	f.Add(whole, int64(2), int64(5), []byte("per and more"))
	f.Add(whole, int64(-1), int64(0), []byte(nil))
	f.Add(officetest.Sum([]byte("other")), int64(5), int64(5), []byte("x"))
	f.Add("../../../"+whole[9:], int64(0), int64(1)<<62, []byte("x"))
	f.Add(strings.ToUpper(whole), int64(0), int64(central.MaxDocument)+1, []byte("x"))
	o, err := Open(f.Context(), Config{Dir: f.TempDir()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = o.Close() })
	f.Fuzz(func(t *testing.T, sum string, offset, total int64, body []byte) {
		received, isWhole, _, err := o.AppendDocument(t.Context(), client, sum, offset, total, bytes.NewReader(body))
		if err != nil && KindOf(err) == KindStorage || received < 0 || received > central.MaxDocument {
			t.Fatalf("%d %v", received, err)
		}
		if !isWhole {
			return
		}
		text, err := o.Content(t.Context(), sum)
		if err != nil || officetest.Sum(text) != sum {
			t.Fatalf("%q is whole: %v", text, err)
		}
	})
}

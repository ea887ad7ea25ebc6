package esign

import (
	"encoding/asn1"
	"testing"
)

// FuzzStamp: what a time-stamping authority answers is a token for this signature, or is refused.
func FuzzStamp(f *testing.F) {
	signature := []byte("a signature value")
	f.Add([]byte("\x30\x03\x02\x01\x02"))
	f.Add([]byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80"))
	if info, err := asn1.Marshal(stampInfo{Version: 1}); err == nil {
		f.Add(info)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var answer stampAnswer
		if _, err := asn1.Unmarshal(data, &answer); err == nil && len(answer.Token.FullBytes) > 0 {
			data = answer.Token.FullBytes
		}
		if got, err := readToken(data, signature); err == nil {
			t.Errorf("a token that nobody signed was taken: %v", got)
		}
	})
}

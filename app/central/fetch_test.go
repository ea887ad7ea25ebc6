package central_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rekey/app/central"
)

// pieces serves a document, cut after so many bytes of each answer.
func pieces(data []byte, tag string, each int, ranges *[]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*ranges = append(*ranges, strings.TrimSpace(r.Header.Get("Range")+" "+r.Header.Get("If-Match")))
		from := 0
		status := http.StatusOK
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil {
			status = http.StatusPartialContent
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(data)-1, len(data)))
		}
		w.Header().Set("ETag", tag)
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(data)-from))
		w.WriteHeader(status)
		_, _ = w.Write(data[from:min(from+each, len(data))])
	}
}

func TestDownloadGoesOnAfterABreak(t *testing.T) {
	data, sum := bytesOf(2*mib + 7)
	var ranges []string
	var last, total int64
	got, err := serve(t, pieces(data, `"`+sum+`"`, mib, &ranges)).Document(t.Context(), sum, func(done, all int64) { last, total = done, all })
	if err != nil || !bytes.Equal(got, data) || last != total || total != int64(len(data)) {
		t.Fatal(err, last, total)
	}
	if want := []string{"", `bytes=1048576- "` + sum + `"`, `bytes=2097152- "` + sum + `"`}; !slices.Equal(ranges, want) {
		t.Errorf("asked for %q", ranges)
	}
	ranges = nil
	if _, err := serve(t, pieces(data, `W/"x"`, mib, &ranges)).Document(t.Context(), sum, nil); err != nil || ranges[1] != "bytes=1048576-" {
		t.Errorf("a weak tag: %v, %q", err, ranges)
	}
}

func TestHostileDownloads(t *testing.T) {
	data, sum := bytesOf(2 * mib)
	part := func(value string) http.HandlerFunc {
		var ranges []string
		first := pieces(data, "", mib, &ranges)
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				first(w, r)
				return
			}
			says(206, "application/octet-stream", "more", "Content-Range", value)(w, r)
		}
	}
	var ranges []string
	for name, row := range map[string]struct {
		h    http.HandlerFunc
		want central.Kind
	}{
		"dribbles": {pieces(data, "", 1000, &ranges), central.Offline},
		"always from the start": {func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("Range")
			pieces(data, "", mib, &ranges)(w, r)
		}, central.Offline},
		"another part":             {part("bytes 5-8/2097152"), central.BadAnswer},
		"no part":                  {part(""), central.BadAnswer},
		"another length":           {part("bytes 1048576-1048579/1048580"), central.BadAnswer},
		"huge length":              {part("bytes 1048576-1048579/99999999999999999999"), central.BadAnswer},
		"negative":                 {part("bytes -1-5/7"), central.BadAnswer},
		"a part of four bytes":     {part("bytes 1048576-2097151/2097152"), central.Offline},
		"206 for the whole":        {says(206, "", "x"), central.BadAnswer},
		"too large, said before":   {says(200, "", "", "Content-Length", strconv.Itoa(central.MaxDocument+1)), central.BadAnswer},
		"too large, in part":       {says(206, "", "x", "Content-Range", "bytes 0-0/99999999"), central.BadAnswer},
		"416":                      {says(416, "", ""), central.BadAnswer},
		"304":                      {says(304, "", ""), central.BadAnswer},
		"429":                      {says(429, problemType, `{}`), central.Busy},
		"another one of that size": {says(200, "", string(data[:mib])), central.BadAnswer},
	} {
		ranges = nil
		if _, err := serve(t, row.h).Document(t.Context(), sum, nil); central.KindOf(err) != row.want || len(ranges) > 40 {
			t.Errorf("%s: %v, want %q", name, err, row.want)
		}
	}
}

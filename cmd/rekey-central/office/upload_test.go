package office

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/officetest"
)

func TestUpload(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		text := strings.Repeat("a scan of many pages; ", 40_000)
		sum, total := officetest.Sum([]byte(text)), int64(len(text))
		received, whole, _, err := o.AppendDocument(t.Context(), client, sum, 0, total, io.MultiReader(strings.NewReader(text[:300_000]), iotest.ErrReader(errors.New("line cut"))))
		if received != 300_000 || whole || KindOf(err) != KindBody {
			t.Errorf("%d %v %v", received, whole, err)
		}
		size, whole, err := o.Received(t.Context(), client, sum)
		if size != 300_000 || whole || err != nil {
			t.Errorf("%d %v %v", size, whole, err)
		}
		if size, whole, err := o.Received(t.Context(), other, sum); size != 0 || whole || err != nil {
			t.Errorf("another owner: %d %v %v", size, whole, err)
		}
		var offset *OffsetError
		if _, _, _, err := o.AppendDocument(t.Context(), client, sum, 5, total, strings.NewReader(text[5:])); KindOf(err) != KindOffset || !errors.As(err, &offset) || offset.Offset != 300_000 {
			t.Errorf("got %v", err)
		}
		if _, err := o.OpenDocument(t.Context(), client, sum); KindOf(err) != KindNotFound {
			t.Errorf("half a document can be read: %v", err)
		}
		received, whole, created, err := o.AppendDocument(t.Context(), client, sum, 300_000, total, strings.NewReader(text[300_000:]))
		if received != total || !whole || !created || err != nil {
			t.Errorf("%d %v %v %v", received, whole, created, err)
		}
		if received, whole, created, err := o.AppendDocument(t.Context(), client, sum, 0, total, iotest.ErrReader(errors.New("need not be read"))); received != total || !whole || created || err != nil {
			t.Errorf("what is here: %d %v %v %v", received, whole, created, err)
		}
		for who, want := range map[Caller]Kind{client: "", officer: "", other: KindNotFound} {
			f, err := o.OpenDocument(t.Context(), who, sum)
			if KindOf(err) != want {
				t.Errorf("%s: %v", who.Account, err)
			}
			if err == nil {
				got, err := io.ReadAll(f)
				if err := errors.Join(err, f.Close()); err != nil || string(got) != text {
					t.Errorf("%s: %d bytes, %v", who.Account, len(got), err)
				}
			}
		}
		if received, whole, created, err := o.AppendDocument(t.Context(), other, sum, 0, total, strings.NewReader(text)); received != total || !whole || created || err != nil {
			t.Errorf("sent by another owner too: %d %v %v %v", received, whole, created, err)
		}
		submit(t, o, client, submission(t, central.Document{Kind: central.DocScan, Name: "scan.pdf", SHA256: sum, Size: total}))
	})
}

func TestUploadRefused(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		sum := officetest.Sum([]byte("right"))
		for name, c := range map[string]struct {
			who           Caller
			sum           string
			offset, total int64
			body          string
			want          Kind
		}{
			"wrong bytes":  {client, sum, 0, 5, "wrong", KindHash},
			"no length":    {client, sum, 0, 0, "", KindInvalid},
			"before":       {client, sum, -1, 5, "right", KindInvalid},
			"behind":       {client, sum, 6, 5, "right", KindInvalid},
			"too large":    {client, sum, 0, central.MaxDocument + 1, "right", KindTooLarge},
			"no hash":      {client, "../../x", 0, 5, "right", KindInvalid},
			"upper case":   {client, strings.ToUpper(sum), 0, 5, "right", KindInvalid},
			"officer":      {officer, sum, 0, 5, "right", KindInvalid},
			"nothing here": {client, sum, 3, 5, "ht", KindOffset},
		} {
			if _, whole, _, err := o.AppendDocument(t.Context(), c.who, c.sum, c.offset, c.total, strings.NewReader(c.body)); KindOf(err) != c.want || whole {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, whole, _, err := o.AppendDocument(t.Context(), client, sum, 0, 5, strings.NewReader("right and more")); KindOf(err) != KindInvalid || whole {
			t.Errorf("too many: %v", err)
		}
		if received, whole, created, err := o.AppendDocument(t.Context(), client, sum, 5, 5, bytes.NewReader(nil)); received != 5 || !whole || !created || err != nil {
			t.Errorf("all are here: %d %v %v %v", received, whole, created, err)
		}
		if _, err := o.Content(t.Context(), "../x"); KindOf(err) != KindNotFound {
			t.Errorf("got %v", err)
		}
	})
}

func TestOldUploadsGo(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		o := open(t, database)
		at := time.Now()
		o.clock = func() time.Time { return at }
		old, next := officetest.Sum([]byte("old")), officetest.Sum([]byte("next"))
		if received, _, _, err := o.AppendDocument(t.Context(), client, old, 0, 3, strings.NewReader("ol")); received != 2 || err != nil {
			t.Fatal(received, err)
		}
		for _, c := range []struct {
			later time.Duration
			want  int64
		}{{keepUploads - time.Hour, 2}, {keepUploads + 2*time.Hour, 0}} {
			at = time.Now().Add(c.later)
			if _, _, _, err := o.AppendDocument(t.Context(), other, next, 0, 4, strings.NewReader("")); err != nil {
				t.Error(err)
			}
			if got, _, err := o.Received(t.Context(), client, old); got != c.want || err != nil {
				t.Errorf("%v later: %d bytes, %v", c.later, got, err)
			}
		}
	})
}

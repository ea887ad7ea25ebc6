package data_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/officetest"
)

var errLine = errors.New("line cut")

// content makes bytes that are the same for the same seed.
func content(size int, seed byte) []byte {
	out := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(out)
	return out
}

func cut(content []byte) io.Reader {
	return io.MultiReader(bytes.NewReader(content), iotest.ErrReader(errLine))
}

// whole reads a document.
func whole(t *testing.T, b data.Blobs, sum string) []byte {
	t.Helper()
	f, err := b.Open(t.Context(), sum)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPut(t *testing.T) {
	const most = 3*data.Part + 7
	datatest.Each(t, func(t *testing.T, database string) {
		_, blobs := open(t, database)
		for i, size := range []int{1, data.Part - 1, data.Part, data.Part + 1, most} {
			text := content(size, byte(i))
			sum := officetest.Sum(text)
			bad := content(size, 100)
			for name, c := range map[string]struct {
				body io.Reader
				want error
			}{
				"cut":      {cut(text[:size-1]), errLine},
				"short":    {bytes.NewReader(text[:size/2]), nil},
				"another":  {bytes.NewReader(bad), data.ErrSum},
				"nothing":  {strings.NewReader(""), data.ErrEmpty},
				"too many": {io.MultiReader(bytes.NewReader(text), bytes.NewReader(content(most, 9))), data.ErrTooMany},
			} {
				_, err := blobs.Put(t.Context(), sum, c.body, most)
				if err == nil || c.want != nil && !errors.Is(err, c.want) {
					t.Errorf("%d bytes, %s: %v", size, name, err)
				}
			}
			if _, err := blobs.Open(t.Context(), sum); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%d bytes are there: %v", size, err)
			}
			for try := range 2 {
				if created, err := blobs.Put(t.Context(), sum, bytes.NewReader(text), most); err != nil || created != (try == 0) {
					t.Errorf("%d bytes, try %d: %v %v", size, try, created, err)
				}
			}
			if !bytes.Equal(whole(t, blobs, sum), text) {
				t.Errorf("%d bytes came back changed", size)
			}
			if sizes, err := blobs.Sizes(t.Context(), sum, officetest.Sum(bad)); err != nil || len(sizes) != 1 || sizes[sum] != int64(size) {
				t.Errorf("%v %v", sizes, err)
			}
		}
	})
}

func TestSeek(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		_, blobs := open(t, database)
		text := content(2*data.Part+100, 1)
		if _, err := blobs.Put(t.Context(), officetest.Sum(text), bytes.NewReader(text), 1<<30); err != nil {
			t.Fatal(err)
		}
		f, err := blobs.Open(t.Context(), officetest.Sum(text))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := iotest.TestReader(f, text); err != nil {
			t.Error(err)
		}
	})
}

package data_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/officetest"
)

// A line that breaks again and again loses nothing of what arrived, and the document is whole in the end.
func TestResume(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		_, blobs := open(t, database)
		text := content(3*data.Part+11, 2)
		sum, total := officetest.Sum(text), int64(3*data.Part+11)
		for _, to := range []int64{10, 10, data.Part + 5, 3 * data.Part} {
			from, err := blobs.Received(t.Context(), "anna", sum)
			if err != nil {
				t.Fatal(err)
			}
			here, err := blobs.Append(t.Context(), "anna", sum, from, total, cut(text[from:to]))
			var broken *data.BodyError
			if here != to || !errors.As(err, &broken) || !errors.Is(err, errLine) {
				t.Errorf("to %d: %d %v", to, here, err)
			}
		}
		var offset *data.OffsetError
		for _, from := range []int64{0, 5, 3*data.Part + 1} {
			if here, err := blobs.Append(t.Context(), "anna", sum, from, total, bytes.NewReader(text)); !errors.As(err, &offset) || offset.Offset != 3*data.Part || here != 3*data.Part {
				t.Errorf("from %d: %d %v", from, here, err)
			}
		}
		if here, err := blobs.Append(t.Context(), "ben", sum, 3, total, bytes.NewReader(text)); !errors.As(err, &offset) || here != 0 {
			t.Errorf("another owner goes on: %d %v", here, err)
		}
		if here, err := blobs.Append(t.Context(), "anna", sum, 3*data.Part, total, io.MultiReader(bytes.NewReader(text[3*data.Part:]), strings.NewReader("more"))); here != total || err != nil {
			t.Errorf("%d %v", here, err)
		}
		if _, err := blobs.Open(t.Context(), sum); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("seen before it was checked: %v", err)
		}
		if created, err := blobs.Finish(t.Context(), "anna", sum); err != nil || !created {
			t.Errorf("%v %v", created, err)
		}
		if here, err := blobs.Received(t.Context(), "anna", sum); err != nil || here != 0 {
			t.Errorf("%d bytes are left: %v", here, err)
		}
		if here, err := blobs.Append(t.Context(), "ben", sum, 0, total, bytes.NewReader(text)); here != total || err != nil {
			t.Errorf("%d %v", here, err)
		}
		if created, err := blobs.Finish(t.Context(), "ben", sum); err != nil || created {
			t.Errorf("the second is new: %v %v", created, err)
		}
		if !bytes.Equal(whole(t, blobs, sum), text) {
			t.Error("the document is another")
		}
	})
}

func TestUploadOfOtherBytes(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		_, blobs := open(t, database)
		sum := officetest.Sum([]byte("right"))
		if _, err := blobs.Append(t.Context(), "anna", sum, 0, 5, strings.NewReader("wrong")); err != nil {
			t.Fatal(err)
		}
		if _, err := blobs.Finish(t.Context(), "anna", sum); !errors.Is(err, data.ErrSum) {
			t.Errorf("got %v", err)
		}
		if here, err := blobs.Received(t.Context(), "anna", sum); here != 0 || err != nil {
			t.Errorf("%d %v", here, err)
		}
		if _, err := blobs.Finish(t.Context(), "anna", sum); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
		}
		if _, err := blobs.Append(t.Context(), "anna", sum, 0, 5, strings.NewReader("right")); err != nil {
			t.Error(err)
		}
		if created, err := blobs.Finish(t.Context(), "anna", sum); err != nil || !created {
			t.Errorf("%v %v", created, err)
		}
	})
}

// Lines that send the same upload at once do not spoil it.
func TestUploadOverManyLines(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		_, blobs := open(t, database)
		text := content(5*data.Part+3, 3)
		sum, total := officetest.Sum(text), int64(5*data.Part+3)
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				for {
					here, err := blobs.Received(t.Context(), "anna", sum)
					if err == nil && here < total {
						here, err = blobs.Append(t.Context(), "anna", sum, here, total, bytes.NewReader(text[here:]))
					}
					var offset *data.OffsetError
					if err != nil && !errors.As(err, &offset) {
						t.Error(err)
						return
					}
					if here == total {
						return
					}
				}
			})
		}
		wait.Wait()
		if created, err := blobs.Finish(t.Context(), "anna", sum); err != nil || !created {
			t.Errorf("%v %v", created, err)
		}
		if !bytes.Equal(whole(t, blobs, sum), text) {
			t.Error("the document is another")
		}
	})
}

// unfinished opens a store with a big upload whose bytes nobody had to send.
func unfinished(t *testing.T, database, owner, sum string, size int64) data.Blobs {
	t.Helper()
	if database != "" {
		_, blobs := open(t, database)
		datatest.Do(t, database, "insert into rekey.uploads (owner, sum, size, touched) values ($1, $2, $3, now())", owner, sum, size)
		return blobs
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "uploads", officetest.Sum([]byte(owner)), sum)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600), os.Truncate(path, size)); err != nil {
		t.Fatal(err)
	}
	blobs, err := data.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	return blobs
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestUnfinishedLimit(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		const big = data.MaxUnfinished - data.Part
		name := func(s string) string { return officetest.Sum([]byte(s)) }
		blobs := unfinished(t, database, "anna", name("a"), big)
		if here, err := blobs.Append(t.Context(), "anna", name("b"), 0, 2*data.Part, zeros{}); here != data.Part || !errors.Is(err, data.ErrUnfinished) {
			t.Errorf("%d %v", here, err)
		}
		if _, err := blobs.Append(t.Context(), "anna", name("c"), 0, 1, zeros{}); !errors.Is(err, data.ErrUnfinished) {
			t.Errorf("got %v", err)
		}
		if here, err := blobs.Append(t.Context(), "ben", name("b"), 0, 10, zeros{}); here != 10 || err != nil {
			t.Errorf("another owner: %d %v", here, err)
		}
		if err := blobs.Prune(t.Context(), time.Now().Add(-time.Hour)); err != nil {
			t.Error(err)
		}
		if here, err := blobs.Received(t.Context(), "anna", name("a")); here != big || err != nil {
			t.Errorf("a young one was thrown away: %d %v", here, err)
		}
		if err := blobs.Prune(t.Context(), time.Now().Add(time.Hour)); err != nil {
			t.Error(err)
		}
		if here, err := blobs.Received(t.Context(), "anna", name("a")); here != 0 || err != nil {
			t.Errorf("an old one is there: %d %v", here, err)
		}
		if here, err := blobs.Append(t.Context(), "anna", name("c"), 0, 1, zeros{}); here != 1 || err != nil {
			t.Errorf("room was not given back: %d %v", here, err)
		}
	})
}

// A slow line that still holds an upload which another line has finished does not write into the document, nor into the next upload.
func TestSlowLine(t *testing.T) {
	datatest.Each(t, func(t *testing.T, database string) {
		_, blobs := open(t, database)
		text := content(data.Part+10, 7)
		sum, total := officetest.Sum(text), int64(data.Part+10)
		if _, err := blobs.Append(t.Context(), "anna", sum, 0, total, cut(text[:10])); err == nil {
			t.Fatal("the line was not cut")
		}
		slow := &stages{func() {}, func() { // between two reads of the slow line
			if here, err := blobs.Append(t.Context(), "anna", sum, 10, total, bytes.NewReader(text[10:])); here != total || err != nil {
				t.Errorf("%d %v", here, err)
			}
			if created, err := blobs.Finish(t.Context(), "anna", sum); err != nil || !created {
				t.Errorf("%v %v", created, err)
			}
			if _, err := blobs.Append(t.Context(), "anna", sum, 0, total, cut(text[:10])); err == nil {
				t.Error("the line was not cut")
			}
		}}
		_, err := blobs.Append(t.Context(), "anna", sum, 10, total, slow)
		var offset *data.OffsetError
		if database == "" && !errors.As(err, &offset) { // rows cannot be held: there the slow line goes on with the new upload
			t.Errorf("got %v", err)
		}
		if !bytes.Equal(whole(t, blobs, sum), text) {
			t.Error("the document was changed")
		}
	})
}

// stages gives wrong bytes, and does something before each read.
type stages []func()

func (s *stages) Read(p []byte) (int, error) {
	if len(*s) == 0 {
		return 0, io.EOF
	}
	(*s)[0]()
	*s = (*s)[1:]
	return copy(p, "wrong"), nil
}

package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// Folders of Files. A document lies in ab/cdef…, by its SHA-256.
const (
	incoming = "incoming" // half-written files; emptied at each start
	uploads  = "uploads"  // SHA-256 of the owner / SHA-256 of the document: the bytes that are here
)

// Files keeps documents as files of one folder, for one process.
type Files struct {
	dir string

	mu   sync.Mutex       // over what follows, and over moving files into place
	used map[string]int64 // bytes of unfinished uploads by folder of the owner
}

var _ Blobs = (*Files)(nil)

// OpenFiles opens the folder and makes it when it is not there.
func OpenFiles(dir string) (*Files, error) {
	f := &Files{dir: dir, used: map[string]int64{}}
	if err := os.RemoveAll(f.path(incoming)); err != nil {
		return nil, err
	}
	if err := errors.Join(os.MkdirAll(f.path(incoming), 0o700), os.MkdirAll(f.path(uploads), 0o700)); err != nil {
		return nil, err
	}
	return f, f.each(func(folder string, info fs.FileInfo) error {
		f.used[folder] += info.Size()
		return nil
	})
}

// Close: nothing is open.
func (f *Files) Close() error { return nil }

// Put: see Blobs.
func (f *Files) Put(ctx context.Context, sum string, body io.Reader, most int64) (created bool, err error) {
	file, err := os.CreateTemp(f.path(incoming), "doc-*")
	if err != nil {
		return false, err
	}
	defer os.Remove(file.Name()) // gone already when it was moved
	size, hash := int64(0), sha256.New()
	err = parts(ctx, body, most+1, func(part []byte) error {
		size += int64(len(part))
		hash.Write(part)
		_, err := file.Write(part)
		return err
	})
	if err == nil {
		err = fits(size, most, sumOf(hash), sum)
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.place(file.Name(), sum)
}

// fits judges a document that was put whole.
func fits(size, most int64, got, want string) error {
	switch {
	case size > most:
		return ErrTooMany
	case size == 0:
		return ErrEmpty
	case got != want:
		return ErrSum
	}
	return nil
}

// Append: see Blobs. Two lines that send the same upload at once do not spoil it: each part goes to the end that its sender knows.
func (f *Files) Append(ctx context.Context, owner, sum string, offset, total int64, body io.Reader) (int64, error) {
	folder, path := f.upload(owner, sum)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, err
	}
	if here, err := f.Received(ctx, owner, sum); err != nil || here != offset {
		return here, errors.Join(err, offsetError(here, offset))
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return offset, err
	}
	here := offset
	err = parts(ctx, body, total-offset, func(part []byte) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		switch end, err := f.end(file, path); {
		case err != nil:
			here = end
			return err
		case end != here:
			here = end
			return &OffsetError{here}
		case f.used[folder]+int64(len(part)) > MaxUnfinished:
			return ErrUnfinished
		}
		if _, err := file.WriteAt(part, here); err != nil {
			return errors.Join(err, file.Truncate(here))
		}
		here += int64(len(part))
		f.used[folder] += int64(len(part))
		return nil
	})
	return here, errors.Join(err, file.Sync(), file.Close(), SyncFolder(filepath.Dir(path)), SyncFolder(f.path(uploads)))
}

// end gives the size of an upload; 0 when another line has finished it or thrown it away: then file is no upload any more, and must
// not be written, even if a new upload lies at path.
func (f *Files) end(file *os.File, path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, &OffsetError{0}
	}
	if err != nil {
		return 0, err
	}
	own, err := file.Stat()
	if err == nil && !os.SameFile(info, own) {
		err = &OffsetError{info.Size()}
	}
	return info.Size(), err
}

func offsetError(here, offset int64) error {
	if here == offset {
		return nil
	}
	return &OffsetError{here}
}

// Received: see Blobs.
func (f *Files) Received(_ context.Context, owner, sum string) (int64, error) {
	_, path := f.upload(owner, sum)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Finish: see Blobs.
func (f *Files) Finish(_ context.Context, owner, sum string) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	folder, path := f.upload(owner, sum)
	data, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	if got := sha256.Sum256(data); hex.EncodeToString(got[:]) != sum {
		f.used[folder] -= int64(len(data))
		return false, errors.Join(ErrSum, os.Remove(path))
	}
	created, err := f.place(path, sum)
	if err != nil {
		return false, err
	}
	f.used[folder] -= int64(len(data))
	if !created {
		err = os.Remove(path)
	}
	return created, err
}

// place moves a checked file to its place. The caller has the lock.
func (f *Files) place(path, sum string) (created bool, err error) {
	target := f.document(sum)
	if _, err := os.Stat(target); err == nil {
		return false, nil
	}
	folder := filepath.Dir(target)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return false, err
	}
	if err := os.Rename(path, target); err != nil {
		return false, err
	}
	return true, errors.Join(SyncFolder(folder), SyncFolder(f.dir))
}

// Sizes: see Blobs.
func (f *Files) Sizes(_ context.Context, sums ...string) (map[string]int64, error) {
	sizes := map[string]int64{}
	for _, sum := range sums {
		info, err := os.Stat(f.document(sum))
		if err == nil {
			sizes[sum] = info.Size()
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return sizes, nil
}

// Open: see Blobs.
func (f *Files) Open(_ context.Context, sum string) (io.ReadSeekCloser, error) {
	file, err := os.Open(f.document(sum))
	if err != nil {
		return nil, err
	}
	return file, nil
}

// Prune: see Blobs.
func (f *Files) Prune(_ context.Context, before time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.each(func(folder string, info fs.FileInfo) error {
		if !info.ModTime().Before(before) {
			return nil
		}
		f.used[folder] -= info.Size()
		return os.Remove(f.path(uploads, folder, info.Name()))
	})
}

// each calls do for each unfinished upload.
func (f *Files) each(do func(folder string, info fs.FileInfo) error) error {
	folders, err := os.ReadDir(f.path(uploads))
	for _, folder := range folders {
		files, err := os.ReadDir(f.path(uploads, folder.Name()))
		if err != nil {
			return err
		}
		for _, file := range files {
			info, err := file.Info()
			if err == nil {
				err = do(folder.Name(), info)
			}
			if err != nil {
				return err
			}
		}
	}
	return err
}

func (f *Files) path(names ...string) string {
	return filepath.Join(append([]string{f.dir}, names...)...)
}

func (f *Files) document(sum string) string { return f.path(sum[:2], sum[2:]) }

// upload names the folder of an owner, whose name may hold anything, and the file in it.
func (f *Files) upload(owner, sum string) (folder, path string) {
	hash := sha256.Sum256([]byte(owner))
	folder = hex.EncodeToString(hash[:])
	return folder, f.path(uploads, folder, sum)
}

// SyncFolder makes a rename last. Windows cannot sync a folder and needs not.
func SyncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

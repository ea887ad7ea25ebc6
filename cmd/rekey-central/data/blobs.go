package data

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"syscall"
	"time"
)

// Limits of the documents' store.
const (
	Part          = 256 << 10 // bytes that go to the disk, or over the line, at once
	MaxUnfinished = 200 << 20 // bytes of one owner's unfinished uploads together
)

// Blobs keeps whole documents by the SHA-256 of their bytes (lower-case hex, given by the caller in that shape) and uploads
// that are not whole yet, by owner and SHA-256. A whole document is never changed and never taken away.
//
// It promises: what a call reported as kept is on the disk; a document is seen whole or not at all.
type Blobs interface {
	// Put keeps the bytes of body when there are 1 to most of them and they fit sum; created is false when they were here.
	// Errors: ErrSum, ErrTooMany, ErrEmpty, *BodyError. A failure leaves nothing.
	Put(ctx context.Context, sum string, body io.Reader, most int64) (created bool, err error)
	// Append adds body to an owner's upload from offset on, up to total bytes, and gives how many bytes of it are here now.
	// What arrived stays, whatever the error. Errors: *OffsetError when the upload does not end at offset, *BodyError, ErrUnfinished.
	Append(ctx context.Context, owner, sum string, offset, total int64, body io.Reader) (received int64, err error)
	// Received gives the size of an owner's upload, 0 when there is none.
	Received(ctx context.Context, owner, sum string) (int64, error)
	// Finish makes an upload that is complete a document. ErrSum when its bytes do not fit: then it is thrown away.
	Finish(ctx context.Context, owner, sum string) (created bool, err error)
	// Sizes gives the sizes in bytes of those of the documents that are here.
	Sizes(ctx context.Context, sums ...string) (map[string]int64, error)
	// Open gives a document to read; fs.ErrNotExist when it is not here. ctx holds for reading too.
	Open(ctx context.Context, sum string) (io.ReadSeekCloser, error)
	// Prune throws away the uploads that nothing was added to since before.
	Prune(ctx context.Context, before time.Time) error
	Close() error
}

// Errors of Blobs.
var (
	ErrSum        = errors.New("the bytes have another SHA-256 than promised")
	ErrEmpty      = errors.New("there are no bytes")
	ErrTooMany    = errors.New("there are too many bytes")
	ErrUnfinished = fmt.Errorf("an owner's unfinished uploads have at most %d bytes together", MaxUnfinished)
)

// OffsetError: an upload does not end where the caller wanted to go on.
type OffsetError struct {
	Offset int64 // where it ends: go on from here
}

func (e *OffsetError) Error() string { return fmt.Sprintf("the upload has %d bytes here", e.Offset) }

// BodyError: reading the bytes, not keeping them, went wrong.
type BodyError struct{ Err error }

func (e *BodyError) Error() string { return fmt.Sprintf("the bytes broke off: %v", e.Err) }
func (e *BodyError) Unwrap() error { return e.Err }

// IsFull tells whether the disk of this machine or of the database is full.
func IsFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || code(err) == diskFull }

// parts calls keep with at most total bytes of body, Part by Part. What came before body broke off is kept.
func parts(ctx context.Context, body io.Reader, total int64, keep func(part []byte) error) error {
	in := &source{r: body}
	room := make([]byte, min(Part, total))
	for total > 0 && in.err == nil {
		n, _ := io.ReadFull(in, room[:min(int64(len(room)), total)])
		if n > 0 {
			if err := errors.Join(keep(room[:n]), ctx.Err()); err != nil {
				return err
			}
		}
		total -= int64(n)
	}
	if in.err != nil && in.err != io.EOF {
		return &BodyError{in.err}
	}
	return nil
}

// source remembers how reading ended; a broken line and a short body look alike to io.ReadFull.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil {
		s.err = err
	}
	return n, err
}

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

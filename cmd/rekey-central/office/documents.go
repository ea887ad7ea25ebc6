package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
)

const (
	keepUploads  = 7 * 24 * time.Hour // an unfinished upload, after its last byte
	pruneUploads = time.Hour          // how often old ones are looked for
)

// PutDocument keeps the bytes of body, whose SHA-256 has to be sum (lower-case hex), and tells whether they are new here. The
// caller may name the document in a case afterwards: having sent the bytes proves that it has them, knowing their hash does not.
// Errors: KindHash, KindInvalid (no bytes), KindTooLarge, KindBody, KindFull.
func (o *Office) PutDocument(ctx context.Context, who Caller, sum string, body io.Reader) (created bool, err error) {
	const op = "keep document"
	if err := mayUpload(who, sum); err != nil {
		return false, wrap(op, err)
	}
	created, err = o.blobs.Put(ctx, sum, body, central.MaxDocument)
	if err == nil {
		err = o.entitle(ctx, who.Owner, sum)
	}
	return created, wrap(op, err)
}

// AppendDocument adds the bytes of body to the caller's unfinished upload from offset on; the whole document has total bytes.
// received is how many bytes are here now, whatever the error: what arrived before the line broke is kept (KindBody). When all are
// here they are checked and become a document: whole, and created when it is new; bytes that do not fit (KindHash) are thrown away.
// Errors besides: KindOffset with *OffsetError, KindTooLarge, KindInvalid, KindQuota above 200 MiB unfinished, KindFull.
func (o *Office) AppendDocument(ctx context.Context, who Caller, sum string, offset, total int64, body io.Reader) (received int64, whole, created bool, err error) {
	const op = "add to document"
	if err := errors.Join(mayUpload(who, sum), checkRange(offset, total)); err != nil {
		return 0, false, false, wrap(op, err)
	}
	if size, whole, err := o.received(ctx, who, sum); err != nil || whole {
		return size, whole, false, wrap(op, err)
	}
	if err := o.pruneUploads(ctx); err != nil {
		return 0, false, false, wrap(op, err)
	}
	received, err = o.blobs.Append(ctx, who.Owner, sum, offset, total, body)
	if err != nil || received < total {
		return received, false, false, wrap(op, err)
	}
	if n, _ := io.ReadFull(body, make([]byte, 1)); n > 0 {
		return received, false, false, wrap(op, invalid("there are more than the %d bytes that the document should have", total))
	}
	created, err = o.blobs.Finish(ctx, who.Owner, sum)
	if errors.Is(err, data.ErrSum) {
		return 0, false, false, wrap(op, err)
	}
	if err == nil {
		err = o.entitle(ctx, who.Owner, sum)
	}
	return received, err == nil, created, wrap(op, err)
}

// Received tells how many bytes of a document are here for the caller: all of them (whole) when it may read the document, else
// those of its own upload, 0 when there is none.
func (o *Office) Received(ctx context.Context, who Caller, sum string) (size int64, whole bool, err error) {
	size, whole, err = o.received(ctx, who, sum)
	return size, whole, wrap("look for document", err)
}

func (o *Office) received(ctx context.Context, who Caller, sum string) (int64, bool, error) {
	allowed, err := o.mayReadDocument(ctx, who, sum)
	if err != nil {
		return 0, false, err
	}
	if allowed {
		sizes, err := o.blobs.Sizes(ctx, sum)
		if size, here := sizes[sum]; err != nil || here {
			return size, err == nil, err
		}
	}
	size, err := o.blobs.Received(ctx, who.Owner, sum)
	return size, false, err
}

// OpenDocument opens a document for a caller that may read it: the officer, and the owners who sent it or got it from the office.
// Everybody else gets KindNotFound. ctx holds for reading too.
func (o *Office) OpenDocument(ctx context.Context, who Caller, sum string) (io.ReadSeekCloser, error) {
	const op = "read document"
	allowed, err := o.mayReadDocument(ctx, who, sum)
	if err != nil {
		return nil, wrap(op, err)
	}
	if allowed {
		f, err := o.blobs.Open(ctx, sum)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, wrap(op, err)
		}
	}
	return nil, &Error{op, KindNotFound, errors.New("no such document")}
}

// Content reads a document whole, for the server itself, and proves that the disk gave back what was put there.
func (o *Office) Content(ctx context.Context, sum string) ([]byte, error) {
	const op = "read document"
	if !IsSHA256(sum) {
		return nil, wrap(op, fs.ErrNotExist)
	}
	f, err := o.blobs.Open(ctx, sum)
	if err != nil {
		return nil, wrap(op, err)
	}
	var content bytes.Buffer
	_, err = content.ReadFrom(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, wrap(op, err)
	}
	if got := sha256.Sum256(content.Bytes()); hex.EncodeToString(got[:]) != sum {
		return nil, &Error{op, KindStorage, errors.New("the document on the disk is damaged")}
	}
	return content.Bytes(), nil
}

func mayUpload(who Caller, sum string) error {
	if who.Owner == "" {
		return invalid("documents are sent by holders and organisations")
	}
	if !IsSHA256(sum) {
		return invalid("sha256: want 64 hex digits, lower case")
	}
	return nil
}

func checkRange(offset, total int64) error {
	switch {
	case total > central.MaxDocument:
		return &Error{"check", KindTooLarge, data.ErrTooMany}
	case total < 1 || offset < 0 || offset > total:
		return invalid("want 1 to %d bytes, and to go on from within them", central.MaxDocument)
	}
	return nil
}

// entitle lets an owner read and name a document that is here.
func (o *Office) entitle(ctx context.Context, owner, sum string) error {
	return o.db.Update(ctx, func(tx data.Tx) error { return tx.Put(data.Readers, ReaderKey(sum, owner), []byte{1}) })
}

func (o *Office) mayReadDocument(ctx context.Context, who Caller, sum string) (bool, error) {
	if who.Officer() || who.Owner == "" || !IsSHA256(sum) {
		return who.Officer() && IsSHA256(sum), nil
	}
	var mark []byte
	err := o.db.View(ctx, func(tx data.Tx) (err error) {
		mark, err = tx.Get(data.Readers, ReaderKey(sum, who.Owner))
		return err
	})
	return mark != nil, err
}

// pruneUploads throws old unfinished uploads away, once in an hour.
func (o *Office) pruneUploads(ctx context.Context) error {
	now, last := o.clock(), o.uploads.Load()
	if now.Sub(time.Unix(last, 0)) < pruneUploads || !o.uploads.CompareAndSwap(last, now.Unix()) {
		return nil
	}
	return o.blobs.Prune(ctx, now.Add(-keepUploads))
}

// ReaderKey is the key in data.Readers that says that an owner has sent a document, or got it from the office.
func ReaderKey(sum, owner string) []byte { return []byte(sum + "/" + owner) }

package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// The layout of a bbolt file, as go.etcd.io/bbolt v1.5 writes it (internal/common: page.go, meta.go, bucket.go). bbolt maps the
// file into memory and believes it: a wrong number there ends the process. So each page is looked at before bbolt sees the file.
const (
	pageHead     = 16 // id u64, flags u16, count u16, overflow u32
	elementSize  = 16 // leaf: flags, pos, ksize, vsize u32; branch: pos, ksize u32, child u64
	metaSize     = 64 // with the checksum in the last 8 bytes
	metaMagic    = 0xED0CDAED
	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagFreelist = 0x10
	isBucket     = 0x01
	noFreelist   = ^uint64(0)
	maxDepth     = 48
	minPage      = 1024
)

// errPages is the cause of every error of checkPages.
var errPages = errors.New("the file is damaged")

func damagedPage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errPages, fmt.Sprintf(format, args...))
}

type pages struct {
	file     io.ReaderAt
	order    binary.ByteOrder
	size     int64 // of one page
	count    uint64
	used     []bool
	freelist uint64
	spare    [][]byte // of pages that have been walked
}

// checkPages walks the whole structure of the newest committed state: every page, every key, every reference and the list of
// free pages. It reads no long values. A cause is errPages, or what the disk says.
func checkPages(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	p := &pages{file: f, order: binary.NativeEndian}
	root, err := p.newestMeta(info.Size())
	if err != nil {
		return err
	}
	p.used = make([]bool, p.count)
	p.used[0], p.used[1] = true, true
	if err := p.tree(root, nil, nil, 0, 0); err != nil {
		return err
	}
	return p.free()
}

// newestMeta reads both heads of the file and takes the valid one of the later transaction, as bbolt does.
func (p *pages) newestMeta(fileSize int64) (root uint64, err error) {
	var newest []byte
	try := func(at int64) {
		var b [pageHead + metaSize]byte
		if _, err := p.file.ReadAt(b[:], at); err != nil || !p.validMeta(b[pageHead:]) {
			return
		}
		meta := b[pageHead:]
		if size := int64(p.order.Uint32(meta[8:])); at != 0 && at != size {
			return
		}
		if newest == nil || p.order.Uint64(meta[48:]) > p.order.Uint64(newest[48:]) {
			newest = append([]byte(nil), meta...)
		}
	}
	try(0)
	for at := int64(minPage); at <= 64<<10; at *= 2 {
		try(at)
	}
	if newest == nil {
		return 0, damagedPage("it does not begin as a store does")
	}
	p.size = int64(p.order.Uint32(newest[8:]))
	p.freelist, p.count = p.order.Uint64(newest[32:]), p.order.Uint64(newest[40:])
	switch {
	case p.size < minPage || p.size > 64<<10 || p.size&(p.size-1) != 0:
		return 0, damagedPage("pages of %d bytes", p.size)
	case p.count < 3 || p.count > uint64(fileSize/p.size):
		return 0, damagedPage("it should have %d pages of %d bytes and has %d bytes", p.count, p.size, fileSize)
	}
	return p.order.Uint64(newest[16:]), nil
}

func (p *pages) validMeta(m []byte) bool {
	sum := fnv.New64a()
	sum.Write(m[:56])
	return p.order.Uint32(m) == metaMagic && p.order.Uint32(m[4:]) == 2 && p.order.Uint64(m[56:]) == sum.Sum64()
}

// page is one page with its overflow pages. Only the first is in memory.
type page struct {
	*pages
	id    uint64
	at    int64 // in the file
	size  int64 // with overflow
	first []byte
	flags uint16
	count int
}

// take reads a page and notes that it is used; a page is used once.
func (p *pages) take(id uint64) (*page, error) {
	if id < 2 || id >= p.count {
		return nil, damagedPage("it refers to page %d of %d", id, p.count)
	}
	pg := &page{pages: p, id: id, at: int64(id) * p.size, first: p.buffer()}
	if _, err := p.file.ReadAt(pg.first, pg.at); err != nil {
		return nil, err
	}
	overflow := uint64(p.order.Uint32(pg.first[12:]))
	if own := p.order.Uint64(pg.first); own != id || overflow >= p.count-id {
		return nil, damagedPage("page %d calls itself %d and reaches over %d more", id, own, overflow)
	}
	for i := id; i <= id+overflow; i++ {
		if p.used[i] {
			return nil, damagedPage("page %d is used twice", i)
		}
		p.used[i] = true
	}
	pg.flags, pg.count = p.order.Uint16(pg.first[8:]), int(p.order.Uint16(pg.first[10:]))
	pg.size = int64(overflow+1) * p.size
	return pg, nil
}

func (p *pages) buffer() []byte {
	n := len(p.spare)
	if n == 0 {
		return make([]byte, p.size)
	}
	b := p.spare[n-1]
	p.spare = p.spare[:n-1]
	return b
}

// bytes gives n bytes of a page, from memory when they are there.
func (pg *page) bytes(pos, n int64) ([]byte, error) {
	switch {
	case pos < pageHead || n < 0 || pos+n > pg.size:
		return nil, damagedPage("page %d refers to bytes behind its end", pg.id)
	case pos+n <= int64(len(pg.first)):
		return pg.first[pos : pos+n], nil
	}
	b := make([]byte, n)
	_, err := pg.file.ReadAt(b, pg.at+pos)
	return b, err
}

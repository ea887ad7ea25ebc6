package store

import (
	"bytes"
	"slices"
)

// element is one line of a page: a key with a value or with a page below.
type element struct {
	key    []byte
	bucket bool
	at     int64  // of the value in the page
	length int64  // of the value
	child  uint64 // of a branch
}

// element reads line i. Nothing in it may point out of the page.
func (pg *page) element(i int) (e element, err error) {
	head := int64(pageHead + i*elementSize)
	line, err := pg.bytes(head, elementSize)
	if err != nil {
		return e, err
	}
	u32 := func(at int) int64 { return int64(pg.order.Uint32(line[at:])) }
	pos, length := head+u32(0), u32(4)
	if pg.flags == flagBranch {
		e.child = pg.order.Uint64(line[8:])
	} else {
		pos, length = head+u32(4), u32(8)
		e.at, e.length = pos+length, u32(12)
		switch flags := u32(0); {
		case flags > isBucket:
			return e, damagedPage("page %d: line %d has the flags %x", pg.id, i, flags)
		case e.at+e.length > pg.size:
			return e, damagedPage("page %d: the value of line %d goes behind the end", pg.id, i)
		default:
			e.bucket = flags == isBucket
		}
	}
	if length == 0 || length > 32<<10 {
		return e, damagedPage("page %d: a key of %d bytes", pg.id, length)
	}
	e.key, err = pg.bytes(pos, length)
	return e, err
}

// tree walks the page and all below it. Its keys must be in order, and in the range [from, until) that the page above gives.
func (p *pages) tree(id uint64, from, until []byte, depth, buckets int) error {
	if depth > maxDepth {
		return damagedPage("page %d lies too deep", id)
	}
	pg, err := p.take(id)
	if err != nil {
		return err
	}
	defer func() { p.spare = append(p.spare, pg.first) }() // its keys are looked at only until here
	if pg.flags != flagLeaf && pg.flags != flagBranch || pg.flags == flagBranch && pg.count == 0 {
		return damagedPage("page %d has the flags %x and %d lines", id, pg.flags, pg.count)
	}
	lines, err := pg.lines(from, until)
	if err != nil {
		return err
	}
	for i, e := range lines {
		switch {
		case pg.flags == flagBranch:
			below := until
			if i+1 < len(lines) {
				below = lines[i+1].key
			}
			err = p.tree(e.child, e.key, below, depth+1, buckets)
		case e.bucket:
			err = p.bucket(pg, e, buckets+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lines reads all lines of a page and looks at the order of their keys.
func (pg *page) lines(from, until []byte) ([]element, error) {
	all := make([]element, 0, min(pg.count, int(pg.size)/elementSize))
	for i := range pg.count {
		e, err := pg.element(i)
		if err != nil {
			return nil, err
		}
		if i > 0 && bytes.Compare(all[i-1].key, e.key) >= 0 || i == 0 && bytes.Compare(from, e.key) > 0 || until != nil && bytes.Compare(e.key, until) >= 0 {
			return nil, damagedPage("page %d: the key of line %d is out of order", pg.id, i)
		}
		all = append(all, e)
	}
	return all, nil
}

// bucket walks a bucket: pages of its own, or, while it is small, one page inside the value.
func (p *pages) bucket(pg *page, e element, depth int) error {
	if e.length < 16 || depth > 2 {
		return damagedPage("page %d: a bucket of %d bytes", pg.id, e.length)
	}
	head, err := pg.bytes(e.at, min(e.length, p.size+16))
	if err != nil {
		return err
	}
	if root := p.order.Uint64(head); root != 0 {
		return p.tree(root, nil, nil, 0, depth)
	}
	inside := &page{pages: p, id: pg.id, size: int64(len(head)) - 16, first: slices.Clone(head[16:])}
	if inside.size < pageHead {
		return damagedPage("page %d: a small bucket of %d bytes", pg.id, inside.size)
	}
	inside.flags, inside.count = p.order.Uint16(inside.first[8:]), int(p.order.Uint16(inside.first[10:]))
	if inside.flags != flagLeaf || p.order.Uint64(inside.first) != 0 || p.order.Uint32(inside.first[12:]) != 0 {
		return damagedPage("page %d: a small bucket with the flags %x", pg.id, inside.flags)
	}
	lines, err := inside.lines(nil, nil)
	if err == nil && slices.ContainsFunc(lines, func(e element) bool { return e.bucket }) {
		err = damagedPage("page %d: a small bucket holds another", pg.id)
	}
	return err
}

// free walks the list of free pages: each is there once and not used by the tree.
func (p *pages) free() error {
	if p.freelist == noFreelist {
		return nil
	}
	pg, err := p.take(p.freelist)
	if err != nil {
		return err
	}
	count, at := int64(pg.count), int64(pageHead)
	if pg.count == 0xFFFF { // the number did not fit into the head
		b, err := pg.bytes(at, 8)
		if err != nil {
			return err
		}
		count, at = int64(p.order.Uint64(b)), at+8
	}
	if pg.flags != flagFreelist || count < 0 || count > int64(p.count) {
		return damagedPage("page %d should list the free pages; it has the flags %x and %d lines", pg.id, pg.flags, count)
	}
	ids, err := pg.bytes(at, count*8)
	if err != nil {
		return err
	}
	for ; len(ids) > 0; ids = ids[8:] {
		id := p.order.Uint64(ids)
		if id >= p.count || p.used[id] {
			return damagedPage("page %d is called free", id)
		}
		p.used[id] = true
	}
	return nil
}

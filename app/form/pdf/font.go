package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Font is a TrueType file, parsed once; it can be used from many goroutines.
type Font struct {
	name   string
	tables map[string][]byte
	units  int
	widths []uint16 // of each glyph, in 1/1000
	loca   []uint32 // offset of each glyph in glyf, and the end
}

// NewFont reads a TrueType file with outlines in glyf. The name is a PostScript name: letters, digits, hyphens.
func NewFont(name string, ttf []byte) (*Font, error) {
	f := &Font{name: name, tables: map[string][]byte{}}
	if len(ttf) < 12 || binary.BigEndian.Uint32(ttf) != 0x00010000 {
		return nil, errors.New("not a TrueType file")
	}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		at := 12 + 16*i
		if at+16 > len(ttf) {
			return nil, errors.New("the table directory is cut off")
		}
		offset, length := int(binary.BigEndian.Uint32(ttf[at+8:])), int(binary.BigEndian.Uint32(ttf[at+12:]))
		if offset > len(ttf) || length > len(ttf)-offset {
			return nil, fmt.Errorf("table %q is beyond the end", ttf[at:at+4])
		}
		f.tables[string(ttf[at:at+4])] = ttf[offset : offset+length]
	}
	for table, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 6, "hmtx": 4, "loca": 4, "glyf": 1} {
		if len(f.tables[table]) < least {
			return nil, fmt.Errorf("table %q is missing or too short", table)
		}
	}
	return f, f.measure()
}

func (f *Font) measure() error {
	head, glyphs := f.tables["head"], int(binary.BigEndian.Uint16(f.tables["maxp"][4:]))
	f.units = int(binary.BigEndian.Uint16(head[18:]))
	metrics := int(binary.BigEndian.Uint16(f.tables["hhea"][34:]))
	wide := binary.BigEndian.Uint16(head[50:]) == 1
	size := 2
	if wide {
		size = 4
	}
	hmtx, loca := f.tables["hmtx"], f.tables["loca"]
	if f.units == 0 || metrics == 0 || glyphs == 0 || len(hmtx) < 4*metrics+2*max(0, glyphs-metrics) || len(loca) < size*(glyphs+1) {
		return errors.New("the tables do not fit together")
	}
	f.widths = make([]uint16, glyphs)
	f.loca = make([]uint32, glyphs+1)
	for i := range f.loca {
		if wide {
			f.loca[i] = binary.BigEndian.Uint32(loca[4*i:])
		} else {
			f.loca[i] = 2 * uint32(binary.BigEndian.Uint16(loca[2*i:]))
		}
		if int(f.loca[i]) > len(f.tables["glyf"]) || i > 0 && f.loca[i] < f.loca[i-1] {
			return errors.New("loca points beyond glyf")
		}
	}
	for i := range f.widths {
		f.widths[i] = uint16((int(binary.BigEndian.Uint16(hmtx[4*min(i, metrics-1):]))*1000 + f.units/2) / f.units)
	}
	return nil
}

// width of a glyph in 1/1000 of the size.
func (f *Font) width(glyph uint16) int {
	if int(glyph) >= len(f.widths) {
		return 0
	}
	return int(f.widths[glyph])
}

// Width is the width of a glyph in 1/1000 of the size.
func (f *Font) Width(glyph uint16) int { return f.width(glyph) }

// metric reads a signed number of a table, in 1/1000 of the size.
func (f *Font) metric(table string, at int) int {
	return int(int16(binary.BigEndian.Uint16(f.tables[table][at:]))) * 1000 / f.units
}

// embedded is a font in one document. A CID stands for a glyph and the letters that it was drawn for: two letters with
// the same picture (A and А) come back as what they were.
type embedded struct {
	font   *Font
	index  int // among the document's fonts
	object int // its first object
	cids   map[cidKey]uint16
	order  []cidKey // CID 1 first
}

type cidKey struct {
	glyph uint16
	text  string
}

func (d *Document) embed(f *Font) *embedded {
	e := d.byFont[f]
	if e == nil {
		e = &embedded{font: f, index: len(d.fonts), cids: map[cidKey]uint16{}}
		d.byFont[f] = e
		d.fonts = append(d.fonts, e)
	}
	return e
}

func (e *embedded) cid(g Glyph) uint16 {
	key := cidKey{g.ID, g.Text}
	cid, known := e.cids[key]
	if !known {
		e.order = append(e.order, key)
		cid = uint16(len(e.order))
		e.cids[key] = cid
	}
	return cid
}

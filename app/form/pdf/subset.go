package pdf

import (
	"encoding/binary"
	"slices"
)

// subset is a TrueType file with only the glyphs in use, and the new number of each. Glyph 0 stays what it is.
func (f *Font) subset(used []cidKey) ([]byte, map[uint16]uint16) {
	glyphs := []uint16{0}
	for _, key := range used {
		glyphs = append(glyphs, key.glyph)
	}
	slices.Sort(glyphs)
	glyphs = slices.Compact(glyphs)
	numbers := map[uint16]uint16{}
	for i, g := range glyphs {
		numbers[g] = uint16(i)
	}
	for i := 0; i < len(glyphs); i++ { // the parts of composed glyphs come behind
		eachPart(f.outline(glyphs[i]), func(at int, part uint16) {
			if _, known := numbers[part]; !known {
				numbers[part] = uint16(len(glyphs))
				glyphs = append(glyphs, part)
			}
		})
	}
	var glyf, loca, hmtx []byte
	for _, g := range glyphs {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		outline := slices.Clone(f.outline(g))
		eachPart(outline, func(at int, part uint16) { binary.BigEndian.PutUint16(outline[at:], numbers[part]) })
		glyf = append(glyf, outline...)
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		hmtx = append(hmtx, f.hmtx(g)...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head, hhea, maxp := slices.Clone(f.tables["head"]), slices.Clone(f.tables["hhea"]), slices.Clone(f.tables["maxp"])
	binary.BigEndian.PutUint32(head[8:], 0)  // checksum, below
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(glyphs)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(glyphs)))
	return assemble([]table{
		{"cvt ", f.tables["cvt "]}, {"fpgm", f.tables["fpgm"]}, {"glyf", glyf}, {"head", head}, {"hhea", hhea},
		{"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}, {"prep", f.tables["prep"]},
	}), numbers
}

// outline is a glyph's data; nothing for a space and for Empty.
func (f *Font) outline(glyph uint16) []byte {
	if int(glyph) >= len(f.widths) {
		return nil
	}
	return f.tables["glyf"][f.loca[glyph]:f.loca[glyph+1]]
}

// hmtx is a glyph's advance and left side bearing, 0 for Empty.
func (f *Font) hmtx(glyph uint16) []byte {
	if int(glyph) >= len(f.widths) {
		return make([]byte, 4)
	}
	table, metrics := f.tables["hmtx"], int(binary.BigEndian.Uint16(f.tables["hhea"][34:]))
	if g := int(glyph); g >= metrics {
		last := 4 * (metrics - 1)
		bearing := 4*metrics + 2*(g-metrics)
		return append(slices.Clone(table[last:last+2]), table[bearing:bearing+2]...)
	}
	return table[4*int(glyph) : 4*int(glyph)+4]
}

// eachPart calls with the place and the number of each part of a composed glyph (OpenType, "glyf").
func eachPart(outline []byte, call func(at int, part uint16)) {
	const words, scale, more, scale2, scale4 = 1, 8, 32, 64, 128
	if len(outline) < 10 || int16(binary.BigEndian.Uint16(outline)) >= 0 {
		return
	}
	for at := 10; at+4 <= len(outline); {
		flags := binary.BigEndian.Uint16(outline[at:])
		call(at+2, binary.BigEndian.Uint16(outline[at+2:]))
		at += 6
		for _, extra := range []struct{ flag, size int }{{words, 2}, {scale, 2}, {scale2, 4}, {scale4, 8}} {
			if int(flags)&extra.flag != 0 {
				at += extra.size
			}
		}
		if flags&more == 0 {
			return
		}
	}
}

type table struct {
	tag  string
	data []byte
}

// assemble writes a TrueType file; tables come sorted by tag, empty ones are left out.
func assemble(tables []table) []byte {
	tables = slices.DeleteFunc(tables, func(t table) bool { return len(t.data) == 0 })
	power, log := 1, 0
	for power*2 <= len(tables) {
		power, log = power*2, log+1
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{len(tables), 16 * power, log, 16 * (len(tables) - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	offset, headAt := 12+16*len(tables), 0
	for _, t := range tables {
		if t.tag == "head" {
			headAt = offset
		}
		out = append(out, t.tag...)
		for _, v := range []uint32{checksum(t.data), uint32(offset), uint32(len(t.data))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		offset += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		out = append(out, make([]byte, -len(out)&3)...)
	}
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(data []byte) (sum uint32) {
	for ; len(data) >= 4; data = data[4:] {
		sum += binary.BigEndian.Uint32(data)
	}
	if len(data) > 0 {
		sum += binary.BigEndian.Uint32(append(slices.Clone(data), 0, 0, 0)[:4])
	}
	return sum
}

package form

import (
	"encoding/binary"
	"slices"
)

// subset is a copy of the face's file whose cmap table knows the given letters only. The PDF library walks every letter
// of the cmap several times for each document; with the few that a form uses it takes about a third less. The copy also
// keeps the library away from the shared bytes. When the small table does not fit the place of the old one, the copy has
// the old one.
func (f *face) subset(letters map[rune]bool) []byte {
	ttf := slices.Clone(f.ttf)
	entry, offset, length := findTable(ttf, "cmap")
	table := f.cmap(letters)
	if entry == nil || len(table) > length {
		return ttf
	}
	copy(ttf[offset:offset+length], table)
	clear(ttf[offset+len(table) : offset+length])
	binary.BigEndian.PutUint32(entry[12:], uint32(len(table)))
	return ttf
}

// findTable gives the directory entry of a table, its offset and length; nil when the font has none.
func findTable(ttf []byte, tag string) (entry []byte, offset, length int) {
	if len(ttf) < 12 {
		return nil, 0, 0
	}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		at := 12 + 16*i
		if at+16 > len(ttf) {
			break
		}
		entry = ttf[at : at+16]
		if string(entry[:4]) == tag {
			offset, length = int(binary.BigEndian.Uint32(entry[8:])), int(binary.BigEndian.Uint32(entry[12:]))
			if offset+length <= len(ttf) {
				return entry, offset, length
			}
		}
	}
	return nil, 0, 0
}

// cmap writes a cmap table with one Windows Unicode subtable of format 4 (OpenType, "cmap"), a segment for each letter.
func (f *face) cmap(letters map[rune]bool) []byte {
	var sorted []rune
	for r := range letters {
		if f.has(r) {
			sorted = append(sorted, r)
		}
	}
	slices.Sort(sorted)
	segments := len(sorted) + 1 // the last one is 0xFFFF, as the format wants
	power, log := 1, 0
	for power*2 <= segments {
		power, log = power*2, log+1
	}
	words := []uint16{
		0, 1, 3, 1, 0, 12, // version, one subtable, Windows, Unicode, its offset
		4, uint16(16 + 8*segments), 0, uint16(2 * segments), uint16(2 * power), uint16(log), uint16(2 * (segments - power)),
	}
	for _, r := range sorted {
		words = append(words, uint16(r)) // ends
	}
	words = append(words, 0xFFFF, 0)
	for _, r := range sorted {
		words = append(words, uint16(r)) // starts
	}
	words = append(words, 0xFFFF)
	for _, r := range sorted {
		words = append(words, f.glyphs[r]-uint16(r)) // from letter to glyph, mod 65536
	}
	words = append(words, 1)
	words = append(words, make([]uint16, segments)...) // no range offsets
	table := make([]byte, 0, 2*len(words))
	for _, w := range words {
		table = binary.BigEndian.AppendUint16(table, w)
	}
	return table
}

package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// fontObjects is how many objects a font takes: Type0, CIDFont, descriptor, file, ToUnicode, CIDToGIDMap.
const fontObjects = 6

// write writes the objects of a font (ISO 32000-1, 9.7 and 9.10).
func (e *embedded) write(w *writer) error {
	f, n := e.font, e.object
	subset, numbers := f.subset(e.order)
	name := subsetTag(subset) + "+" + f.name
	w.object(n, "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, n+1, n+4)
	var widths bytes.Buffer
	gids := make([]byte, 2, 2+2*len(e.order))
	for _, key := range e.order {
		fmt.Fprintf(&widths, "%d ", f.width(key.glyph))
		gids = binary.BigEndian.AppendUint16(gids, numbers[key.glyph])
	}
	w.object(n+1, "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
		"/FontDescriptor %d 0 R/DW %d/W[1[%s]]/CIDToGIDMap %d 0 R>>", name, n+2, f.width(0), bytes.TrimSpace(widths.Bytes()), n+5)
	ascent, descent := f.metric("hhea", 4), f.metric("hhea", 6)
	w.object(n+2, "<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %d 0 R>>",
		name, f.metric("head", 36), f.metric("head", 38), f.metric("head", 40), f.metric("head", 42), ascent, descent, ascent*2/3, n+3)
	if err := w.stream(n+3, subset, fmt.Sprintf("/Length1 %d", len(subset))); err != nil {
		return err
	}
	if err := w.stream(n+4, e.toUnicode(), ""); err != nil {
		return err
	}
	return w.stream(n+5, gids, "")
}

// subsetTag is six letters that change with the subset (9.6.4).
func subsetTag(subset []byte) string {
	sum := sha256.Sum256(subset)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

// toUnicode writes the way from each CID back to its letters, a hundred to a section at most.
func (e *embedded) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for from := 0; from < len(e.order); from += 100 {
		to := min(from+100, len(e.order))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "<%04X> <%s>\n", i+1, utf16Hex(e.order[i].text))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

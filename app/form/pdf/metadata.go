package pdf

import (
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
	"unicode/utf16"
)

const producer = "Rekey"

// writeInfo writes the document information and the XMP packet, which says the same (ISO 19005-2, 6.6).
func (d *Document) writeInfo(w *writer) {
	m := d.meta
	date := m.Date.UTC()
	stamp := textString("D:" + date.Format("20060102150405") + "Z")
	w.object(objInfo, "<</Title %s/Subject %s/Creator %s/Producer %s/CreationDate %s/ModDate %s>>",
		textString(m.Title), textString(m.Subject), textString(m.Creator), textString(producer), stamp, stamp)
	day := date.Format("2006-01-02T15:04:05Z")
	w.plain(objMetadata, fmt.Appendf(nil, "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"+
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/" `+
		`xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>%s</xmp:CreatorTool><xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>
<pdf:Producer>%s</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`, escaped(m.Title), escaped(m.Subject), escaped(m.Language), escaped(m.Creator), day, day, producer),
		"/Type/Metadata/Subtype/XML")
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}

// sRGB is an ICC profile of version 4.2 for IEC 61966-2-1: the primaries adapted to D50 and the curve as a parametric
// one. It is made here from the standard's numbers, so that no file of somebody else's has to be carried along.
func sRGB() []byte {
	fixed := func(values ...float64) []byte {
		var b []byte
		for _, v := range values {
			b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536))))
		}
		return b
	}
	element := func(kind string, data []byte) []byte { return append([]byte(kind+"\x00\x00\x00\x00"), data...) }
	text := func(s string) []byte {
		letters := utf16.Encode([]rune(s))
		b := binary.BigEndian.AppendUint32(nil, 1)
		b = binary.BigEndian.AppendUint32(b, 12)
		b = append(b, "enUS"...)
		b = binary.BigEndian.AppendUint32(b, uint32(2*len(letters)))
		b = binary.BigEndian.AppendUint32(b, 28)
		for _, u := range letters {
			b = binary.BigEndian.AppendUint16(b, u)
		}
		return element("mluc", b)
	}
	xyz := func(x, y, z float64) []byte { return element("XYZ ", fixed(x, y, z)) }
	curve := element("para", append([]byte{0, 3, 0, 0}, fixed(2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)...))
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", text("sRGB IEC61966-2-1")}, {"cprt", text("No copyright, use freely")},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"chad", element("sf32", fixed(1.047882, 0.022919, -0.050217, 0.029587, 0.990479, -0.017059, -0.009232, 0.015076, 0.751678))},
		{"rXYZ", xyz(0.436066, 0.222488, 0.013916)}, {"gXYZ", xyz(0.385147, 0.716873, 0.097076)}, {"bXYZ", xyz(0.143066, 0.060608, 0.714096)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	head := make([]byte, 128)
	head[8], head[9] = 4, 0x20
	copy(head[12:], "mntrRGB XYZ ")
	for i, v := range []uint16{2026, 1, 1} {
		binary.BigEndian.PutUint16(head[24+2*i:], v)
	}
	copy(head[36:], "acsp")
	copy(head[68:], fixed(0.9642, 1, 0.8249))
	body := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var data []byte
	for _, t := range tags {
		body = append(body, t.name...)
		body = binary.BigEndian.AppendUint32(body, uint32(128+4+12*len(tags)+len(data)))
		body = binary.BigEndian.AppendUint32(body, uint32(len(t.data)))
		data = append(data, t.data...)
		data = append(data, make([]byte, -len(data)&3)...)
	}
	profile := append(append(head, body...), data...)
	binary.BigEndian.PutUint32(profile, uint32(len(profile)))
	return profile
}

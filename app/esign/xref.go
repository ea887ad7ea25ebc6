package esign

import (
	"encoding/binary"
	"fmt"

	"rekey/app/esign/pdf"
)

// table writes a section of the old kind (ISO 32000-1 §7.5.4).
func (u *update) table(trailer pdf.Dict) {
	u.out.WriteString("xref\n")
	refs := u.refs()
	for len(refs) > 0 {
		n := run(refs)
		fmt.Fprintf(&u.out, "%d %d\n", refs[0].Num, n)
		for _, ref := range refs[:n] {
			fmt.Fprintf(&u.out, "%010d %05d n\r\n", u.places[ref], ref.Gen)
		}
		refs = refs[n:]
	}
	trailer["Size"] = u.next
	u.out.WriteString("trailer\n")
	pdf.Write(&u.out, trailer)
	u.out.WriteByte('\n')
}

// xrefStream writes a section of the new kind (§7.5.8), unpacked: it is short.
func (u *update) xrefStream(trailer pdf.Dict) {
	own := u.reserve()
	u.begin(own)
	refs := u.refs()
	var index pdf.Array
	var rows []byte
	for len(refs) > 0 {
		n := run(refs)
		index = append(index, refs[0].Num, n)
		for _, ref := range refs[:n] {
			rows = append(rows, 1)
			rows = binary.BigEndian.AppendUint32(rows, uint32(u.places[ref]))
			rows = binary.BigEndian.AppendUint16(rows, uint16(ref.Gen))
		}
		refs = refs[n:]
	}
	trailer["Type"], trailer["W"], trailer["Index"] = pdf.Name("XRef"), pdf.Array{1, 4, 2}, index
	trailer["Size"], trailer["Length"] = u.next, len(rows)
	pdf.Write(&u.out, &pdf.Stream{Dict: trailer, Raw: rows})
	u.out.WriteString("\nendobj\n")
}

// run counts how many references have numbers that follow one another.
func run(refs []pdf.Ref) int {
	n := 1
	for n < len(refs) && refs[n].Num == refs[0].Num+n {
		n++
	}
	return n
}

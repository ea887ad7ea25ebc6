package pdf

import (
	"bytes"
	"errors"
	"fmt"
)

// sections reads the cross-reference sections, newest first: what a newer one says counts.
func (f *File) sections(start int) error {
	seen := map[int]bool{}
	queue := []int{start}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if seen[at] {
			return errors.New("the cross-reference sections go in circles")
		}
		seen[at] = true
		p := parser{f.data, at}
		p.skip()
		var dict Dict
		var err error
		if isTable := bytes.HasPrefix(p.data[p.pos:], []byte("xref")); isTable {
			dict, err = f.table(p.pos + len("xref"))
		} else {
			dict, err = f.xrefStream(at)
			f.XrefStream = f.XrefStream || at == start
		}
		if err != nil {
			return fmt.Errorf("cross-reference section: %w", err)
		}
		if f.Trailer == nil {
			f.Trailer = dict
		}
		for _, key := range []Name{"XRefStm", "Prev"} { // the hidden objects of a hybrid file come before older sections
			if dict[key] == nil {
				continue
			}
			previous, ok := index(dict[key])
			if !ok || previous >= len(f.data) {
				return fmt.Errorf("/%s points nowhere", key)
			}
			queue = append(queue, previous)
		}
	}
	return nil
}

func (f *File) add(num int, e entry) error {
	if _, newer := f.entries[num]; newer {
		return nil
	}
	if len(f.entries) > min(mostEntries, 20_000+len(f.data)/2) { // packed rows cost next to nothing in a file
		return errors.New("the PDF has more objects than it has room for")
	}
	f.entries[num] = e
	return nil
}

// table reads a section of the old kind and its trailer (§7.5.4).
func (f *File) table(pos int) (Dict, error) {
	p := parser{f.data, pos}
	for {
		o, err := p.token(0)
		if err != nil {
			return nil, err
		}
		if o == keyword("trailer") {
			break
		}
		first, ok1 := index(o)
		o, err = p.token(0)
		count, ok2 := index(o)
		if err != nil || !ok1 || !ok2 || first+count > mostObjects+1 {
			return nil, errors.New("a table is broken")
		}
		for num := first; num < first+count; num++ {
			if err := f.tableEntry(&p, num); err != nil {
				return nil, err
			}
		}
	}
	o, err := p.object(0)
	if err != nil {
		return nil, err
	}
	trailer, ok := o.(Dict)
	if !ok {
		return nil, errors.New("there is no trailer")
	}
	return trailer, nil
}

func (f *File) tableEntry(p *parser, num int) error {
	var part [3]any
	for i := range part {
		var err error
		if part[i], err = p.token(deepest); err != nil {
			return err
		}
	}
	offset, ok1 := index(part[0])
	gen, ok2 := index(part[1])
	used := part[2] == keyword("n")
	if !ok1 || !ok2 || !used && part[2] != keyword("f") {
		return errors.New("a table is broken")
	}
	return f.add(num, entry{gen: gen, offset: offset, free: !used || offset == 0})
}

// xrefStream reads a section of the new kind (§7.5.8).
func (f *File) xrefStream(at int) (Dict, error) {
	o, err := f.definition(at, nil)
	if err != nil {
		return nil, err
	}
	s, ok := o.(*Stream)
	if !ok || s.Dict["Type"] != Name("XRef") {
		return nil, errors.New("it is missing")
	}
	data, err := f.unpack(s)
	if err != nil {
		return nil, err
	}
	var w [3]int
	widths, _ := s.Dict["W"].(Array)
	for i := range w {
		if i >= len(widths) {
			return nil, errors.New("its widths are missing")
		}
		if w[i], ok = index(widths[i]); !ok || w[i] > 7 {
			return nil, errors.New("its widths are impossible")
		}
	}
	width := w[0] + w[1] + w[2]
	sections, _ := s.Dict["Index"].(Array)
	if sections == nil {
		sections = Array{Number("0"), s.Dict["Size"]}
	}
	for i := 0; i+1 < len(sections); i += 2 {
		first, ok1 := index(sections[i])
		count, ok2 := index(sections[i+1])
		if !ok1 || !ok2 || first+count > mostObjects+1 || width == 0 || count*width > len(data) {
			return nil, errors.New("it is shorter than it says")
		}
		for num := first; num < first+count; num++ {
			if err := f.addPacked(num, data[:width], w); err != nil {
				return nil, err
			}
			data = data[width:]
		}
	}
	return s.Dict, nil
}

func (f *File) addPacked(num int, row []byte, w [3]int) error {
	var v [3]int
	for i, width := range w {
		for _, b := range row[:width] {
			v[i] = v[i]<<8 | int(b)
		}
		row = row[width:]
	}
	if w[0] == 0 {
		v[0] = 1
	}
	switch v[0] {
	case 0:
		return f.add(num, entry{free: true})
	case 1:
		return f.add(num, entry{gen: v[2], offset: v[1]})
	case 2:
		return f.add(num, entry{stream: v[1]})
	}
	return nil // kinds to come count as null (§7.5.8.3)
}

// fromStream reads an object out of an object stream (§7.5.7).
func (f *File) fromStream(num, stream int) (any, error) {
	all, ok := f.packed[stream]
	if !ok {
		if f.entries[stream].stream > 0 {
			return nil, errors.New("an object stream is in an object stream")
		}
		s, isStream := f.load(Ref{stream, f.entries[stream].gen}).(*Stream)
		if !isStream || f.Name(s.Dict["Type"]) != "ObjStm" {
			return nil, errors.New("its object stream is missing")
		}
		var err error
		if all, err = f.objectStream(s); err != nil {
			return nil, err
		}
		f.packed[stream] = all
	}
	o, ok := all[num]
	if !ok {
		return nil, errors.New("it is not in its object stream")
	}
	return o, nil
}

func (f *File) objectStream(s *Stream) (map[int]any, error) {
	data, err := f.unpack(s)
	if err != nil {
		return nil, err
	}
	count, ok1 := f.Int(s.Dict["N"])
	first, ok2 := f.Int(s.Dict["First"])
	if !ok1 || !ok2 || count < 0 || count > len(data) || first < 0 || first > len(data) {
		return nil, errors.New("an object stream is broken")
	}
	all := map[int]any{}
	head := parser{data[:first], 0}
	for range count {
		o1, err1 := head.token(0)
		o2, err2 := head.token(0)
		num, ok1 := index(o1)
		offset, ok2 := index(o2)
		if err1 != nil || err2 != nil || !ok1 || !ok2 || offset > len(data)-first {
			return nil, errors.New("an object stream is broken")
		}
		if _, twice := all[num]; twice {
			return nil, errors.New("an object stream has an object twice")
		}
		body := parser{data, first + offset}
		if all[num], err = body.object(0); err != nil {
			return nil, err
		}
		if f.unpacked += body.pos - first - offset; f.unpacked > mostUnpacked { // offsets may all point to the same long object
			return nil, errors.New("the PDF unpacks to too much")
		}
	}
	return all, nil
}

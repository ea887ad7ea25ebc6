package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// Limits.
const (
	mostObjects  = 8_388_607 // ISO 32000-1 annex C.2
	mostEntries  = 2_000_000 // in all cross-reference sections
	mostUnpacked = 64 << 20  // bytes of cross-reference and object streams together
	mostPages    = 50_000    // nodes of the page tree
)

// File is a PDF that has been opened. It is for one goroutine.
type File struct {
	Trailer    Dict
	StartXref  int  // where its newest cross-reference section begins
	XrefStream bool // and whether that is a stream
	Size       int  // one more than the highest object number

	data     []byte
	entries  map[int]entry
	objects  map[int]any
	loading  map[int]bool
	packed   map[int]map[int]any // objects of an object stream
	unpacked int
	err      error
}

// entry says where an object is: at an offset, or in an object stream.
type entry struct {
	gen, offset int
	stream      int
	free        bool
}

// ErrEncrypted says that the file is encrypted.
var ErrEncrypted = errors.New("the PDF is encrypted")

// Open reads the cross-reference sections.
func Open(data []byte) (*File, error) {
	f := &File{data: data, entries: map[int]entry{}, objects: map[int]any{}, loading: map[int]bool{}, packed: map[int]map[int]any{}}
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, errors.New("the file does not begin as a PDF does")
	}
	start, err := f.startxref()
	if err != nil {
		return nil, err
	}
	f.StartXref = start
	if err := f.sections(start); err != nil {
		return nil, err
	}
	size, ok := index(f.Trailer["Size"])
	if !ok || size > mostObjects+1 {
		return nil, errors.New("the PDF claims an impossible number of objects")
	}
	f.Size = size
	for num := range f.entries {
		f.Size = max(f.Size, num+1)
	}
	if f.Trailer["Encrypt"] != nil {
		return nil, ErrEncrypted
	}
	return f, nil
}

// startxref is the number before the last %%EOF.
func (f *File) startxref() (int, error) {
	at := bytes.LastIndex(f.data, []byte("startxref"))
	if at < 0 {
		return 0, errors.New("the PDF has no end")
	}
	p := parser{f.data, at + len("startxref")}
	o, err := p.token(0)
	if err != nil {
		return 0, err
	}
	if start, ok := index(o); ok && start < len(f.data) {
		return start, nil
	}
	return 0, errors.New("the PDF does not say where its objects are")
}

// Err is the first fault that was met while objects were read; what was read after it cannot be relied on.
func (f *File) Err() error { return f.err }

func (f *File) fail(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
}

// Resolve follows references. A missing object is null; a broken one is null and shows in Err.
func (f *File) Resolve(o any) any {
	for range 32 {
		ref, ok := o.(Ref)
		if !ok {
			return o
		}
		o = f.load(ref)
	}
	f.fail("references go in circles")
	return nil
}

// Dict resolves to a dictionary, that of a stream too, or nil.
func (f *File) Dict(o any) Dict {
	switch d := f.Resolve(o).(type) {
	case Dict:
		return d
	case *Stream:
		return d.Dict
	}
	return nil
}

// Array resolves to an array, or nil.
func (f *File) Array(o any) Array {
	a, _ := f.Resolve(o).(Array)
	return a
}

// Name resolves to a name, or "".
func (f *File) Name(o any) Name {
	n, _ := f.Resolve(o).(Name)
	return n
}

// String resolves to a string, or "".
func (f *File) String(o any) String {
	s, _ := f.Resolve(o).(String)
	return s
}

// Int resolves to a whole number.
func (f *File) Int(o any) (int, bool) {
	n, ok := f.Resolve(o).(Number)
	if !ok || len(n) > 15 {
		return 0, false
	}
	v, err := strconv.Atoi(string(n))
	return v, err == nil
}

// Float resolves to a number, 0 when it is none.
func (f *File) Float(o any) float64 {
	n, _ := f.Resolve(o).(Number)
	v, _ := strconv.ParseFloat(string(n), 64)
	return v
}

func (f *File) load(ref Ref) any {
	if o, ok := f.objects[ref.Num]; ok && f.entries[ref.Num].gen == ref.Gen {
		return o
	}
	e, ok := f.entries[ref.Num]
	if !ok || e.free || e.gen != ref.Gen {
		return nil
	}
	if f.loading[ref.Num] {
		f.fail("object %d needs itself", ref.Num)
		return nil
	}
	if len(f.loading) > deepest {
		f.fail("objects need each other without end")
		return nil
	}
	f.loading[ref.Num] = true
	defer delete(f.loading, ref.Num)
	var o any
	var err error
	if e.stream > 0 {
		o, err = f.fromStream(ref.Num, e.stream)
	} else {
		o, err = f.definition(e.offset, &ref)
	}
	if err != nil {
		f.fail("object %d: %w", ref.Num, err)
		return nil
	}
	f.objects[ref.Num] = o
	return o
}

// definition reads "num gen obj …" at an offset; want, when there is one, has to be in its place.
func (f *File) definition(offset int, want *Ref) (any, error) {
	if offset < 0 || offset >= len(f.data) {
		return nil, errEnd
	}
	p := parser{f.data, offset}
	var head [3]any
	for i := range head {
		var err error
		if head[i], err = p.token(deepest); err != nil {
			return nil, err
		}
	}
	num, ok1 := index(head[0])
	gen, ok2 := index(head[1])
	if !ok1 || !ok2 || head[2] != keyword("obj") {
		return nil, errors.New("there is no object where one should be")
	}
	if want != nil && (Ref{num, gen}) != *want {
		return nil, errors.New("another object is in its place")
	}
	o, err := p.object(0)
	if err != nil {
		return nil, err
	}
	if dict, ok := o.(Dict); ok {
		p.skip()
		if bytes.HasPrefix(p.data[p.pos:], []byte("stream")) {
			o, err = f.stream(dict, p.pos+len("stream"))
		}
	}
	return o, err
}

// stream cuts out the bytes of a stream, whose keyword ends at pos.
func (f *File) stream(dict Dict, pos int) (any, error) {
	if bytes.HasPrefix(f.data[pos:], []byte("\r")) {
		pos++
	}
	if bytes.HasPrefix(f.data[pos:], []byte("\n")) {
		pos++
	}
	length, ok := f.Int(dict["Length"])
	if !ok || length < 0 || length > len(f.data)-pos {
		return nil, errors.New("a stream does not say how long it is")
	}
	p := parser{f.data, pos + length}
	p.skip()
	if !bytes.HasPrefix(p.data[p.pos:], []byte("endstream")) {
		return nil, errors.New("a stream is not as long as it says")
	}
	return &Stream{dict, f.data[pos : pos+length]}, nil
}

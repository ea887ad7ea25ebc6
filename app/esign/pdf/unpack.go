package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
)

// unpack undoes FlateDecode with a PNG predictor, the only packing of cross-reference and object streams in practice.
func (f *File) unpack(s *Stream) ([]byte, error) {
	filter, parms := f.Resolve(s.Dict["Filter"]), f.Resolve(s.Dict["DecodeParms"])
	if a, ok := filter.(Array); ok && len(a) == 1 {
		filter = f.Resolve(a[0])
		if p, ok := parms.(Array); ok && len(p) == 1 {
			parms = p[0]
		}
	}
	switch filter {
	case nil:
		return s.Raw, nil
	case Name("FlateDecode"):
	default:
		return nil, errors.New("a stream is packed in a way that is not read here")
	}
	r, err := zlib.NewReader(bytes.NewReader(s.Raw))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, int64(mostUnpacked-f.unpacked)+1))
	if err != nil && len(data) == 0 {
		return nil, err
	}
	if f.unpacked += len(data); f.unpacked > mostUnpacked {
		return nil, errors.New("the PDF unpacks to too much")
	}
	return f.predict(data, f.Dict(parms))
}

// predict undoes the PNG predictors (§7.4.4.4) of rows of bytes.
func (f *File) predict(data []byte, parms Dict) ([]byte, error) {
	predictor, _ := f.Int(parms["Predictor"])
	if predictor < 2 {
		return data, nil
	}
	columns, ok := f.Int(parms["Columns"])
	if !ok {
		columns = 1
	}
	if predictor < 10 || columns < 1 || columns > 1<<16 || parms["Colors"] != nil && parms["Colors"] != Number("1") || parms["BitsPerComponent"] != nil && parms["BitsPerComponent"] != Number("8") {
		return nil, errors.New("a stream is packed in a way that is not read here")
	}
	above := make([]byte, columns)
	out := make([]byte, 0, len(data))
	for len(data) > columns {
		kind, row := data[0], data[1:columns+1]
		data = data[columns+1:]
		for i := range row {
			var left, upLeft byte
			if i > 0 {
				left, upLeft = row[i-1], above[i-1]
			}
			switch kind {
			case 1:
				row[i] += left
			case 2:
				row[i] += above[i]
			case 3:
				row[i] += byte((int(left) + int(above[i])) / 2)
			case 4:
				row[i] += paeth(left, above[i], upLeft)
			}
		}
		above = row
		out = append(out, row...)
	}
	return out, nil
}

func paeth(a, b, c byte) byte {
	distance := func(x int) int { return max(x, -x) }
	p := int(a) + int(b) - int(c)
	pa, pb, pc := distance(p-int(a)), distance(p-int(b)), distance(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// deepest nesting of arrays and dictionaries; real files have less than 20.
const deepest = 100

// parser reads objects from data, beginning at pos.
type parser struct {
	data []byte
	pos  int
}

// keyword is a bare word: obj, endobj, stream, xref …
type keyword string

// end of an array or a dictionary.
type closing string

var errEnd = errors.New("the file ends in the middle")

func (p *parser) skip() {
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case isSpace(c):
			p.pos++
		case c == '%':
			for p.pos < len(p.data) && p.data[p.pos] != '\n' && p.data[p.pos] != '\r' {
				p.pos++
			}
		default:
			return
		}
	}
}

// object reads one object; "5 0 R" becomes a Ref.
func (p *parser) object(depth int) (any, error) {
	o, err := p.token(depth)
	if err != nil {
		return nil, err
	}
	switch o := o.(type) {
	case Number:
		if ref, ok := p.ref(o); ok {
			return ref, nil
		}
	case keyword:
		switch o {
		case "null":
			return nil, nil
		case "true", "false":
			return o == "true", nil
		}
		return nil, fmt.Errorf("unexpected %.20q", string(o))
	case closing:
		return nil, fmt.Errorf("unexpected %s", string(o))
	}
	return o, nil
}

// ref looks whether "gen R" follows a number.
func (p *parser) ref(first Number) (Ref, bool) {
	num, ok := index(first)
	if !ok {
		return Ref{}, false
	}
	before := p.pos
	p.skip()
	start := p.pos
	for p.pos < len(p.data) && p.pos-start < 6 && p.data[p.pos] >= '0' && p.data[p.pos] <= '9' {
		p.pos++
	}
	gen, err := strconv.Atoi(string(p.data[start:p.pos]))
	p.skip()
	if err == nil && p.pos < len(p.data) && p.data[p.pos] == 'R' && (p.pos+1 == len(p.data) || !regular(p.data[p.pos+1])) {
		p.pos++
		return Ref{num, gen}, true
	}
	p.pos = before
	return Ref{}, false
}

func regular(c byte) bool { return !isSpace(c) && !isDelimiter(c) }

// token reads one object, a keyword or a closing bracket.
func (p *parser) token(depth int) (any, error) {
	if depth > deepest {
		return nil, errors.New("objects are nested too deeply")
	}
	p.skip()
	if p.pos >= len(p.data) {
		return nil, errEnd
	}
	switch c := p.data[p.pos]; {
	case c == '/':
		p.pos++
		return p.name(), nil
	case c == '(':
		return p.literal()
	case c == '[':
		p.pos++
		return p.array(depth)
	case c == ']':
		p.pos++
		return closing("]"), nil
	case bytes.HasPrefix(p.data[p.pos:], []byte("<<")):
		p.pos += 2
		return p.dict(depth)
	case bytes.HasPrefix(p.data[p.pos:], []byte(">>")):
		p.pos += 2
		return closing(">>"), nil
	case c == '<':
		return p.hex()
	case !regular(c):
		return nil, fmt.Errorf("unexpected %q", c)
	}
	start := p.pos
	for p.pos < len(p.data) && regular(p.data[p.pos]) {
		p.pos++
	}
	word := string(p.data[start:p.pos])
	if c := word[0]; c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.' {
		if _, err := strconv.ParseFloat(word, 64); err != nil || len(word) > 40 {
			return nil, fmt.Errorf("%.20q is no number", word)
		}
		return Number(word), nil
	}
	return keyword(word), nil
}

func (p *parser) name() Name {
	var n []byte
	for p.pos < len(p.data) && regular(p.data[p.pos]) {
		c := p.data[p.pos]
		if c == '#' && p.pos+2 < len(p.data) {
			if v, err := strconv.ParseUint(string(p.data[p.pos+1:p.pos+3]), 16, 8); err == nil {
				c = byte(v)
				p.pos += 2
			}
		}
		n = append(n, c)
		p.pos++
	}
	return Name(n)
}

func (p *parser) array(depth int) (any, error) {
	a := Array{}
	for {
		p.skip()
		if p.pos < len(p.data) && p.data[p.pos] == ']' {
			p.pos++
			return a, nil
		}
		o, err := p.object(depth + 1)
		if err != nil {
			return nil, err
		}
		a = append(a, o)
	}
}

func (p *parser) dict(depth int) (any, error) {
	d := Dict{}
	for {
		key, err := p.token(depth + 1)
		if err != nil {
			return nil, err
		}
		if key == closing(">>") {
			return d, nil
		}
		name, ok := key.(Name)
		if !ok {
			return nil, errors.New("a dictionary has a key that is no name")
		}
		value, err := p.object(depth + 1)
		if err != nil {
			return nil, err
		}
		d[name] = value // some programs write an entry twice; the last one counts, as in most readers
	}
}

// index reads a number that counts something.
func index(o any) (int, bool) {
	n, ok := o.(Number)
	if !ok || len(n) > 12 {
		return 0, false
	}
	v, err := strconv.Atoi(string(n))
	return v, err == nil && v >= 0
}

package pdf

import (
	"bytes"
	"errors"
)

// hex reads a string in angle brackets (§7.3.4.3).
func (p *parser) hex() (any, error) {
	p.pos++
	length := bytes.IndexByte(p.data[p.pos:], '>')
	if length < 0 {
		return nil, errEnd
	}
	out := make([]byte, 0, length/2+1)
	high, half := byte(0), false
	for _, c := range p.data[p.pos : p.pos+length] {
		v := hexValue(c)
		switch {
		case isSpace(c):
			continue
		case v > 15:
			return nil, errors.New("a hex string has other characters")
		case half:
			out = append(out, high<<4|v)
		default:
			high = v
		}
		half = !half
	}
	if half {
		out = append(out, high<<4)
	}
	p.pos += length + 1
	return String(out), nil
}

func hexValue(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// literal reads a string in parentheses (§7.3.4.2).
func (p *parser) literal() (any, error) {
	var out []byte
	open := 0
	for ; p.pos < len(p.data); p.pos++ {
		c := p.data[p.pos]
		switch c {
		case '(':
			if open++; open == 1 {
				continue
			}
		case ')':
			if open--; open == 0 {
				p.pos++
				return String(out), nil
			}
		case '\\':
			out = p.escape(out)
			continue
		}
		out = append(out, c)
	}
	return nil, errEnd
}

// escape leaves pos on the last byte of the escape.
func (p *parser) escape(out []byte) []byte {
	p.pos++
	if p.pos >= len(p.data) {
		return out
	}
	c := p.data[p.pos]
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if p.pos+1 < len(p.data) && p.data[p.pos+1] == '\n' {
			p.pos++
		}
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := 0
	for i := 0; i < 3 && p.pos < len(p.data) && p.data[p.pos] >= '0' && p.data[p.pos] <= '7'; i++ {
		v = v<<3 | int(p.data[p.pos]-'0')
		p.pos++
	}
	p.pos--
	return append(out, byte(v))
}

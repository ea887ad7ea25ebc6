// Package pdf reads the structure of a PDF file (ISO 32000-1 §7) as far as signatures need it, and writes objects back.
//
// It promises an end: whatever bytes it is given, it neither crashes nor runs without end, and takes no more memory than a
// fixed multiple of what is there. Nesting, references, page trees and unpacked streams have limits. It repairs nothing: a
// file that breaks the rules is refused.
//
// It never draws, never unpacks page content and never reads encrypted files.
package pdf

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// Objects are nil, bool, Number, String, Name, Array, Dict, *Stream and Ref.
type (
	// Number is kept as it was written.
	Number string
	// String is the content of a literal or hex string.
	String string
	// Name is without its slash.
	Name string
	// Array holds objects.
	Array []any
	// Dict maps names to objects.
	Dict map[Name]any
	// Ref points to an object.
	Ref struct{ Num, Gen int }
	// Stream is a dictionary and its bytes, still packed.
	Stream struct {
		Dict Dict
		Raw  []byte
	}
)

// Write appends an object. Strings go out as hex, so no content can break the file; a stream has to have its Length.
func Write(b *bytes.Buffer, object any) {
	switch o := object.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		fmt.Fprintf(b, "%t", o)
	case int:
		fmt.Fprintf(b, "%d", o)
	case float64:
		fmt.Fprintf(b, "%.3f", o)
	case Number:
		b.WriteString(string(o))
	case String:
		b.WriteByte('<')
		b.WriteString(hex.EncodeToString([]byte(o)))
		b.WriteByte('>')
	case Name:
		writeName(b, o)
	case Ref:
		fmt.Fprintf(b, "%d %d R", o.Num, o.Gen)
	case Array:
		b.WriteByte('[')
		for i, item := range o {
			if i > 0 {
				b.WriteByte(' ')
			}
			Write(b, item)
		}
		b.WriteByte(']')
	case Dict:
		b.WriteString("<<")
		for _, key := range slices.Sorted(maps.Keys(o)) {
			writeName(b, key)
			b.WriteByte(' ')
			Write(b, o[key])
			b.WriteByte('\n')
		}
		b.WriteString(">>")
	case *Stream:
		Write(b, o.Dict)
		b.WriteString("\nstream\n")
		b.Write(o.Raw)
		b.WriteString("\nendstream")
	case Raw:
		b.WriteString(string(o))
	default:
		panic(fmt.Sprintf("pdf.Write: %T is no object", object)) // a mistake in this program, not in a file
	}
}

// Raw goes into a file as it is.
type Raw string

func writeName(b *bytes.Buffer, n Name) {
	b.WriteByte('/')
	for i := range len(n) {
		if c := n[i]; c <= ' ' || c > '~' || c == '#' || isDelimiter(c) {
			fmt.Fprintf(b, "#%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

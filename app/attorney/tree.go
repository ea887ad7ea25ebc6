package attorney

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Limits of a file.
const (
	mostBytes  = 5 << 20
	mostNodes  = 100_000
	deepest    = 50
	namespace  = "urn://x-artefacts/EMCHD_1"
	rootName   = "Доверенность"
	longestOne = 20_000 // letters of one text
)

// node is one element. Elements of other namespaces are left out.
type node struct {
	name     string
	attrs    map[string]string
	children []*node
	text     strings.Builder
}

// read builds the tree of a file. A document type is refused, so there are no entities but the five of XML.
func read(data []byte) (*node, error) {
	if len(data) > mostBytes {
		return nil, fmt.Errorf("the file has more than %d MB", mostBytes>>20)
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charset
	top := &node{}
	stack, count, foreign := []*node{top}, 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the file is no XML: %w", err)
		}
		last := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, errors.New("the file has a document type, which could hide entities")
		case xml.StartElement:
			if count++; count > mostNodes || len(stack)+foreign > deepest {
				return nil, errors.New("the file has too many elements")
			}
			if foreign > 0 || t.Name.Space != namespace {
				foreign++
				continue
			}
			n, err := newNode(t)
			if err != nil {
				return nil, err
			}
			last.children = append(last.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			if foreign > 0 {
				foreign--
				continue
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if foreign == 0 && last != top && last.text.Len() < longestOne {
				last.text.Write(t)
			}
		}
	}
	if len(top.children) != 1 || top.children[0].name != rootName {
		return nil, fmt.Errorf("the file is no power of attorney of the format %s", namespace)
	}
	return top.children[0], nil
}

func newNode(t xml.StartElement) (*node, error) {
	n := &node{name: t.Name.Local, attrs: map[string]string{}}
	for _, a := range t.Attr {
		if a.Name.Space != "" || a.Name.Local == "xmlns" {
			continue
		}
		if _, twice := n.attrs[a.Name.Local]; twice {
			return nil, fmt.Errorf("<%s> has the attribute %s twice", n.name, a.Name.Local)
		}
		n.attrs[a.Name.Local] = strings.TrimSpace(a.Value)
	}
	return n, nil
}

func charset(name string, in io.Reader) (io.Reader, error) {
	if strings.EqualFold(name, "windows-1251") {
		return charmap.Windows1251.NewDecoder().Reader(in), nil
	}
	return nil, fmt.Errorf("the encoding %.20q is not one of UTF-8 and windows-1251", name)
}

// all gives the children of a name; of nil too.
func (n *node) all(name string) []*node {
	if n == nil {
		return nil
	}
	var found []*node
	for _, c := range n.children {
		if c.name == name {
			found = append(found, c)
		}
	}
	return found
}

// reader walks a tree and keeps the first thing that is there more than once where once is meant.
type reader struct{ err error }

// one follows a path of elements that are there at most once; nil when one is missing.
func (r *reader) one(n *node, path ...string) *node {
	for _, name := range path {
		found := n.all(name)
		if len(found) > 1 && r.err == nil {
			r.err = fmt.Errorf("<%s> is there %d times", name, len(found))
		}
		if len(found) == 0 {
			return nil
		}
		n = found[0]
	}
	return n
}

// attr of a node or of nil.
func (n *node) attr(name string) string {
	if n == nil {
		return ""
	}
	return n.attrs[name]
}

func (n *node) words() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.text.String())
}

package form

import (
	"fmt"
	"slices"

	"golang.org/x/text/language"
)

// problem is one fault of a form's file and the way to it, for the line number.
type problem struct {
	path []any
	text string
}

// check tests what the decoder cannot: required parts, one kind for each block, values out of range, templates.
func (f *Form) check() *problem {
	for _, need := range []struct{ key, value string }{
		{"form", f.ID}, {"language", f.Language}, {"title", f.Title}, {"source", f.Source},
		{"date-format", f.DateFormat}, {"page-mark", f.PageMark},
	} {
		if need.value == "" {
			return &problem{[]any{need.key}, need.key + " is missing or empty"}
		}
	}
	if _, err := language.Parse(f.Language); err != nil {
		return &problem{[]any{"language"}, err.Error()}
	}
	if len(f.Blocks) == 0 {
		return &problem{[]any{"blocks"}, "blocks is missing or empty"}
	}
	c := checker{form: f, sample: newLayout(Input{Form: f})}
	c.try(f.PageMark, "page-mark")
	c.try(f.Foot, "foot")
	for i := range f.Blocks {
		c.at = []any{"blocks", i}
		c.block(&f.Blocks[i])
	}
	return c.first
}

// checker keeps the first problem and the place that it looks at.
type checker struct {
	form   *Form
	sample *layout
	at     []any
	first  *problem
	ids    []string
}

func (c *checker) fail(text string, steps ...any) {
	if c.first == nil {
		c.first = &problem{append(slices.Clone(c.at), steps...), text}
	}
}

// try runs a template over empty values.
func (c *checker) try(text string, steps ...any) {
	if _, err := c.sample.execute(text, markValues{}); err != nil {
		c.fail(err.Error(), steps...)
	}
}

func (c *checker) block(b *Block) {
	for i, r := range b.Routes {
		if r != RoutePaper && r != RouteESigned && r != RouteTransport {
			c.fail(fmt.Sprintf("route %q, want paper, e-signed or transport", r), "routes", i)
		}
	}
	kinds := 0
	for _, set := range []bool{b.Head != nil, b.Title != nil, b.Notice != nil, b.Fields != nil, b.Choices != nil,
		b.Paragraph != nil, b.Signatures != nil, b.Table != nil, b.QR != nil, b.List != nil, len(b.Notes) > 0} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		c.fail(fmt.Sprintf("a block has exactly one of head, title, notice, fields, choices, paragraph, signatures, table, qr, list, notes; this has %d", kinds))
		return
	}
	switch {
	case b.Head != nil:
		c.lines(b.Head.Left, "head", "left")
		c.lines(b.Head.Right, "head", "right")
	case b.Title != nil:
		c.need(b.Title.Text, "title", "text")
		c.try(b.Title.Under, "title", "under")
	case b.Notice != nil:
		c.need(b.Notice.Text, "notice", "text")
	case b.Fields != nil:
		c.try(b.Fields.Heading, "fields", "heading")
		c.cells(b.Fields.Cells, "fields", "cells")
		if p := b.Fields.Photo; p != nil && (p.Width < 10 || p.Width > 90 || p.Height < 10 || p.Height > 120) {
			c.fail("a photograph is 10 to 90 mm wide and 10 to 120 mm high", "fields", "photo")
		} else if p != nil {
			c.try(p.Empty, "fields", "photo", "empty")
		}
	case b.Choices != nil:
		c.choices(b.Choices)
	case b.Paragraph != nil:
		c.try(b.Paragraph.Heading, "paragraph", "heading")
		c.try(b.Paragraph.Text, "paragraph", "text")
		c.try(b.Paragraph.Empty, "paragraph", "empty")
	case b.Signatures != nil:
		c.signatures(b.Signatures)
	case b.Table != nil:
		c.table(b.Table)
	case b.List != nil:
		c.try(b.List.Heading, "list", "heading")
		c.lines(b.List.Items, "list", "items")
	case b.QR != nil:
		c.need(b.QR.Text, "qr", "text")
		c.try(b.QR.Heading, "qr", "heading")
		c.try(b.QR.Beside, "qr", "beside")
		if b.QR.Size < 0 || b.QR.Size > 100 {
			c.fail("size is at most 100 mm", "qr", "size")
		}
	default:
		c.lines(b.Notes, "notes")
	}
}

func (c *checker) need(text string, steps ...any) {
	if text == "" {
		c.fail(fmt.Sprintf("%v is missing or empty", steps[len(steps)-1]), steps...)
	}
	c.try(text, steps...)
}

func (c *checker) lines(texts []string, steps ...any) {
	for i, text := range texts {
		c.try(text, append(slices.Clone(steps), i)...)
	}
}

func (c *checker) cells(cells []Cell, steps ...any) {
	if len(cells) == 0 {
		c.fail("no cells", steps...)
	}
	for i, cell := range cells {
		at := append(slices.Clone(steps), i)
		c.need(cell.Label, append(slices.Clone(at), "label")...)
		c.try(cell.Value, append(slices.Clone(at), "value")...)
		if cell.Span < 0 || cell.Span > 12 || cell.Lines < 0 || cell.Lines > 20 {
			c.fail("span is 1 to 12, lines 1 to 20", at...)
		}
	}
}

func (c *checker) choices(b *Choices) {
	c.try(b.Heading, "choices", "heading")
	c.need(b.Chosen, "choices", "chosen")
	if len(b.Options) == 0 {
		c.fail("no options", "choices", "options")
	}
	for i, o := range b.Options {
		c.need(o.Label, "choices", "options", i, "label")
		if len(o.Of) == 0 {
			c.fail("of is missing: the ids that cross this box", "choices", "options", i)
		}
	}
}

func (c *checker) signatures(b *Signatures) {
	c.try(b.Stamp, "signatures", "stamp")
	c.try(b.Aside, "signatures", "aside")
	if len(b.Places) == 0 {
		c.fail("no places", "signatures", "places")
	}
	for i, p := range b.Places {
		at := []any{"signatures", "places", i}
		if p.ID == "" || slices.Contains(c.ids, p.ID) {
			c.fail("a signature place needs an id of its own", at...)
		}
		c.ids = append(c.ids, p.ID)
		if p.Side != "left" && p.Side != "right" {
			c.fail("side is left or right", append(at, "side")...)
		}
		c.need(p.Caption, append(slices.Clone(at), "caption")...)
		c.try(p.Who, append(slices.Clone(at), "who")...)
		c.try(p.Hint, append(slices.Clone(at), "hint")...)
		c.try(p.Electronic, append(slices.Clone(at), "electronic")...)
		if len(p.Lines) > 0 {
			c.cells(p.Lines, append(slices.Clone(at), "lines")...)
		}
	}
}

func (c *checker) table(b *Table) {
	c.try(b.Heading, "table", "heading")
	c.try(b.Section, "table", "section")
	if len(b.Columns) == 0 || len(b.Columns) > 16 {
		c.fail("a table has 1 to 16 columns", "table", "columns")
	}
	if b.Blank < 0 || b.Blank > 100 {
		c.fail("blank is at most 100 rows", "table", "blank")
	}
	for i, col := range b.Columns {
		at := []any{"table", "columns", i}
		c.need(col.Label, append(slices.Clone(at), "label")...)
		c.try(col.Value, append(slices.Clone(at), "value")...)
		c.try(col.Hex, append(slices.Clone(at), "hex")...)
		if col.Width < 0 || col.Width > 100 {
			c.fail("width is a share of at most 100", at...)
		}
	}
}

package form

import "strings"

const (
	sizeTable, leadTable = 8.5, 4.0
	sizeTop, leadTop     = 7.5, 3.4
	rowMin               = 6.5
	numberWidth          = 10.0
	tablePad             = 1.2
)

// column is a column of a table with its place.
type column struct {
	Column
	x, w float64
}

// table lays a table out: a head of one or two lines that is repeated on each page, then the rows, or empty ones for the pen.
func (l *layout) table(b *Table) []piece {
	columns := l.columns(b)
	top := l.tableHead(columns)
	first, again := l.heading(b.Heading)
	top.glue = true
	var pieces []piece
	repeat := top
	if first == nil {
		top.before = blockGap
	} else {
		pieces = append(pieces, *first)
		repeat = *again
		for _, o := range top.ops {
			o.y += again.height
			repeat.ops = append(repeat.ops, o)
		}
		repeat.height += top.height
	}
	pieces = append(pieces, top)
	rows := l.in.Rows
	if len(rows) == 0 {
		rows = make([]map[string]string, b.Blank)
	}
	number := 0
	for _, row := range rows {
		l.row = rowValues{row, number + 1}
		section := ""
		if row != nil {
			section = l.fill(b.Section)
		}
		var p piece
		if section != "" {
			p = l.section(section)
		} else {
			p = l.tableRow(columns)
			number++
		}
		p.head = &repeat
		pieces = append(pieces, p)
	}
	l.row = rowValues{}
	return pieces
}

// columns gives each column its place; the column of row numbers comes first.
func (l *layout) columns(b *Table) []column {
	free, sum, x := l.frameW, 0.0, 0.0
	var all []column
	if b.Number != "" {
		all = append(all, column{Column: Column{Label: b.Number, Value: "{{.Number}}", middle: true}, w: numberWidth})
		free, x = free-numberWidth, numberWidth
	}
	for _, c := range b.Columns {
		sum += c.weight()
	}
	for _, c := range b.Columns {
		w := free * c.weight() / sum
		all = append(all, column{c, x, w})
		x += w
	}
	return all
}

func (c Column) weight() float64 {
	if c.Width > 0 {
		return c.Width
	}
	return 1
}

// tableHead lays the head out. Neighbours with the same group have it above them.
func (l *layout) tableHead(columns []column) piece {
	label := func(text string, w float64) ([]op, float64) {
		return textOps(l.wrap(l.fill(text), bold, sizeTop, w-2*tablePad), bold, sizeTop, leadTop, 0, 0)
	}
	type span struct {
		from, to int
		ops      []op
		h        float64
	}
	var groups []span
	upper, lower, full := 0.0, 0.0, 0.0
	for i := 0; i < len(columns); i++ {
		s := span{from: i, to: i + 1}
		for s.to < len(columns) && columns[i].Group != "" && columns[s.to].Group == columns[i].Group {
			s.to++
		}
		last := columns[s.to-1]
		if columns[i].Group != "" {
			s.ops, s.h = label(columns[i].Group, last.x+last.w-columns[i].x)
			upper = max(upper, s.h+2*tablePad)
			groups = append(groups, s)
		}
		i = s.to - 1
	}
	heights := make([]float64, len(columns))
	ops := make([][]op, len(columns))
	for i, c := range columns {
		ops[i], heights[i] = label(c.Label, c.w)
		if c.Group != "" {
			lower = max(lower, heights[i]+2*tablePad)
		} else {
			full = max(full, heights[i]+2*tablePad)
		}
	}
	height := max(full, upper+lower)
	p := piece{height: height}
	put := func(ops []op, x, y, w, h, text float64) {
		for _, o := range l.centred(ops, x, w) {
			o.y += y + (h-text)/2
			p.ops = append(p.ops, o)
		}
		p.ops = append(p.ops, op{kind: opBox, x: x, y: y, w: w, h: h, size: hairline})
	}
	for _, g := range groups {
		last := columns[g.to-1]
		put(g.ops, columns[g.from].x, 0, last.x+last.w-columns[g.from].x, upper, g.h)
	}
	for i, c := range columns {
		y := 0.0
		if c.Group != "" {
			y = upper
		}
		put(ops[i], c.x, y, c.w, height-y, heights[i])
	}
	return p
}

// tableRow lays the row at hand out.
func (l *layout) tableRow(columns []column) piece {
	p := piece{height: rowMin}
	for _, c := range columns {
		inner := c.w - 2*tablePad
		ops, y := textOps(l.wrap(l.fill(c.Value), regular, sizeTable, inner), regular, sizeTable, leadTable, c.x+tablePad, tablePad*0.7)
		if c.middle {
			ops = l.centred(ops, c.x, c.w)
		}
		if value := strings.ReplaceAll(l.fill(c.Hex), " ", ""); value != "" {
			l.checkLetters(value, mono)
			lines, size, lead := l.hexGroups(value, inner)
			var hex []op
			hex, y = textOps(lines, mono, size, lead, c.x+tablePad, y)
			ops = append(ops, hex...)
		}
		p.ops = append(p.ops, ops...)
		p.height = max(p.height, y+tablePad)
	}
	for _, c := range columns {
		p.ops = append(p.ops, op{kind: opBox, x: c.x, w: c.w, h: p.height, size: hairline})
	}
	return p
}

// section is a row with one text over all columns; the row behind it stays with it.
func (l *layout) section(text string) piece {
	ops, y := textOps(l.wrap(text, bold, sizeTable, l.frameW-2*tablePad), bold, sizeTable, leadTable, tablePad, tablePad*0.7)
	p := piece{ops: ops, height: y + tablePad, glue: true}
	p.ops = append(p.ops, op{kind: opBox, w: l.frameW, h: p.height, size: hairline})
	return p
}

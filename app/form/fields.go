package form

// fields lays a table out: cells flow over rows of twelve columns, the last cell of a row takes what is left.
func (l *layout) fields(b *Fields) []piece {
	first, again := l.heading(b.Heading)
	var pieces []piece
	if first != nil {
		pieces = append(pieces, *first)
	}
	width := l.frameW
	if b.Photo != nil {
		width -= b.Photo.Width + 4
	}
	for _, row := range rows(b.Cells) {
		p := l.fieldRow(row, width)
		p.head = again
		pieces = append(pieces, p)
	}
	switch {
	case first == nil:
		pieces[0].before = blockGap
	case len(pieces) > 2:
		pieces[1].glue = true // a heading is followed by two rows at least
	}
	if b.Photo != nil {
		return []piece{beside(pieces, l.photoFrame(b.Photo), first != nil)}
	}
	return pieces
}

// beside puts the rows of a block and a photograph into one piece; the photograph begins with the first row.
func beside(pieces []piece, photo piece, heading bool) piece {
	all := piece{before: pieces[0].before}
	y, top := 0.0, 0.0
	for i, p := range pieces {
		if i > 0 {
			y += p.before
		}
		if i == 1 && heading {
			top = y
		}
		for _, o := range p.ops {
			o.y += y
			all.ops = append(all.ops, o)
		}
		y += p.height
	}
	for _, o := range photo.ops {
		o.y += top
		all.ops = append(all.ops, o)
	}
	all.height = max(y, top+photo.height)
	return all
}

// rows groups cells; every cell has its span set.
func rows(cells []Cell) [][]Cell {
	var all [][]Cell
	var row []Cell
	used := 0
	finish := func() {
		if len(row) > 0 {
			row[len(row)-1].Span += columns - used
			all = append(all, row)
		}
		row, used = nil, 0
	}
	for _, c := range cells {
		if c.Span == 0 {
			c.Span = columns / 2
		}
		if used+c.Span > columns {
			finish()
		}
		row = append(row, c)
		used += c.Span
	}
	finish()
	return all
}

// laidCell is a cell with its text broken into lines.
type laidCell struct {
	x, w         float64
	label, value []string
	style        style
	size, lead   float64
	dotted       int // dotted lines when there is no value
}

const cellPad = 2.0

// fieldRow lays one row out.
func (l *layout) fieldRow(cells []Cell, width float64) piece {
	var laid []laidCell
	x := 0.0
	for _, c := range cells {
		lc := laidCell{x: x, w: width * float64(c.Span) / columns, size: 10, lead: 4.8}
		inner := lc.w - 2*cellPad
		lc.label = l.wrap(l.fill(c.Label), regular, sizeLabel, inner)
		if value := l.fill(c.Value); value == "" {
			lc.dotted = max(1, c.Lines)
		} else if c.Hex {
			l.checkLetters(value, mono)
			lc.style = mono
			lc.value, lc.size, lc.lead = l.hexGroups(value, inner)
		} else {
			lc.value = l.wrap(value, regular, lc.size, inner)
		}
		laid = append(laid, lc)
		x += lc.w
	}
	return drawRow(laid)
}

// drawRow puts the label above the value in each cell, and each cell in a hairline frame.
func drawRow(cells []laidCell) piece {
	var p piece
	for _, c := range cells {
		label, y := textOps(c.label, regular, sizeLabel, leadLabel, c.x+cellPad, 0.9)
		value, y := textOps(c.value, c.style, c.size, c.lead, c.x+cellPad, y+0.3)
		p.ops = append(append(p.ops, label...), value...)
		for i := range c.dotted {
			y += c.lead
			if i > 0 {
				y += 1.6
			}
			p.ops = append(p.ops, op{kind: opDots, x: c.x + cellPad, y: y - 0.4, w: c.w - 2*cellPad})
		}
		p.height = max(p.height, y+1.0)
	}
	for _, c := range cells {
		p.ops = append(p.ops, op{kind: opBox, x: c.x, w: c.w, h: p.height, size: hairline})
	}
	return p
}

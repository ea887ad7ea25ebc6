package form

import (
	"slices"
	"strings"

	"rekey/app/identity"
)

// Sizes of type in points and leading in millimetres.
const (
	sizeTitle, leadTitle     = 15.0, 6.6
	sizeHeading, leadHeading = 9.0, 4.4
	sizeBody, leadBody       = 9.5, 4.6
	sizeLabel, leadLabel     = 7.0, 3.1
	sizeMono, leadMono       = 8.5, 4.2
	sizeNote, leadNote       = 7.0, 3.2
	blockGap                 = 5.0
	hairline, thick          = 0.15, 0.35
	columns                  = 12
)

// block lays one block out; nil when it prints nothing.
func (l *layout) block(b *Block) []piece {
	switch {
	case b.Head != nil:
		return l.head(b.Head)
	case b.Title != nil:
		return l.title(b.Title)
	case b.Notice != nil:
		return l.notice(b.Notice)
	case b.Fields != nil:
		return l.fields(b.Fields)
	case b.Choices != nil:
		return l.choices(b.Choices)
	case b.Paragraph != nil:
		return l.paragraph(b.Paragraph)
	case b.Signatures != nil:
		return l.signatures(b.Signatures)
	case b.Table != nil:
		return l.table(b.Table)
	case b.QR != nil:
		return l.qr(b.QR)
	case b.List != nil:
		return l.list(b.List)
	}
	return l.notes(b.Notes)
}

// text gives the lines as operations, the first line's top at y, and the y below the last.
func textOps(lines []string, st style, size, lead, x, y float64) ([]op, float64) {
	var ops []op
	for _, line := range lines {
		y += lead
		if line != "" {
			ops = append(ops, op{kind: opText, x: x, y: y - lead*0.24, text: line, style: st, size: size})
		}
	}
	return ops, y
}

// centred moves each text operation to the middle of a column.
func (l *layout) centred(ops []op, x, width float64) []op {
	for i := range ops {
		ops[i].x = x + (width-l.width(ops[i].text, ops[i].style, ops[i].size))/2
	}
	return ops
}

func (l *layout) head(b *Head) []piece {
	if b.Motto {
		return l.motto(b)
	}
	const column = 80.0
	side := func(texts []string) (lines []string, widest float64) {
		for _, text := range texts {
			lines = append(lines, l.wrap(l.fill(text), regular, sizeBody, column)...)
		}
		for _, line := range lines {
			widest = max(widest, l.width(line, regular, sizeBody))
		}
		return lines, widest
	}
	lines, _ := side(b.Left)
	left, leftH := textOps(lines, regular, sizeBody, leadBody, 0, 0)
	lines, widest := side(b.Right)
	right, rightH := textOps(lines, regular, sizeBody, leadBody, l.frameW-widest, 0)
	if leftH+rightH == 0 {
		return nil
	}
	return []piece{{ops: append(left, right...), height: max(leftH, rightH), before: blockGap}}
}

// motto is a head of two centred columns, each with a short rule below.
func (l *layout) motto(b *Head) []piece {
	width := l.frameW/2 - 4
	p := piece{before: blockGap}
	for i, texts := range [][]string{b.Left, b.Right} {
		x, y := float64(i)*(l.frameW-width), 0.0
		st := style(i) // regular, bold
		for _, text := range texts {
			var ops []op
			ops, y = textOps(l.wrap(l.fill(text), st, sizeBody, width), st, sizeBody, leadBody, x, y)
			p.ops = append(p.ops, l.centred(ops, x, width)...)
		}
		p.ops = append(p.ops, op{kind: opRule, x: x + width/2 - 15, y: y + 1, w: 30, size: hairline})
		p.height = max(p.height, y+2)
	}
	return []piece{p}
}

func (l *layout) title(b *Title) []piece {
	const width = 150.0
	ops, y := textOps(l.balanced(l.fill(b.Text), bold, sizeTitle, width), bold, sizeTitle, leadTitle, 0, 0)
	under, y := textOps(l.wrap(l.fill(b.Under), regular, sizeBody, width), regular, sizeBody, leadBody, 0, y+0.8)
	ops = l.centred(append(ops, under...), 0, l.frameW)
	return []piece{{ops: ops, height: y + 1, before: blockGap + 1, glue: true}}
}

// balanced wraps a title into lines of about the same width.
func (l *layout) balanced(text string, st style, size, width float64) []string {
	lines := l.wrap(text, st, size, width)
	if len(lines) > 1 {
		for narrow := width - 4; narrow > width/2; narrow -= 4 {
			tighter := l.wrap(text, st, size, narrow)
			if len(tighter) > len(lines) {
				break
			}
			lines = tighter
		}
	}
	return lines
}

func (l *layout) notice(b *Notice) []piece {
	text := l.fill(b.Text)
	if text == "" {
		return nil
	}
	ops, y := textOps(l.wrap(text, regular, sizeBody, l.frameW-4), regular, sizeBody, leadBody, 2, 1.6)
	y += 1.8
	ops = append(ops, op{kind: opRule, w: l.frameW, size: hairline}, op{kind: opRule, y: y, w: l.frameW, size: hairline})
	return []piece{{ops: ops, height: y, before: blockGap}}
}

// heading is glued to what follows; its continued form says so.
func (l *layout) heading(text string) (first, again *piece) {
	text = l.fill(text)
	if text == "" {
		return nil, nil
	}
	make := func(text string) *piece {
		ops, y := textOps(l.wrap(text, bold, sizeHeading, l.frameW), bold, sizeHeading, leadHeading, 0, 0)
		return &piece{ops: ops, height: y + 1.1, before: blockGap, glue: true}
	}
	return make(text), make(strings.TrimSpace(text + " " + l.fill(l.in.Form.Continued)))
}

func (l *layout) choices(b *Choices) []piece {
	const box, gap, lead = 3.6, 8.0, 6.4
	chosen := l.fill(b.Chosen)
	crossed := -1
	for i, o := range b.Options {
		if slices.Contains(o.Of, chosen) || crossed < 0 && slices.Contains(o.Of, "*") {
			crossed = i
		}
	}
	if chosen == "" {
		crossed = -1
	} else if crossed < 0 {
		l.fail(inputError("%s has no box for %q", l.in.Form.ID, chosen))
	}
	var ops []op
	x, y := 0.0, 0.0
	for i, o := range b.Options {
		label := l.wrap(l.fill(o.Label), regular, sizeBody, l.frameW-box-2)
		width := box + 2
		for _, line := range label {
			width = max(width, box+2+l.width(line, regular, sizeBody))
		}
		if x > 0 && x+width > l.frameW {
			x, y = 0, y+lead
		}
		ops = append(ops, op{kind: opBox, x: x, y: y + 0.9, w: box, h: box, size: thick})
		if i == crossed {
			cross := l.centred([]op{{kind: opText, y: y + 0.9 + box - 0.62, text: "X", style: bold, size: sizeBody}}, x, box)
			ops = append(ops, cross...)
		}
		text, below := textOps(label, regular, sizeBody, leadBody, x+box+2, y+0.5)
		ops = append(ops, text...)
		x, y = x+width+gap, max(y, below-leadBody-0.5)
	}
	row := piece{ops: ops, height: y + lead, before: blockGap}
	first, _ := l.heading(b.Heading)
	if first == nil {
		return []piece{row}
	}
	row.before = 0
	return []piece{*first, row}
}

func (l *layout) paragraph(b *Paragraph) []piece {
	text, indent := l.fill(b.Text), 0.0
	if text == "" {
		text, indent = l.fill(b.Empty), 3
	}
	if text == "" {
		return nil
	}
	first, again := l.heading(b.Heading)
	var pieces []piece
	if first != nil {
		pieces = append(pieces, *first)
	}
	lines := l.wrap(text, regular, sizeBody, l.frameW-indent)
	for i, line := range lines {
		ops, y := textOps([]string{line}, regular, sizeBody, leadBody, indent, 0)
		if b.Center {
			ops = l.centred(ops, 0, l.frameW)
		}
		if indent > 0 {
			ops = append(ops, op{kind: opRule, h: y, size: thick * 2})
		}
		p := piece{ops: ops, height: y, head: again}
		p.glue = i == 0 && len(lines) > 1 || i == len(lines)-2 // no line alone
		if i == 0 && first == nil {
			p.before = blockGap
		}
		pieces = append(pieces, p)
	}
	return pieces
}

func (l *layout) notes(texts []string) []piece {
	ops := []op{{kind: opRule, w: 30, size: hairline}}
	y := 1.2
	for _, text := range texts {
		if text = l.fill(text); text != "" {
			var lines []op
			lines, y = textOps(l.wrap(text, regular, sizeNote, l.frameW), regular, sizeNote, leadNote, 0, y)
			ops = append(ops, lines...)
		}
	}
	if len(ops) == 1 {
		return nil
	}
	return []piece{{ops: ops, height: y, before: 4}}
}

// hexGroups writes hex in groups of four, as many to a line as make even lines. Long values get smaller type: the
// key of an RSA card is to leave room for the signatures on the same sheet.
func (l *layout) hexGroups(value string, width float64) (lines []string, size, lead float64) {
	value = strings.ReplaceAll(value, " ", "")
	size, lead = sizeMono, leadMono
	even := 4
	if len(value) > 256 {
		size, lead, even = 7, 3.4, 2
	}
	group := l.width("0000 ", mono, size)
	perLine := max(1, int((width+group/5)/group))
	if perLine >= even {
		perLine -= perLine % even
	}
	for len(value) > 0 {
		n := min(len(value), perLine*4)
		lines = append(lines, identity.Groups(value[:n], 4))
		value = value[n:]
	}
	return lines, size, lead
}

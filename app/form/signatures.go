package form

const (
	sealSize      = 32.0
	signatureRoom = 11.0 // mm below the words of an electronic signature
)

// signatures lays out a row of places: at the left and at the right, the place of the seal between them, and a text on
// the side that has no place, or below.
func (l *layout) signatures(b *Signatures) []piece {
	column := l.frameW * 0.47
	if b.Stamp != "" {
		column = (l.frameW - sealSize - 14) / 2
	}
	p := piece{before: blockGap + 1.5, bottom: b.Bottom}
	below := map[string]float64{}
	for _, place := range b.Places {
		x := 0.0
		if place.Side == "right" {
			x = l.frameW - column
		}
		y := below[place.Side]
		if y > 0 {
			y += blockGap
		}
		below[place.Side] = l.place(&p, place, x, y, column)
	}
	p.height = max(below["left"], below["right"])
	if b.Stamp != "" {
		l.seal(&p, b.Stamp)
	}
	l.aside(&p, b.Aside, below, column)
	return []piece{p}
}

// place adds one place to a piece and gives the y below it.
func (l *layout) place(p *piece, s SignaturePlace, x, y, width float64) float64 {
	top, pad := y, 0.0
	if s.Frame {
		pad = 3
		y += 1.6
	}
	inner := width - 2*pad
	add := func(text string, st style, size, lead float64) {
		var ops []op
		ops, y = textOps(l.wrap(l.fill(text), st, size, inner), st, size, lead, x+pad, y)
		p.ops = append(p.ops, ops...)
	}
	add(s.Caption, bold, sizeHeading, leadHeading)
	add(s.Who, regular, sizeBody, leadBody)
	free := Place{ID: s.ID, X: x + pad, Y: y + 1, W: inner, H: 14}
	if electronic := l.fill(s.Electronic); electronic != "" && l.in.Route == RouteESigned {
		y += 1.5
		add(s.Electronic, regular, sizeMono, leadMono)
		y += 1
		free.Y, free.H = y, signatureRoom // what package esign draws goes here
		y += signatureRoom
	} else {
		y += 16
		p.ops = append(p.ops, op{kind: opRule, x: x + pad, y: y, w: inner, size: 0.2})
		y += 0.3
		add(s.Hint, regular, sizeLabel, leadLabel)
		y = l.penLines(p, s.Lines, x+pad, y+1, inner)
	}
	p.places = append(p.places, free)
	if s.Frame {
		y += 2.5
		p.ops = append(p.ops, op{kind: opBox, x: x, y: top, w: width, h: y - top, size: thick})
	}
	return y
}

// penLines prints "label value", or the label and a dotted line.
func (l *layout) penLines(p *piece, cells []Cell, x, y, width float64) float64 {
	for _, c := range cells {
		label := l.fill(c.Label)
		if value := l.fill(c.Value); value != "" {
			ops, below := textOps(l.wrap(label+" "+value, regular, sizeBody, width), regular, sizeBody, leadBody, x, y)
			p.ops, y = append(p.ops, ops...), below
			continue
		}
		y += 1.6
		ops, below := textOps(l.wrap(label, regular, sizeBody, width/2), regular, sizeBody, leadBody, x, y)
		w := l.width(label, regular, sizeBody) + 1.5
		if w > width/2 {
			w = width / 2
		}
		p.ops = append(append(p.ops, ops...), op{kind: opDots, x: x + w, y: below - leadBody*0.2, w: width - w})
		y = below
	}
	return y
}

// seal adds the dashed circle for the stamp in the middle.
func (l *layout) seal(p *piece, text string) {
	x := (l.frameW - sealSize) / 2
	p.height = max(p.height, sealSize)
	y := (p.height - sealSize) / 2
	ops, _ := textOps(l.wrap(l.fill(text), regular, sizeBody, sealSize), regular, sizeBody, leadBody, x, y+sealSize/2-leadBody/2)
	p.ops = append(p.ops, l.centred(ops, x, sealSize)...)
	p.ops = append(p.ops, op{kind: opCircle, x: x, y: y, w: sealSize, h: sealSize, size: hairline})
}

// aside prints a text on the free side, or below when both sides are taken.
func (l *layout) aside(p *piece, text string, below map[string]float64, column float64) {
	if text = l.fill(text); text == "" {
		return
	}
	x, y, width := 0.0, 0.0, column
	switch {
	case below["left"] == 0:
	case below["right"] == 0:
		x = l.frameW - column
	default:
		y, width = p.height+3, l.frameW
	}
	ops, bottom := textOps(l.wrap(text, regular, sizeMono, width), regular, sizeMono, leadMono, x, y)
	p.ops, p.height = append(p.ops, ops...), max(p.height, bottom)
}

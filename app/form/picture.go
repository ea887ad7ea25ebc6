package form

import (
	"github.com/boombuler/barcode/qr"
)

// photoFrame lays out the place of a photograph at the end of a block of fields, and the photograph when there is one.
func (l *layout) photoFrame(b *Photo) piece {
	x := l.frameW - b.Width
	p := piece{height: b.Height, ops: []op{{kind: opBox, x: x, w: b.Width, h: b.Height, size: hairline}}}
	if l.photo != nil {
		p.ops = append(p.ops, op{kind: opPhoto, x: x, w: b.Width, h: b.Height})
		return p
	}
	lines := l.wrap(l.fill(b.Empty), regular, sizeLabel, b.Width-2*cellPad)
	ops, _ := textOps(lines, regular, sizeLabel, leadLabel, x, (b.Height-leadLabel*float64(len(lines)))/2)
	p.ops = append(p.ops, l.centred(ops, x, b.Width)...)
	return p
}

// qr lays out a QR code with a text at its side.
func (l *layout) qr(b *QR) []piece {
	text := l.fill(b.Text)
	if text == "" {
		return nil
	}
	c, err := newCode(text, qr.M)
	if err != nil {
		l.fail(inputError("QR code: %w", err))
		return nil
	}
	first, _ := l.heading(b.Heading)
	size := b.Size
	if size == 0 {
		size = 40
	}
	x := size + 6
	ops, y := textOps(l.wrap(l.fill(b.Beside), regular, sizeBody, l.frameW-x), regular, sizeBody, leadBody, x, 1)
	p := piece{ops: append(ops, op{kind: opQR, y: 2, w: size, h: size, code: c}), height: max(size+2, y), before: blockGap}
	if first == nil {
		return []piece{p}
	}
	p.before = 0
	return []piece{*first, p}
}

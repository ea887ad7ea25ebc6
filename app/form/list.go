package form

// list lays out lines with an empty box each, to be ticked by hand. An item that is empty for this input is left out.
func (l *layout) list(b *List) []piece {
	const box, lead = 3.6, 6.2
	first, again := l.heading(b.Heading)
	var pieces []piece
	if first != nil {
		pieces = append(pieces, *first)
	}
	for _, item := range b.Items {
		text := l.fill(item)
		if text == "" {
			continue
		}
		ops, y := textOps(l.wrap(text, regular, sizeBody, l.frameW-box-3), regular, sizeBody, leadBody, box+3, 0.5)
		ops = append(ops, op{kind: opBox, y: 0.9, w: box, h: box, size: thick})
		pieces = append(pieces, piece{ops: ops, height: max(y, lead) + 0.6, head: again})
	}
	if first == nil && len(pieces) > 0 {
		pieces[0].before = blockGap
	}
	return pieces
}

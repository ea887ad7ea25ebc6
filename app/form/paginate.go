package form

import "math"

// paginate puts pieces on pages: glued ones together, a heading again where its table goes on.
func paginate(pieces []piece, frameH float64) []page {
	pages := []page{{}}
	for i := 0; i < len(pieces); {
		end := i + 1
		for end < len(pieces) && pieces[end-1].glue {
			end++
		}
		if height(pieces[i:end])+pieces[i].headHeight() > frameH {
			end = i + 1 // too much to keep together
		}
		chunk := pieces[i:end]
		last := &pages[len(pages)-1]
		y := last.y
		if y > 0 {
			y += chunk[0].before
		}
		if last.y > 0 && y+height(chunk) > frameH {
			pages = append(pages, page{})
			last, y = &pages[len(pages)-1], 0
			if head := chunk[0].head; head != nil {
				last.put(*head, 0)
				y = last.y
			}
		}
		for k, p := range chunk {
			if k > 0 {
				y += p.before
			}
			if rest := height(pieces[i+k:]); p.bottom && y+rest <= frameH {
				y = frameH - rest
			}
			last.put(p, y)
			y = last.y
		}
		i = end
	}
	return pages
}

func (p *piece) headHeight() float64 {
	if p.head == nil {
		return 0
	}
	return p.head.height
}

// partTop is the room above the text of a later part of a piece that is too high for a page.
const partTop = 5.0

// splitTall cuts pieces that no page can hold. Each line of text goes to one part; frames are cut and go on.
func splitTall(pieces []piece, frameH float64) []piece {
	var all []piece
	for _, p := range pieces {
		room := frameH - max(15, p.headHeight()) // for a repeated heading
		if p.height <= room {
			all = append(all, p)
			continue
		}
		partH := room - partTop
		parts := make([]piece, int(math.Ceil(p.height/partH)))
		for i := range parts {
			parts[i] = cut(p, float64(i)*partH, partH, i > 0)
			parts[i].head = p.head
		}
		parts[0].before = p.before
		parts[len(parts)-1].glue = p.glue
		all = append(all, parts...)
	}
	return all
}

// cut takes what lies between from and from+partH out of a piece.
func cut(p piece, from, partH float64, later bool) piece {
	shift := -from
	if later {
		shift += partTop
	}
	to := min(from+partH, p.height)
	c := piece{height: to + shift}
	for _, o := range p.ops {
		switch {
		case o.kind == opCircle:
			if middle := o.y + o.h/2; middle < from || middle >= to {
				continue
			}
		case o.h > 0: // a frame or a rule at the side
			top, bottom := max(o.y, from), min(o.y+o.h, to)
			if bottom <= top {
				continue
			}
			if o.h = bottom - top; top == from && later {
				top, o.h = from-partTop, o.h+partTop
			}
			o.y = top
		case o.y < from || o.y >= to && to < p.height:
			continue
		}
		o.y += shift
		c.ops = append(c.ops, o)
	}
	for _, place := range p.places {
		if place.Y >= from && place.Y < to {
			place.Y += shift
			c.places = append(c.places, place)
		}
	}
	return c
}

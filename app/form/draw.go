package form

import (
	"fmt"

	"rekey/app/form/pdf"
)

// draw writes the pages of every copy.
func draw(in Input, l *layout, pages []page) (*Document, error) {
	out := pdf.New(pdf.Meta{
		Title: in.Form.Title, Subject: in.Form.ID, Language: in.Form.Language, Creator: "Rekey", Date: in.Date,
	})
	doc := &Document{Pages: in.Copies * len(pages)}
	if l.mark != nil {
		doc.Digest = l.mark.digest
	}
	for copy := 1; copy <= in.Copies; copy++ {
		for i := range pages {
			marks, err := l.marks(copy, i+1, len(pages))
			if err != nil {
				return nil, err
			}
			sheet := out.AddPage(l.pageW, l.pageH)
			for _, o := range marks {
				l.draw(sheet, o, marginLeft, 0)
			}
			for _, o := range pages[i].ops {
				l.draw(sheet, o, marginLeft, frameTop)
			}
			for _, p := range pages[i].places {
				p.Copy, p.Page = copy, (copy-1)*len(pages)+i+1
				p.X, p.Y = l.mirror(p.X+marginLeft, p.W), p.Y+frameTop
				doc.Places = append(doc.Places, p)
			}
		}
	}
	data, err := out.Bytes()
	if err != nil {
		return nil, &Error{"write PDF", KindInput, err}
	}
	doc.PDF = data
	return doc, nil
}

// marks is what stands outside of the frame: which copy and page at the top; at the foot the QR code, the case with the
// digest, and the form.
func (l *layout) marks(copy, number, of int) ([]op, error) {
	v := l.values()
	v.Copy, v.Page, v.Pages = copy, number, of
	right := func(text string, size, y float64) op {
		return op{kind: opText, x: l.frameW - l.width(text, regular, size), y: y, text: text, size: size}
	}
	text, err := l.execute(l.in.Form.PageMark, v)
	if err != nil {
		return nil, &Error{"render form", KindData, fmt.Errorf("%s: %w", l.in.Form.name, err)}
	}
	bottom := frameTop + l.frameH
	ops := []op{
		right(clean(text), 8, markBaseline),
		{kind: opRule, y: bottom + footRule, w: l.frameW, size: hairline},
		right(l.in.Form.ID, sizeNote, bottom+footLine),
	}
	foot, x := l.fill(l.in.Form.Foot), 0.0
	room := l.frameW - l.width(l.in.Form.ID, regular, sizeNote) - 6
	if l.mark != nil {
		ops = append(ops, op{kind: opQR, y: bottom + footRule + 1.8, w: markSize, h: markSize, code: l.mark.code})
		x, room = markSize+3, room-markSize-3
		foot = l.markLine(foot)
	}
	lines, _ := textOps(l.wrap(foot, regular, sizeNote, room), regular, sizeNote, leadNote, x, bottom+footLine-leadNote*0.76)
	return append(ops, lines...), l.err
}

// mirror moves what is w wide to the other side when the form is written from right to left.
func (l *layout) mirror(x, w float64) float64 {
	if l.rtl {
		return l.pageW - x - w
	}
	return x
}

func (l *layout) draw(sheet *pdf.Page, o op, dx, dy float64) {
	if o.kind == opText {
		o.w = l.width(o.text, o.style, o.size)
	}
	x, y := l.mirror(o.x+dx, o.w), o.y+dy
	switch o.kind {
	case opText:
		sheet.Text(x, y, o.size, l.set(o.text, o.style).runs)
	case opRule:
		sheet.Line(x, y, x+o.w, y+o.h, o.size)
	case opDots:
		sheet.Dots(x, y, x+o.w, 0.3, 1.1)
	case opBox:
		sheet.Rect(x, y, o.w, o.h, o.size)
	case opCircle:
		sheet.Circle(x, y, o.w, o.size, 1.2)
	case opQR:
		sheet.Fill(o.code.areas(x, y, o.w))
	case opPhoto:
		w, h := fit(float64(l.photo.Width), float64(l.photo.Height), o.w, o.h)
		sheet.Image(l.photo, x+(o.w-w)/2, y+(o.h-h)/2, w, h)
	}
}

// fit is the largest size of a picture's shape inside a frame.
func fit(w, h, frameW, frameH float64) (float64, float64) {
	scale := min(frameW/w, frameH/h)
	return w * scale, h * scale
}

package pdf

import "errors"

// Page is one page with what it inherits.
type Page struct {
	Ref  Ref
	Dict Dict
	// Box is the visible area: left, bottom, right, top, in points.
	Box    [4]float64
	Rotate int // degrees clockwise
}

// Page finds a page, counted from 1, and how many there are.
func (f *File) Page(number int) (Page, int, error) {
	w := pageWalk{file: f, want: number}
	err := w.node(f.Dict(f.Trailer["Root"])["Pages"], Page{}, 0)
	switch {
	case err != nil:
		return Page{}, 0, err
	case w.count == 0:
		return Page{}, 0, errors.New("the PDF has no pages")
	case number > w.count || number < 1:
		return Page{}, w.count, errors.New("the PDF has no such page")
	}
	return w.found, w.count, nil
}

type pageWalk struct {
	file                 *File
	want, count, visited int
	found                Page
}

func (w *pageWalk) node(o any, from Page, depth int) error {
	if w.visited++; w.visited > mostPages || depth > deepest {
		return errors.New("the page tree has no end")
	}
	dict := w.file.Dict(o)
	if dict == nil {
		return errors.New("the page tree is broken")
	}
	for _, key := range []Name{"MediaBox", "CropBox"} {
		if box := w.file.Array(dict[key]); len(box) == 4 {
			for i := range from.Box {
				from.Box[i] = w.file.Float(box[i])
			}
		}
	}
	if angle, ok := w.file.Int(dict["Rotate"]); ok {
		from.Rotate = angle
	}
	if dict["Kids"] != nil {
		for _, kid := range w.file.Array(dict["Kids"]) {
			if err := w.node(kid, from, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if w.count++; w.count != w.want {
		return nil
	}
	ref, ok := o.(Ref)
	if !ok {
		return errors.New("the page is not an object of its own")
	}
	from.Ref, from.Dict = ref, dict
	w.found = from
	return nil
}

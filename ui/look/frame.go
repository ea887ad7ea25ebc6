package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Scroll lets a page be higher than its room. The content is always as wide as the room.
func Scroll(content *fyne.Container) *fyne.Container {
	s := container.NewVScroll(&fyne.Container{Layout: &page{}, Objects: []fyne.CanvasObject{content}})
	return &fyne.Container{Layout: &scroller{}, Objects: []fyne.CanvasObject{s}}
}

type scroller struct{}

func (scroller) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	s := objects[0].(*container.Scroll)
	s.Content.(*fyne.Container).Layout.(*page).width = size.Width
	s.Move(fyne.Position{})
	s.Resize(size)
	s.Refresh()
}

func (scroller) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 100) }

// page knows the width that its scroller will give it before it is asked how high it is.
type page struct{ width float32 }

func (l *page) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

func (l *page) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := objects[0].MinSize().Width
	if l.width > 0 {
		width = min(width, l.width) // rows break; a page is never wider than its window
	}
	return fyne.NewSize(width, Height(objects[0], l.width))
}

// Widths of the side bar, and of the window below which only its icons are shown.
const (
	SideWidth float32 = 252
	RailWidth float32 = 68
	narrow    float32 = 880
)

// Frame is the whole window: a side bar where reading starts, the rest beside it. In a narrow window the rail takes the side
// bar's place.
func Frame(side, rail, rest fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: frame{}, Objects: []fyne.CanvasObject{side, rail, rest}}
}

type frame struct{}

func (frame) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side, rail, rest := objects[0], objects[1], objects[2]
	w := Px(SideWidth)
	side.Show()
	rail.Hide()
	if size.Width < Px(narrow) {
		w = Px(RailWidth)
		side.Hide()
		rail.Show()
		side = rail
	}
	sideX, restX := float32(0), w
	if Current().rtl {
		sideX, restX = size.Width-w, 0
	}
	side.Move(fyne.NewPos(sideX, 0))
	side.Resize(fyne.NewSize(w, size.Height))
	rest.Move(fyne.NewPos(restX, 0))
	rest.Resize(fyne.NewSize(size.Width-w, size.Height))
}

func (frame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(760, 520) }

// Ends keeps the first thing at the top, the second in what is left (or, with foot, at the bottom edge).
func Ends(top, middle, foot fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: ends{}, Objects: []fyne.CanvasObject{top, middle, foot}}
}

type ends struct{}

func (ends) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	top, foot := Height(objects[0], size.Width), Height(objects[2], size.Width)
	objects[0].Move(fyne.Position{})
	objects[0].Resize(fyne.NewSize(size.Width, top))
	objects[1].Move(fyne.NewPos(0, top))
	objects[1].Resize(fyne.NewSize(size.Width, max(0, size.Height-top-foot)))
	objects[2].Move(fyne.NewPos(0, size.Height-foot))
	objects[2].Resize(fyne.NewSize(size.Width, foot))
}

func (ends) MinSize(objects []fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 200) }

// Space is an empty thing of a size.
func Space(width, height float32) fyne.CanvasObject {
	return &fyne.Container{Layout: space{Px(width), Px(height)}}
}

type space struct{ w, h float32 }

func (space) Layout([]fyne.CanvasObject, fyne.Size)   {}
func (s space) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(s.w, s.h) }

// Again lays a tree out once more at the sizes that it has.
func Again(o fyne.CanvasObject) {
	switch x := o.(type) {
	case *container.Scroll:
		Again(x.Content)
	case *fyne.Container:
		if x.Layout != nil {
			x.Layout.Layout(x.Objects, x.Size())
		}
		for _, child := range x.Objects {
			Again(child)
		}
	}
}

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"rekey/ui/look"
)

// filled is a page whose one thing fills it and turns by itself. Where little room is left for it, it keeps some, and the page turns too.
func (w *Window) filled(title string, content, foot fyne.CanvasObject) fyne.CanvasObject {
	high := &tall{}
	page := container.NewVScroll(&fyne.Container{Layout: high, Objects: []fyne.CanvasObject{look.Inset(4, 28, 16, 32, content)}})
	return look.Ends(w.head(title), &fyne.Container{Layout: (*viewed)(high), Objects: []fyne.CanvasObject{page}}, foot)
}

// leastRoom is the least height of what fills a page: some rows of a list with all that stands above them.
const leastRoom float32 = 420

// tall is what fills a page, viewed is its view: as high as the view, but never lower than leastRoom.
type (
	tall   struct{ height float32 }
	viewed tall
)

func (l *viewed) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 100) }

func (l *viewed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.height = max(size.Height, look.Px(leastRoom))
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
	objects[0].Refresh()
}

func (l *tall) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, l.height) }

func (l *tall) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

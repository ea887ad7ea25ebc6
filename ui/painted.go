package ui

import (
	"image"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// unseen is how long a window that nobody sees (started behind others, or minimised) waits for its first picture.
const unseen = 2 * time.Second

// afterFirstPicture runs f on the window's goroutine once the first picture is drawn, at the latest after unseen. Fyne has no such event:
// a dot that is drawn tells it.
func (w *Window) afterFirstPicture(f func()) {
	once := sync.OnceFunc(func() { w.post(f) })
	tell := func() { go once() } // drawing goes on meanwhile
	dot := canvas.NewRaster(func(int, int) image.Image {
		tell()
		return image.NewNRGBA(image.Rect(0, 0, 1, 1))
	})
	dot.Resize(fyne.NewSize(1, 1))
	w.dot = container.NewWithoutLayout(dot)
	time.AfterFunc(unseen, tell)
}

package window

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// frameWidth and frameHeight, in pixels, stay free for the frame that the system draws around a window, with its title, since Fyne sets the
// middle of the window without it into the middle of the screen.
const (
	frameWidth  = 16
	frameHeight = 64
)

// screen gives the room for win on the first screen, in Fyne units, without bars of the desktop; zero where nobody knows. It must be called
// on the main goroutine. Before the window is shown its scale counts as 1.
func screen(win fyne.Window) fyne.Size {
	monitor := glfw.GetPrimaryMonitor()
	if monitor == nil {
		return fyne.Size{}
	}
	_, _, width, height := monitor.GetWorkarea()
	scale := win.Canvas().Scale()
	if scale <= 0 || width <= frameWidth || height <= frameHeight {
		return fyne.Size{}
	}
	return fyne.NewSize(float32(width-frameWidth)/scale, float32(height-frameHeight)/scale)
}

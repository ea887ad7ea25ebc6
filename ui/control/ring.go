package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"rekey/ui/look"
)

// DaysRing shows days left as a number in a ring that empties.
type DaysRing struct {
	widget.BaseWidget
	number, below string
	share         float32 // 0 … 1
	tone          Tone
}

// NewDaysRing makes a ring; share is what is left of the whole, 0 … 1.
func NewDaysRing(number, below string, share float32, tone Tone) *DaysRing {
	r := &DaysRing{number: number, below: below, share: max(0, min(1, share)), tone: tone}
	r.ExtendBaseWidget(r)
	return r
}

const ringSize float32 = 112

// CreateRenderer implements fyne.Widget.
func (r *DaysRing) CreateRenderer() fyne.WidgetRenderer {
	track := canvas.NewArc(0, 360, 0.84, look.Color(look.Track))
	left := canvas.NewArc(0, max(4, 360*r.share), 0.84, look.Color(r.tone.Strong()))
	number := Words(r.number).Sized(30, true).Centred()
	below := Words(r.below).In(look.Muted).Sized(look.SizeSmall, false).Centred()
	return &ringRenderer{track, left, number, below}
}

type ringRenderer struct {
	track, left   *canvas.Arc
	number, below *Text
}

func (r *ringRenderer) Destroy()           {}
func (r *ringRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(look.Px(ringSize)) }
func (r *ringRenderer) Refresh()           {}
func (r *ringRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.left, r.number, r.below}
}

func (r *ringRenderer) Layout(size fyne.Size) {
	whole := look.Px(ringSize)
	left, top := (size.Width-whole)/2, (size.Height-whole)/2
	for _, arc := range []*canvas.Arc{r.track, r.left} {
		arc.Move(fyne.NewPos(left, top))
		arc.Resize(fyne.NewSquareSize(whole))
	}
	r.number.Move(fyne.NewPos(left, top+look.Px(26)))
	r.number.Resize(fyne.NewSize(whole, look.Px(38)))
	r.below.Move(fyne.NewPos(left+look.Px(12), top+look.Px(64)))
	r.below.Resize(fyne.NewSize(whole-look.Px(24), look.Px(18)))
}

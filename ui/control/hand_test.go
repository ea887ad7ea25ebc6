package control

import (
	"testing"
	"time"
)

// The second half of a double click does nothing on another page, and does not press a page's main button again; a press after that moment,
// or of something else on the same page, is heard.
func TestDoubleClick(t *testing.T) {
	now := time.Time{}.Add(time.Hour)
	h := &Hand{Now: func() time.Time { return now }}
	for _, x := range []struct {
		what   string
		page   string
		weight Weight
		after  time.Duration
		heard  bool
	}{
		{"the first", "1", Primary, time.Hour, true},
		{"again, the page is another one", "2", Primary, 60 * time.Millisecond, false},
		{"a third time", "2", Secondary, 399 * time.Millisecond, false},
		{"later", "2", Primary, 400 * time.Millisecond, true},
		{"again, on the same page", "2", Primary, 60 * time.Millisecond, false},
		{"later", "2", Secondary, time.Second, true},
		{"no main button: twice is twice", "2", Secondary, 60 * time.Millisecond, true},
	} {
		now = now.Add(x.after)
		pressed := false
		b := NewButton("next", "Next", nil, x.weight, func() { pressed = true })
		b.HeldBy(h, x.page)
		if b.Press(); pressed != x.heard {
			t.Errorf("%s: pressed %v", x.what, pressed)
		}
	}
}

package app

import "context"

// Ask is how the logic reaches the person. Both may be called from any goroutine.
type Ask struct {
	// PIN asks for a PIN. The slice is cleared after use. An empty answer with a nil error means: it is typed on the reader's PIN pad.
	// To give up, return an error.
	PIN func(ctx context.Context, q PINQuestion) ([]byte, error)
	// Progress is told of each step.
	Progress func(p Progress)
}

func (a Ask) progress(p Progress) {
	if a.Progress != nil {
		a.Progress(p)
	}
}

package ui

import (
	"errors"
	"fmt"
	"time"

	"rekey/app"
)

// noViewer: nothing on this machine shows a file.
const noViewer app.Kind = "no-viewer"

// viewerPatience is how long a failure of the program that opens files is taken for its answer. Some such programs last as long as the viewer
// does; how that ends is nobody's concern.
const viewerPatience = 20 * time.Second

// unshown is a file or folder that nothing here shows.
type unshown struct {
	path string
	err  error
}

func (u *unshown) Error() string { return fmt.Sprintf("show a file: %v", u.err) }

func (u *unshown) Unwrap() error { return u.err }

// pathOf is where the person finds what could not be shown, "" when err is about something else.
func pathOf(err error) string {
	if u := (*unshown)(nil); errors.As(err, &u) {
		return u.path
	}
	return ""
}

// openFile shows a file or a folder in the system's own program. When that fails only after it has begun, the window says so then.
func (w *Window) openFile(path string) error {
	failed := func(err error) error { return &app.Error{Op: "open", Kind: noViewer, Err: &unshown{path, err}} }
	began := time.Now()
	wait, err := systemOpen(path)
	if err != nil {
		return failed(err)
	}
	if wait != nil {
		go func() {
			if err := wait(); err != nil && time.Since(began) < viewerPatience {
				w.post(func() { w.report(failed(err)) })
			}
		}()
	}
	return nil
}

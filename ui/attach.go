package ui

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/look"
)

// maxAttachment is the longest receipt or scan, in bytes.
const maxAttachment = 20 << 20

// attachPanel takes a bank receipt or a scan of the signed paper, by drag and drop or by a button. There is none when the Desk cannot
// file such a thing.
func (w *Window) attachPanel(c cases.Case) fyne.CanvasObject {
	w.drops = nil
	if _, can := w.desk.(Attacher); !can {
		return nil
	}
	var places []fyne.CanvasObject
	for _, kind := range []string{central.DocReceipt, central.DocScan} {
		choose := control.NewButton("attach."+kind, w.T("attach.choose"), theme.FolderOpenIcon(), control.Secondary, func() { w.chooseFile(c.ID, kind) })
		place := control.Place(theme.UploadIcon(), w.known("doc.", kind, kind), w.T("attach.drop"), choose)
		w.drops = append(w.drops, drop{place, kind})
		places = append(places, place)
	}
	return control.Panel(control.Sub(w.T("attach")), look.Column(12, places...), control.Small(w.T("attach.text")))
}

// drop is a place where a file may be let go.
type drop struct {
	place fyne.CanvasObject
	kind  string
}

// dropped files what was let go over the window: by the place it fell on, else by what the case waits for.
func (w *Window) dropped(at fyne.Position, files []fyne.URI) {
	if w.page == pageWizard && len(files) > 0 {
		w.wizard.importRows(files[0].Path())
		return
	}
	c, ok := w.findCase(w.caseID)
	if w.page != pageCase || !ok || len(files) == 0 || len(w.drops) == 0 {
		return
	}
	kind := central.DocScan
	if c.Has(procedure.Pay) {
		kind = central.DocReceipt
	}
	for _, d := range w.drops {
		from := w.app.Driver().AbsolutePositionForObject(d.place)
		to := from.Add(d.place.Size())
		if at.X >= from.X && at.Y >= from.Y && at.X < to.X && at.Y < to.Y {
			kind = d.kind
		}
	}
	w.attach(c.ID, kind, files)
}

func (w *Window) attach(caseID, kind string, files []fyne.URI) {
	files = slices.Clone(files)
	work(w, func(context.Context) (c cases.Case, err error) {
		for _, f := range files {
			data, err := readAttachment(f)
			if err != nil {
				return c, err
			}
			if c, err = w.desk.(Attacher).Attach(caseID, kind, f.Name(), data); err != nil {
				return c, err
			}
		}
		return c, nil
	}, func(c cases.Case, err error) {
		if err != nil {
			w.report(err)
			if app.KindOf(err) == app.BadInput {
				w.note.what, w.note.do = w.T("attach.refused"), w.T("attach.text")
				w.show()
			}
			return
		}
		w.note = &notice{tone: control.Fine, what: w.T("attach.done", "name", files[0].Name())}
		w.takeCase(c)
	})
}

// readAttachment reads a PDF or a picture. What it is tells the content, not the name.
func readAttachment(f fyne.URI) ([]byte, error) {
	const op = "attach"
	r, err := storage.Reader(f)
	if err != nil {
		return nil, &app.Error{Op: op, Kind: app.NotFound, Err: err}
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxAttachment+1))
	switch kind := http.DetectContentType(data); {
	case err != nil:
		return nil, &app.Error{Op: op, Kind: app.NotFound, Err: err}
	case len(data) > maxAttachment:
		return nil, &app.Error{Op: op, Kind: app.BadInput, Err: fmt.Errorf("%s is longer than %d MB", f.Name(), maxAttachment>>20)}
	case kind != "application/pdf" && kind != "image/png" && kind != "image/jpeg":
		return nil, &app.Error{Op: op, Kind: app.BadInput, Err: fmt.Errorf("%s is neither a PDF nor a picture (%s)", f.Name(), kind)}
	}
	return data, nil
}

package ui

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"rekey/app"
	"rekey/ui/control"
	"rekey/ui/look"
)

// previewDots is how finely the form is drawn in the page, in dots per inch.
const previewDots = "96"

// preview opens the form as it will print in the system's viewer.
func (z *wizard) preview() {
	d, w := z.draft, z.w
	d.Details = cloned(d.Details)
	work(w, func(context.Context) (string, error) {
		pdf, err := w.desk.Preview(d)
		if err != nil {
			return "", err
		}
		dir, err := os.MkdirTemp("", "rekey-preview-")
		if err != nil {
			return "", err
		}
		path := filepath.Join(dir, "application-preview.pdf")
		return path, os.WriteFile(path, pdf, 0o600)
	}, func(path string, err error) {
		if err == nil {
			err = w.open(path)
		}
		w.report(err)
	})
}

// makePictures draws the form's pages for the check page. Where the system cannot (no pdftoppm), the button alone shows the form.
func (z *wizard) makePictures() {
	d, w := z.draft, z.w
	d.Details = cloned(d.Details)
	z.pictures = nil
	work(w, func(ctx context.Context) ([]image.Image, error) { return pagesOf(ctx, w.desk, d) }, func(pages []image.Image, err error) {
		if err == nil && len(pages) > 0 && w.wizard == z && w.page == pageWizard && z.draft.Page == wizardCheck {
			z.pictures = pages
			w.show()
		}
	})
}

func pagesOf(ctx context.Context, desk Desk, d app.Draft) ([]image.Image, error) {
	program, err := exec.LookPath("pdftoppm")
	if err != nil {
		return nil, err
	}
	pdf, err := desk.Preview(d)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "rekey-pages-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-png", "-r", previewDots, "-l", strconv.Itoa(mostPages+1), "-", filepath.Join(dir, "page"))
	cmd.Stdin = bytes.NewReader(pdf)
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "page*.png"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var pages []image.Image
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		page, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
	}
	return pages, nil
}

// mostPages is how many pages of a form are drawn; that there are more is said.
const mostPages = 4

// formPanel shows the form as it will print.
func (z *wizard) formPanel() fyne.CanvasObject {
	if len(z.pictures) == 0 {
		return nil
	}
	body := []fyne.CanvasObject{control.Sub(z.w.T("wizard.form"))}
	seen := z.pictures[:min(len(z.pictures), mostPages)]
	for i := 0; i < len(seen); i += 2 {
		left, right := fyne.CanvasObject(control.Picture(seen[i])), look.Space(0, 0)
		if i+1 < len(seen) {
			right = control.Picture(seen[i+1])
		}
		body = append(body, look.Beside(16, left, right))
	}
	if len(z.pictures) > mostPages {
		body = append(body, control.Small(z.w.T("wizard.form.more", "n", mostPages)))
	}
	return control.Panel(body...)
}

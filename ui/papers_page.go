package ui

import (
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/control"
	"rekey/ui/look"
)

// name is the page's name in the map.
func (p *papers) name() string {
	if p.running {
		return "papers.work"
	}
	return "papers.done"
}

func (p *papers) title() string {
	if p.dir == "" {
		return p.w.T("papers.print.title")
	}
	return p.w.T("papers.save.title")
}

func (p *papers) page() (body []fyne.CanvasObject, buttons fyne.CanvasObject) {
	if p.running {
		return p.workPage(), p.workFoot()
	}
	return p.donePage(), p.doneFoot()
}

// alive is a part of the page that is drawn anew, in its place, when the work has got on: what is around it stays as it is, so that a
// button can be pressed at any moment.
func (p *papers) alive(draw func() fyne.CanvasObject) fyne.CanvasObject {
	box := look.Stack(draw())
	p.live = append(p.live, func() {
		box.Objects = []fyne.CanvasObject{draw()}
		look.Again(box)
		box.Refresh()
	})
	return box
}

// refresh draws the parts that are alive.
func (p *papers) refresh() {
	for _, f := range p.live {
		f()
	}
}

// bar is how far the work is, with its number.
func (p *papers) bar() fyne.CanvasObject {
	return p.alive(func() fyne.CanvasObject {
		done, failed, _, _ := p.count()
		return control.Progress(float32(done+failed)/float32(max(1, p.of)), p.w.T("job.count", "done", done+failed, "of", p.of))
	})
}

func (p *papers) workPage() []fyne.CanvasObject {
	w := p.w
	where := control.KeyValue(w.T("papers.folder"), p.dir)
	if p.dir == "" {
		where = control.KeyValue(w.T("papers.printer"), p.printer)
	}
	now := p.alive(func() fyne.CanvasObject {
		_, failed, _, f := p.count()
		lines := []fyne.CanvasObject{control.Caption(w.T("papers.now")), control.Words("").Shortening(), control.Caption("").Shortening(), control.Caption("").In(look.AmberText)}
		switch {
		case p.rests():
			lines[1].(*control.Text).Set(w.T("papers.waiting"))
			lines[2].(*control.Text).Set(w.T("papers.waiting.text"))
		case f != nil:
			lines[1].(*control.Text).Set(w.known("doc.", f.d.Kind, f.d.Name))
			lines[2].(*control.Text).Set(firstOf(f.c.Holder, f.d.Name))
		}
		if failed > 0 {
			lines[3].(*control.Text).Set(w.T("papers.failed", "n", failed))
		}
		return look.Column(1, lines...)
	})
	out := []fyne.CanvasObject{control.Panel(p.bar(), now, control.Line(), where)}
	if p.halted {
		return append([]fyne.CanvasObject{control.Banner(control.Info, w.T("papers.stopping"), "")}, out...)
	}
	return append(out, control.Small(w.T("papers.meanwhile")))
}

func (p *papers) workFoot() fyne.CanvasObject {
	stop := control.NewButton("papers.stop", p.w.T("papers.stop"), theme.MediaStopIcon(), control.Secondary, p.halt)
	if p.halted {
		stop.Disable()
	}
	back := control.NewButton("papers.back", p.w.T("papers.back"), theme.DocumentIcon(), control.Quiet, func() { p.w.Go(pageDocuments) })
	return foot(look.Row(10, 1, stop, look.Space(0, 0), back))
}

// outcome says what was done and what was not.
func (p *papers) outcome() string {
	done, failed, left, _ := p.count()
	w := p.w
	all := []string{w.T("papers.saved", "n", done)}
	if p.dir == "" {
		all[0] = w.T("papers.printed", "n", done)
	}
	if failed > 0 {
		all = append(all, w.T("papers.failed", "n", failed))
	}
	if left > 0 {
		all = append(all, w.T("papers.left", "n", left))
	}
	return strings.Join(all, " ")
}

func (p *papers) donePage() []fyne.CanvasObject {
	w := p.w
	_, failed, left, _ := p.count()
	where := p.dir
	if p.dir == "" {
		where = p.printer
	}
	var out []fyne.CanvasObject
	switch {
	case p.fatal != nil:
		out = append(out, control.Banner(p.fatal.tone, p.fatal.what, p.fatal.do, p.fatal.copyButton(w)...), control.Banner(control.Info, p.outcome(), ""))
	case left > 0:
		out = append(out, control.Banner(control.Due, w.T("job.stopped"), p.outcome()))
	case failed > 0:
		out = append(out, control.Banner(control.Due, w.T("papers.some"), p.outcome()))
	default:
		out = append(out, control.Banner(control.Fine, p.outcome(), where))
	}
	if failed > 0 {
		out = append(out, p.failedPanel())
	}
	return out
}

// failedPanel lists what did not work, and why.
func (p *papers) failedPanel() fyne.CanvasObject {
	w := p.w
	p.mu.Lock()
	all := slices.Clone(p.failed)
	p.mu.Unlock()
	copied := w.copyButton("papers.copy", w.T("job.copy"), control.Quiet, func() string {
		var lines []string
		for _, f := range all {
			lines = append(lines, f.d.Name+": "+f.err.Error())
		}
		return strings.Join(lines, "\n")
	})
	list := control.NewDataList("papers.failed", control.DataWords{Filter: w.T("documents.filter"), Nothing: w.T("documents.filter.none"), Language: w.lang}, []control.Column{
		{ID: "name", Title: w.T("documents.name"), Share: 4, Text: func(i int) string { return w.known("doc.", all[i].d.Kind, all[i].d.Name) }},
		{ID: "holder", Title: w.T("home.holder"), Share: 4, Text: func(i int) string { return all[i].c.Holder }},
		{ID: "why", Title: w.T("papers.why"), Share: 6, Text: func(i int) string { return w.failure(all[i].err).what }},
	}, len(all), nil, func(row int) { w.openDocument(all[row].c.ID, all[row].d) })
	return look.Column(8, control.Head(w.T("papers.failed.title"), copied), look.Fixed(0, 300, list.Container))
}

func (p *papers) doneFoot() fyne.CanvasObject {
	w := p.w
	_, failed, left, _ := p.count()
	back := func(weight control.Weight) fyne.CanvasObject {
		return control.NewButton("papers.back", w.T("papers.back"), theme.DocumentIcon(), weight, func() {
			w.papers = nil
			w.Go(pageDocuments)
		})
	}
	var folder fyne.CanvasObject = look.Space(0, 0)
	if p.dir != "" {
		folder = control.NewButton("papers.folder", w.T("documents.folder"), theme.FolderOpenIcon(), control.Secondary, func() { w.report(w.open(filepath.Clean(p.dir))) })
	}
	again := ""
	switch {
	case left > 0:
		again = w.T("papers.rest", "count", failed+left)
	case failed > 0:
		again = w.T("papers.again", "count", failed)
	default:
		return foot(look.Row(10, 1, folder, look.Space(0, 0), back(control.Primary)))
	}
	return foot(look.Row(10, 2, back(control.Secondary), folder, look.Space(0, 0), control.NewButton("papers.again", again, theme.ViewRefreshIcon(), control.Primary, p.again)))
}

// badge is how far the work is, beside a line of the side bar.
func (p *papers) badge() fyne.CanvasObject {
	if p == nil || !p.running {
		return nil
	}
	return look.Fixed(58, 0, p.alive(func() fyne.CanvasObject {
		done, failed, _, _ := p.count()
		return control.Badge(p.w.T("percent", "n", 100*(done+failed)/max(1, p.of)), control.Info)
	}))
}

// strip tells on the page of the documents that the work goes on, or what came of it.
func (p *papers) strip() fyne.CanvasObject {
	w := p.w
	show := control.NewButton("papers.show", w.T("papers.show"), nil, control.Secondary, func() {
		w.page, w.note = pagePapers, nil
		w.show()
	})
	if p.running {
		return look.Row(14, 1, control.Words(p.title()), p.bar(), show)
	}
	_, failed, left, _ := p.count()
	tone := control.Fine
	if failed+left > 0 {
		tone = control.Due
	}
	return control.Banner(tone, p.outcome(), "", show)
}

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"rekey/ui/control"
	"rekey/ui/look"
)

// sidePages are the pages of the side bar, in order; Alt+1 opens the first. Clerk's pages come here, after pageCards.
var sidePages = []struct {
	page string
	icon func() fyne.Resource
}{
	{pageHome, theme.HomeIcon},
	{pageRenew, theme.ViewRefreshIcon},
	{pageCases, theme.HistoryIcon},
	{pageDocuments, theme.DocumentIcon},
	{pageCards, theme.StorageIcon},
	{pageSettings, theme.SettingsIcon},
	{pageHelp, theme.HelpIcon},
}

// sidePage is the line of the side bar that the page belongs to.
func (w *Window) sidePage() string {
	switch w.page {
	case pageCase:
		return pageCases
	case pageWizard:
		if w.wizard != nil && w.wizard.draft.Mends {
			return pageCases
		}
		return pageRenew
	case pageNewPIN:
		return pageCards
	case pageCertificate:
		return w.certificate.from
	case pageJob:
		return w.job.from
	case pagePapers:
		return pageDocuments
	}
	return w.page
}

// sidebar gives the side bar, the rail that takes its place in a narrow window, and the layer on which the rail says its names.
func (w *Window) sidebar() (side, rail fyne.CanvasObject, tips *control.Tips) {
	tips = control.NewTips()
	lines := []fyne.CanvasObject{w.brand(), look.Space(0, 8)}
	icons := []fyne.CanvasObject{look.Inset(8, 6, 8, 6, w.mark())}
	for _, p := range sidePages {
		here, press := w.sidePage() == p.page, func() { w.leaveTo(p.page) }
		lines = append(lines, control.NewNav("nav."+p.page, w.T("page."+p.page), p.icon(), here, w.sideBadge(p.page), press))
		icons = append(icons, control.NewRailNav("nav."+p.page, w.T("page."+p.page), p.icon(), here, w.railMark(p.page), press).Telling(tips))
	}
	card, office := w.cardState(), w.outboxState()
	foot := look.Inset(8, 14, 18, 18, look.Column(8, card.Line(), office.Line()))
	marks := look.Inset(0, 10, 10, 10, look.Column(0, card.Mark(tips), office.Mark(tips)))
	return edged(look.Ends(look.Inset(18, 14, 0, 10, look.Column(3, lines...)), look.Space(0, 0), foot)),
		edged(look.Ends(look.Space(0, 0), look.Inset(10, 10, 6, 10, look.Squeezed(3, icons...)), marks)), tips
}

func edged(inner fyne.CanvasObject) fyne.CanvasObject {
	back := canvas.NewRectangle(look.Color(look.Side))
	edge := look.Fixed(1, 0, canvas.NewRectangle(look.Color(look.Border)))
	return look.Stack(back, &fyne.Container{Layout: withEdge{}, Objects: []fyne.CanvasObject{inner, edge}})
}

// sideBadge is what a line of the side bar says beside its name.
func (w *Window) sideBadge(page string) fyne.CanvasObject {
	switch {
	case page == pageHome:
		return w.daysBadge()
	case page == pageRenew && w.page == pageWizard && !w.wizard.draft.Mends:
		return control.Badge(w.T("badge.step", "n", w.wizard.draft.Page+1, "of", len(w.stepNames())), control.Info)
	case page == pageRenew && w.job != nil && w.job.inWizard && !w.job.finished:
		return control.Badge(w.T("badge.step", "n", 5, "of", len(w.stepNames())), control.Info)
	case page == pageDocuments:
		return w.papers.badge()
	case page == pageCases:
		if n := len(w.openCases()); n > 0 {
			return control.Badge(w.t.Number(n), control.Plain)
		}
	}
	return nil
}

// railMark is what is left of a badge in the narrow side bar: a point beside the icon.
func (w *Window) railMark(page string) fyne.CanvasObject {
	switch {
	case page == pageHome && w.daysBadge() != nil:
		if h := w.shownHolder(); w.revoked(h) || h.DaysLeft < 0 {
			return control.Dot(look.Red)
		}
		return control.Dot(look.Amber)
	case page == pageDocuments && w.papers != nil && w.papers.running:
		return control.Dot(look.Primary)
	}
	return nil
}

// withEdge draws the second thing as a line where the side bar ends.
type withEdge struct{}

func (withEdge) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (withEdge) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[1].Resize(fyne.NewSize(1, size.Height))
	objects[1].Move(fyne.NewPos(size.Width-1, 0))
	if look.Current().RTL() {
		objects[1].Move(fyne.Position{})
	}
}

func (w *Window) mark() fyne.CanvasObject {
	back := canvas.NewRectangle(look.Color(look.Primary))
	back.CornerRadius = look.Px(9)
	return look.Fixed(36, 36, look.Stack(back, look.Inset(8, 8, 8, 8, control.Icon(theme.ConfirmIcon(), look.OnPrimary, 20))))
}

func (w *Window) brand() fyne.CanvasObject {
	name := control.Words(w.T("app.name")).Sized(look.SizeSub, true)
	return look.Inset(0, 0, 8, 8, look.Row(10, 1, w.mark(), look.Column(0, name, control.Caption(w.T("app.line")))))
}

func (w *Window) daysBadge() fyne.CanvasObject {
	h := w.shownHolder()
	if h == nil || h.Current.Problem != "" {
		return nil
	}
	switch {
	case w.revoked(h):
		return control.Badge("!", control.Bad)
	case h.DaysLeft < 0:
		return control.Badge(w.T("badge.ended"), control.Bad)
	case h.Due || h.DaysLeft <= 30:
		return control.Badge(w.T("badge.days", "n", h.DaysLeft), control.Due)
	}
	return nil
}

// cardState is the line at the foot: is there a card?
func (w *Window) cardState() control.State {
	colour, text := look.Muted, w.T("side.looking")
	if w.looked {
		colour, text = look.Amber, w.T("side.no-card")
		for _, f := range w.inOrder() { // what the page says too
			if w.t.Has("side.finding." + f.Kind) {
				text = w.T("side.finding." + f.Kind)
				break
			}
		}
		n := 0
		for _, r := range w.view.Snapshot.Readers {
			if r.Card == nil || r.Card.Blank {
				continue
			}
			n++
			colour, text = look.Green, w.T("side.card", "card", firstOf(r.Card.Label, r.Card.Serial, r.Name))
		}
		if n > 1 {
			text = w.T("side.cards", "n", n)
		}
	}
	return control.State{Ink: colour, Text: text}
}

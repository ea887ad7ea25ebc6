package ui

import (
	"fmt"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"rekey/app"
	"rekey/token"
	"rekey/ui/control"
	"rekey/ui/i18n"
)

// drawn is a text and where it stands in the window.
type drawn struct {
	text     *control.Text
	at       fyne.Position
	size     fyne.Size
	scrolled bool // it may lie outside of the window
}

// textsOf lists the texts below o, whose parent stands at an absolute position.
func textsOf(o fyne.CanvasObject, parent fyne.Position, scrolled bool) []drawn {
	if o == nil || !o.Visible() {
		return nil
	}
	at := parent.Add(o.Position())
	var out []drawn
	switch x := o.(type) {
	case *control.Text:
		if x.String() != "" {
			out = append(out, drawn{x, at, x.Size(), scrolled})
		}
	case *control.Field:
		out = textsOf(x.Container, parent, scrolled)
	case *container.Scroll:
		out = textsOf(x.Content, at, true)
	case *fyne.Container:
		for _, child := range x.Objects {
			out = append(out, textsOf(child, at, scrolled)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(x).Objects() {
			out = append(out, textsOf(child, at, scrolled)...)
		}
	}
	return out
}

// faults lists texts that are cut, that lie over each other, or that reach out of the window.
func faults(on fyne.Canvas) []string {
	tree := on.Content()
	if top := on.Overlays().Top(); top != nil {
		tree = top
	}
	var out []string
	all := textsOf(tree, fyne.Position{}, false)
	for i, a := range all {
		if a.text.Cut() {
			out = append(out, fmt.Sprintf("cut: %q", a.text))
		}
		if right := a.at.X + a.size.Width; a.at.X < -1 || right > on.Size().Width+1 || !a.scrolled && a.at.Y+a.size.Height > on.Size().Height+1 {
			out = append(out, fmt.Sprintf("out of the window: %q at %v, %v", a.text, a.at, a.size))
		}
		for _, b := range all[i+1:] {
			if a.scrolled == b.scrolled && over(a, b) {
				out = append(out, fmt.Sprintf("%q lies over %q", a.text, b.text))
			}
		}
	}
	return out
}

// over says whether two texts cover each other by more than a hair.
func over(a, b drawn) bool {
	const hair = 2
	return min(a.at.X+a.size.Width, b.at.X+b.size.Width)-max(a.at.X, b.at.X) > hair &&
		min(a.at.Y+a.size.Height, b.at.Y+b.size.Height)-max(a.at.Y, b.at.Y) > hair
}

// TestNothingIsCut draws every page in every language, large and small, light and dark, and looks for texts that do not fit. With
// REKEY_PICTURES=FOLDER each is also written there, in all looks, to be looked at.
func TestNothingIsCut(t *testing.T) {
	type way struct {
		look  string
		scale string
	}
	ways := []way{{"light", "100"}, {"dark", "200"}}
	if os.Getenv("REKEY_PICTURES") != "" {
		ways = []way{{"light", "100"}, {"dark", "100"}, {"contrast", "100"}, {"light", "200"}, {"dark", "200"}}
	}
	pictures := len(ways) > 2
	said := map[string]map[string]string{} // by language: text and the page where it was first seen
	for _, lang := range i18n.Languages {
		for _, w := range ways {
			if w.scale == "200" && (lang == "en" || lang == "vi") && !pictures {
				continue // the shorter languages are drawn large by "make pictures" only
			}
			look := func(s *stage) func(name string) {
				return func(name string) {
					t.Helper()
					s.picture(fmt.Sprintf("pages/%s-%s-%s-%s", name, lang, w.look, w.scale))
					if w == ways[0] {
						note(said, lang, name, s.win.Canvas())
					}
					for _, f := range faults(s.win.Canvas()) {
						t.Errorf("%s, %s, %s %%: %s: %s", lang, w.look, w.scale, name, f)
					}
				}
			}
			d := &ableDesk{fakeDesk: newFake(t)}
			d.settings[SettingScale] = w.scale
			s := open(t, d, lang, w.look)
			everyPage(s, d, look(s))
			o := newOfficeDesk(newFake(t))
			o.settings[SettingScale] = w.scale
			s = open(t, o, lang, w.look)
			renewDoctor(s)
			s.tap("nav.home")
			officePages(s, o, look(s))
			if pictures || storyScale[lang] == w.scale {
				storyPages(t, lang, w.look, w.scale, look)
			}
			if w == ways[0] {
				s = rescued(t, lang, Rescue{Trouble: TroubleDamaged, File: "/home/x/rekey.db", Backups: []time.Time{fakeNow}, Detail: "page 7",
					Restore: func() (time.Time, []string, error) {
						return fakeNow, []string{"/home/x/rekey.db.set-aside-1", "/home/x/rekey.key.set-aside-1"}, nil
					}})
				rescuePages(s, look(s))
			}
		}
	}
	stillEnglish(t, said)
}

// everyPage walks through the window and shows each of its pages once.
func everyPage(s *stage, d *ableDesk, look func(name string)) {
	look("01-home")
	certificatePages(s, d.fakeDesk, look)
	s.tap("nav.renew")
	look("02-renew")
	s.tap("nav.home")
	s.tap("home.renew")
	look("03-wizard-start")
	s.tap("wizard.reason.damaged-reader")
	look("03-wizard-guidance")
	s.tap("wizard.reason.renewal")
	s.tap("wizard.next")
	s.tap("wizard.next")
	look("04-wizard-errors")
	fillTurkish(s)
	look("05-wizard-details")
	s.tap("wizard.next")
	look("06-wizard-route")
	s.tap("wizard.next")
	look("07-wizard-check")
	s.tap("nav.home")
	look("08-home-draft")
	s.tap("draft.drop")
	look("09-dialog-drop")
	s.tap("drop.keep")
	s.tap("nav.renew")
	s.tap("wizard.next")
	look("10-pin")
	s.write("pin.entry", "1111")
	s.tap("pin.ok")
	look("11-pin-wrong")
	s.write("pin.entry", "2222")
	s.tap("pin.ok")
	look("12-pin-last")
	s.tap("pin.cancel")
	look("13-failed")
	s.tap("job.again")
	s.tap("pin.final")
	s.write("pin.entry", d.right)
	s.tap("pin.ok")
	look("14-done")
	for i, p := range sidePages {
		s.tap("nav." + p.page)
		look(fmt.Sprintf("2%d-%s", i, p.page))
	}
	s.tap("nav.cases")
	s.tap("case." + d.kept[0].ID)
	look("30-case")
	s.tap("step.pay.done")
	look("30-case-marked")
	s.tap("note.undo")
	s.tap("note.close")
	everyTable(s, d, look)
	paperPages(s, d.fakeDesk, look)
	s.tap("nav.cards")
	s.tap("card.5f3a1c9e.pin")
	s.tap("newpin.ok")
	look("35-pin-change")
	s.tap("newpin.cancel")
	c := d.kept[0]
	c.Office, c.Why = "returned", "…"
	d.put(c)
	s.reload()
	s.rest()
	s.openCase(c.ID)
	s.tap("case.correct")
	look("36-case-correct")
	s.tap("wizard.back")
	c.Office = "received"
	d.put(c)
	d.entries = append(d.entries, head(true))
	s.reload()
	s.rest()
	s.tap("nav.home")
	s.tapChoice("home.holder", s.view.Holders[1].Key)
	look("31-home-new")
	s.tap("home.select")
	look("32-dialog-choose")
	s.tap("choose.cancel")
	d.entries, d.readers = nil, d.readers[:1]
	d.readers[0].Card = nil
	d.findings = append(d.findings, finding("no-card"), finding("module-load"))
	d.findings[0].Layer, d.findings[1].Layer, d.findings[1].Module = "card", "load", "/usr/lib/libakisp11.so"
	s.reload()
	s.rest()
	look("33-home-no-card")
	s.tap("nav.cards")
	look("34-cards-no-card")
	d.readers[0].Card = &token.Card{Blank: true}
	d.findings = []app.Finding{{Layer: "card", Kind: "blank-card", Reader: d.readers[0].Name}}
	s.reload()
	s.rest()
	look("34-cards-blank")
	d.readers, d.findings = nil, []app.Finding{{Layer: "service", Kind: "service"}}
	s.tap("nav.home")
	for _, s.system = range []string{"linux", "windows", "darwin"} {
		s.reload()
		s.rest()
		s.show()
		look("33-home-no-service-" + s.system)
	}
}

// everyTable begins a case without a certificate whose form is a table.
func everyTable(s *stage, d *ableDesk, look func(name string)) {
	s.t.Helper()
	s.tap("nav.renew")
	s.tapChoice("renew.procedure", "vn-vgca-bhxh")
	s.tap("renew.reason.revocation")
	s.tap("rows.add")
	s.tap("row.save")
	look("37-row")
	for _, f := range s.wizard.rows().Fields {
		if len(f.Choices) == 0 {
			s.write("cell."+f.ID, map[bool]string{true: "vi-du@example.gov.vn", false: "Ví dụ"}[f.Check == "email"])
		}
	}
	s.tap("row.save")
	look("38-rows")
	d.drafts = map[string]app.Draft{}
	s.wizard, s.page = nil, pageHome
	s.reload()
	s.rest()
}

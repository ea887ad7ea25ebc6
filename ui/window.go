package ui

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/procedure"
	"rekey/ui/control"
	"rekey/ui/i18n"
	"rekey/ui/look"
)

// Names of the pages.
const (
	pageHome      = "home"
	pageCases     = "cases"
	pageDocuments = "documents"
	pageCards     = "cards"
	pageSettings  = "settings"
	pageRenew     = "renew"
	pageHelp      = "help"
	pageCase      = "case"
	pageWizard    = "wizard"
	pageJob       = "job"
	pageNewPIN    = "pin-change"

	pageCertificate = "certificate"
	pagePapers      = "papers"
)

// Window is the one window of the program and what it knows now.
type Window struct {
	app      fyne.App
	win      fyne.Window
	desk     Desk
	opts     Options
	texts    i18n.Catalog
	t        *i18n.Printer
	lang     string
	look     look.Mode
	scale    int    // per cent: 100 … 200
	system   string // GOOS, for words that differ by it
	now      func() time.Time
	deferred bool                    // cards, modules and the tray wait for the first picture
	dot      *fyne.Container         // tells when it was drawn; nil: it was, or nobody asks
	post     func(func())            // brings f to the window's goroutine
	open     func(path string) error // shows a file or folder
	print    func(path string, copies int) (bool, error)
	printer  func() (name string, err error)               // what print sends to
	waiting  func(ctx context.Context, printer string) int // documents in its queue
	browse   chooser                                       // of a folder, nil: the system has none
	pickFile chooser                                       // of a file, nil: the system has none
	ctx      context.Context
	stop     context.CancelFunc

	page        string
	procedures  map[string]*procedure.Procedure
	view        app.View
	viewErr     error
	looked      bool // view was read at least once
	looking     bool
	lookAgain   bool
	holder      string // key of the holder that is shown
	draft       *app.Draft
	wizard      *wizard
	job         *job
	papers      *papers // many documents that are printed or saved, until what came of it has been seen
	newPIN      *newPIN
	certificate *certificatePage
	otherProc   string // procedure on the page Renew whose other reasons are shown
	otherGuide  string // reason there that is only a note
	cases       []cases.Case
	caseID      string
	files       map[string][]string // exported documents by case
	note        *notice             // the last failure that is not shown elsewhere
	busy        int
	dialog      *control.Dialog
	hand        control.Hand                   // who presses the controls
	copies      control.Copies                 // what was copied just now
	typed       map[string]string              // settings of the office, as typed
	fault       string                         // field of the settings that holds something wrong
	details     map[string]map[string]string   // typed for drafts that were left in this run, by certificate and procedure
	tables      map[string][]map[string]string // rows of reasons that were left in this run, by procedure and reason
	officeKey   *control.Secret                // a key that the office has made, as typed
	marked      int                            // document that the buttons below the list are for
	docView     control.View                   // how the list of documents is looked at
	saveTo      string                         // folder that many documents were saved into, as typed
	drops       []drop                         // where a file may be let go
	module      string                         // path of a module, as it is typed
	inTray      bool                           // closing the window leaves the program in the tray
	trayed      bool                           // the tray was opened at the start
	left        string                         // place where the last run was closed
	place       string                         // as it is kept
	places      placeKeeper
	crash       string             // what a crash of the last run left behind
	stopSync    context.CancelFunc // while an exchange with the office runs
	unsentOf    int                // what waited when it began
	unsentLeft  int                // what waits still
	helpOn      string             // procedure that the help page is about
	drawn       string             // name of the page that was drawn last
	primary     string             // what Return presses on the start page
	saves       saver
	sized       sizing
	makesKey    bool           // the renewal that the wizard was last about makes a key
	tips        *control.Tips  // names of what the narrow side bar has only icons for
	writing     sync.WaitGroup // what is being kept on the disk
}

func (w *Window) start() {
	ctx, stop := context.WithCancel(context.Background())
	w.ctx, w.stop = ctx, func() {
		stop()
		w.papers.wait()
		w.keepSize()
		w.flush()
	}
	w.files = map[string][]string{}
	w.system = runtime.GOOS
	w.typed = map[string]string{}
	w.copies.Later = w.later
	w.left = w.desk.Setting(SettingPlace)
	w.place = w.left
	w.speak()
	w.win.SetPadded(false)
	w.win.Canvas().SetOnTypedKey(w.typedKey)
	w.win.SetOnDropped(w.dropped)
	w.win.SetCloseIntercept(w.closing)
	w.addShortcuts()
	w.setTray(true) // Fyne opens the tray only before its loop begins
	if w.deferred {
		w.afterFirstPicture(w.live)
	}
	w.lookForCrash()
	w.show()
	if !w.deferred {
		w.live()
	}
}

// live starts what the first picture need not wait for: cards and modules, the tray, reminders.
func (w *Window) live() {
	if w.dot != nil {
		w.dot.RemoveAll()
		w.dot = nil
		w.fit()
	}
	w.reload()
	if w.deferred {
		time.AfterFunc(settled, debug.FreeOSMemory) // the start reads much that nobody needs later
	}
	go w.keepReminding()
	go w.desk.Watch(w.ctx, func() { w.post(w.reload) })
	if w.opts.MapFile != "" {
		go w.keepMap()
	}
}

// settled is when the start is over: cards are read and the first pages drawn.
const settled = 8 * time.Second

// speak takes the language and the look as they are chosen now.
func (w *Window) speak() {
	_ = w.texts.Add(w.opts.Assets, w.lang) // without it, English speaks
	w.t = w.texts.In(w.lang)
	w.app.Settings().SetTheme(look.New(w.opts.Assets, w.look, w.t.RTL(), float32(w.scale)/100))
	w.win.SetTitle(w.T("app.name"))
	control.SayEdits(control.EditWords{"Cut": w.T("edit.cut"), "Copy": w.T("edit.copy"), "Paste": w.T("edit.paste"), "Select all": w.T("edit.select-all"),
		"Undo": w.T("edit.undo"), "Redo": w.T("edit.redo")})
}

// T says something in the window's language.
func (w *Window) T(key string, args ...any) string { return w.t.T(key, args...) }

// Go opens a page of the side bar.
func (w *Window) Go(page string) {
	w.page, w.note = page, nil
	if page == pageCases || page == pageDocuments || page == pageHome {
		w.reload()
	}
	w.show()
}

// show draws the page anew; the focus stays on the control of the same name, or goes to what is to be done next.
func (w *Window) show() {
	focus, before, seen := w.focused(), w.drawn, w.focusSeen()
	if w.left == "" {
		w.keepPlace()
	}
	w.forgetPIN()
	offset := w.scrolled()
	w.outdated(w.drawn)
	if w.papers != nil {
		w.papers.live = nil
	}
	side, rail, tips := w.sidebar()
	w.tips = tips
	page := w.pageObject()
	content := []fyne.CanvasObject{canvas.NewRectangle(look.Color(look.Page)), look.Frame(side, rail, page), tips.Container}
	if w.dot != nil {
		content = append(content, w.dot)
	}
	w.win.SetContent(look.Stack(content...))
	w.scrollTo(offset)
	w.takeInHand()
	if focus != "" && w.win.Canvas().Overlays().Top() == nil {
		if w.focusAgain(focus, before); w.drawn == before && w.focused() == focus {
			w.stay(offset, seen)
		}
	}
}

func (w *Window) pageObject() fyne.CanvasObject {
	var body []fyne.CanvasObject
	var foot fyne.CanvasObject = look.Space(0, 0)
	title := w.T("page." + w.page)
	switch w.page {
	case pageCases:
		body = w.casesPage()
	case pageCase:
		body = w.casePage()
	case pageDocuments:
		list, buttons := w.documentsPage()
		if list != nil {
			return w.filled(title, list, buttons)
		}
		body = []fyne.CanvasObject{w.empty(pageDocuments)}
	case pageCards:
		body = w.cardsPage()
	case pageSettings:
		body = w.settingsPage()
	case pageRenew:
		body = w.renewPage()
	case pageNewPIN:
		body = w.newPIN.page()
	case pageHelp:
		body = w.helpPage()
	case pageCertificate:
		body = w.certificate.page()
	case pageWizard:
		if w.wizard.draft.Mends {
			title = w.T("case.correct")
		}
		body, foot = w.wizard.page()
	case pageJob:
		title = w.job.title
		body, foot = w.job.page()
	case pagePapers:
		title = w.papers.title()
		body, foot = w.papers.page()
	default:
		body = w.homePage()
	}
	if b := w.officeBanner(); b != nil && (w.page == pageHome || w.page == pageCases || w.page == pageSettings) {
		body = append([]fyne.CanvasObject{b}, body...)
	}
	if w.crash != "" {
		body = append([]fyne.CanvasObject{w.crashBanner()}, body...)
	}
	column := look.Inset(4, 28, 24, 32, look.Column(16, body...))
	return look.Ends(w.head(title), look.Scroll(column), foot)
}

func (w *Window) titleRow(title string) fyne.CanvasObject {
	items := []control.Item{}
	for _, lang := range i18n.Languages {
		items = append(items, control.Item{ID: lang, Text: i18n.Names[lang]})
	}
	choice := control.NewChoice("language", items, w.lang, w.setLanguage)
	return look.Row(10, 0, control.Title(title), choice)
}

func (w *Window) setLanguage(lang string) {
	w.lang = lang
	w.speak()
	w.show()
	if w.wizard != nil {
		w.wizard.again()
	}
	w.keep(SettingLanguage, lang)
}

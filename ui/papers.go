package ui

import (
	"context"
	"errors"
	"sync"
	"time"

	"rekey/app"
)

// papers is the printing or saving of many documents, one after the other. It needs no card, so the person may go to other pages meanwhile.
// One document that fails does not stop the rest; what would stop each of them (no printer, a full disk) stops the work at once.
type papers struct {
	w       *Window
	printer string // name of the printer, where it is printed
	dir     string // folder that is saved into, "": it is printed
	of      int    // documents in all
	running bool
	halted  bool    // the person has asked to stop
	fatal   *notice // why the rest was not begun
	began   time.Time
	stop    context.CancelFunc
	gone    chan struct{} // closed when nothing is done any more
	live    []func()      // draw anew what is on the page now

	mu     sync.Mutex // guards what the work and the window share
	todo   []filed
	done   int
	failed []unmade
	told   bool // the window will look
	waits  bool // the printer has enough for now
	room   int  // documents that the printer takes before it is asked again
}

// unmade is a document that could not be printed or saved, and why.
type unmade struct {
	filed
	err error
}

// glance is how long the window waits before it shows how far the work is: often enough to be seen moving, too seldom to be a burden.
const glance = 100 * time.Millisecond

// startPapers begins with documents in their order. dir is the folder to save into, "" prints.
func (w *Window) startPapers(all []filed, printer, dir string) {
	w.papers = &papers{w: w, printer: printer, dir: dir, of: len(all), todo: all}
	w.papers.run()
}

// run goes through what is to do.
func (p *papers) run() {
	if p.running {
		return
	}
	w := p.w
	ctx, stop := context.WithCancel(w.ctx)
	gone := make(chan struct{})
	p.running, p.halted, p.fatal, p.began, p.stop, p.gone = true, false, nil, w.now(), stop, gone
	work(w, func(context.Context) (struct{}, error) {
		defer close(gone)
		return struct{}{}, p.walk(ctx)
	}, func(_ struct{}, err error) {
		stop()
		p.ended(err)
	})
	w.page, w.note = pagePapers, nil
	w.show()
}

// again tries those that failed once more, and goes on with those that were not begun.
func (p *papers) again() {
	p.mu.Lock()
	var all []filed
	for _, f := range p.failed {
		all = append(all, f.filed)
	}
	all = append(all, p.todo...)
	if p.dir != "" && p.fatal != nil { // the folder itself will not do
		p.mu.Unlock()
		p.w.askSave(all)
		return
	}
	p.todo, p.failed = all, nil
	p.mu.Unlock()
	p.run()
}

// walk does the work, away from the window. An error is one that every document would meet.
func (p *papers) walk(ctx context.Context) error {
	if err := p.ready(); err != nil {
		return err
	}
	for {
		p.mu.Lock()
		if len(p.todo) == 0 {
			p.mu.Unlock()
			return nil
		}
		next := p.todo[0]
		p.mu.Unlock()
		if err := p.pace(ctx); err != nil {
			return err
		}
		p.tell()
		err := p.one(next)
		if err != nil {
			if kind := app.KindOf(err); kind == noPrinting || kind == app.DiskFull {
				return err
			}
			if hopeless := p.ready(); hopeless != nil {
				return hopeless
			}
		}
		p.mu.Lock()
		p.todo = p.todo[1:]
		if err != nil {
			p.failed = append(p.failed, unmade{next, err})
		} else {
			p.done++
		}
		p.mu.Unlock()
	}
}

// mostQueued is how many documents may wait at the printer: so it never stands still, a stop leaves few behind, and the printing system
// (CUPS takes 500) is not at its limit.
const mostQueued = 50

// pause is how long the work rests before it asks the printer again.
const pause = 500 * time.Millisecond

// pace waits until the printer has room for one more. An error is the context's.
func (p *papers) pace(ctx context.Context) error {
	for p.dir == "" && p.room <= 0 && ctx.Err() == nil {
		p.room = mostQueued - p.w.waiting(ctx, p.printer)
		p.mu.Lock()
		p.waits = p.room <= 0
		p.mu.Unlock()
		p.tell()
		if p.room <= 0 {
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	}
	p.room--
	return ctx.Err()
}

// ready finds out whether any document could be printed or saved now.
func (p *papers) ready() error {
	if p.dir != "" {
		return p.w.desk.OpenFolder(p.dir)
	}
	_, err := p.w.printer()
	return err
}

// one prints or saves a document.
func (p *papers) one(f filed) error {
	path, err := p.w.desk.SaveDocument(f.c.ID, f.d, p.dir)
	if err != nil || p.dir != "" {
		return err
	}
	printed, err := p.w.print(path, f.copies)
	if err == nil && !printed {
		err = &app.Error{Op: "print", Kind: noPrinting}
	}
	return err
}

// tell lets the window know that it may look, at most once in a glance.
func (p *papers) tell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.told {
		return
	}
	p.told = true
	time.AfterFunc(glance, func() {
		p.w.post(func() {
			p.mu.Lock()
			p.told = false
			p.mu.Unlock()
			if p == p.w.papers && p.running {
				p.refresh()
			}
		})
	})
}

// count is how far the work is: done, failed, not begun; and what it is at.
func (p *papers) count() (done, failed, left int, now *filed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.todo) > 0 {
		f := p.todo[0]
		now = &f
	}
	return p.done, len(p.failed), len(p.todo), now
}

// rests says whether the work waits for the printer.
func (p *papers) rests() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waits
}

// halt stops after the present document.
func (p *papers) halt() {
	p.halted = true
	p.stop()
	if p.w.page == pagePapers {
		p.w.show()
	}
}

func (p *papers) ended(err error) {
	w := p.w
	p.running = false
	if err != nil && !errors.Is(err, context.Canceled) {
		p.fatal = w.failure(err)
	}
	if !errors.Is(err, context.Canceled) {
		w.notifyEnd(p.began, p.outcome())
	}
	switch w.page {
	case pagePapers:
		w.show()
		w.focus("papers.back")
	case pageDocuments, pageHome, pageCases, pageCards, pageHelp: // elsewhere something may be typed
		w.show()
	}
}

// wait lets the present document be finished, when the window is closed in the middle.
func (p *papers) wait() {
	if p == nil || !p.running {
		return
	}
	select {
	case <-p.gone:
	case <-time.After(closePatience):
	}
}

// closePatience is how long a closed window waits for the document at hand.
const closePatience = 5 * time.Second

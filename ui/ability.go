package ui

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
)

// What a Desk may be able to do beside what every Desk must. The window looks for each of these by its type and leaves the
// buttons out, or does it in its own simple way, where it is missing.

// Attacher files a receipt or a scan with a case. kind is central.DocReceipt or central.DocScan.
type Attacher interface {
	Attach(caseID, kind, name string, data []byte) (cases.Case, error)
}

// Reporter writes what support needs to know, without names, numbers of persons and secrets.
type Reporter interface {
	SupportReport() (string, error)
}

// Printer sends a PDF to the printer.
type Printer interface {
	Print(path string, copies int) error
}

// ModuleKeeper keeps the PKCS#11 modules that the person has added to those that were found.
type ModuleKeeper interface {
	AddedModules() []string
	AddModule(path string) error
	RemoveModule(path string) error
}

// Configurer checks a setting before it keeps it: a value that cannot be right is app.BadInput.
type Configurer interface {
	Configure(name, value string) error
}

// Enroller signs in to the office with a card.
type Enroller interface {
	Enrol(ctx context.Context, cardSerial string, ask app.Ask) (central.Me, error)
}

// report is the Desk's report for support, or a short one of what the window knows itself.
func (w *Window) supportReport() (string, error) {
	if r, ok := w.desk.(Reporter); ok {
		return r.SupportReport()
	}
	return w.ownReport(), nil
}

// ownReport names readers, modules and findings. It names no person, and no card by its number.
func (w *Window) ownReport() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Rekey %s, %s/%s, %s\n", firstOf(w.opts.Version, "?"), runtime.GOOS, runtime.GOARCH, w.view.At.UTC().Format("2006-01-02 15:04 MST"))
	for _, f := range w.view.Findings {
		fmt.Fprintf(&b, "finding: layer %s, %s, reader %q, module %q: %s\n", f.Layer, f.Kind, f.Reader, f.Module, f.Detail)
	}
	for _, m := range w.view.Snapshot.Modules {
		fmt.Fprintf(&b, "module: %s, %d readers, %s\n", m.Path, m.Readers, firstOf(string(m.Kind), "works"))
	}
	for _, r := range w.view.Snapshot.Readers {
		card := "empty"
		if c := r.Card; c != nil {
			card = fmt.Sprintf("card of %q, PIN %d–%d, pad %v, low %v, last try %v, locked %v", c.Manufacturer, c.PIN.Min, c.PIN.Max, c.PIN.Pad, c.PIN.CountLow, c.PIN.FinalTry, c.PIN.Locked)
		}
		fmt.Fprintf(&b, "reader: %s: %s\n", r.Name, card)
	}
	for _, e := range w.view.Entries {
		fmt.Fprintf(&b, "certificate: %s…, %s, key %s, on card %s, until %s, %s\n", short(e.Fingerprint), e.Purpose, e.KeyAlgorithm, e.KeyOnCard, e.NotAfter.UTC().Format("2006-01-02"), e.State)
	}
	if w.viewErr != nil {
		fmt.Fprintf(&b, "error: %v\n", w.viewErr)
	}
	box := w.view.Outbox
	fmt.Fprintf(&b, "outbox: configured %v, waiting %d, last error %q\nstore: key in the keyring %v, backup %q\n", box.Configured, box.Waiting, box.LastError, w.view.Store.Keyring, firstOf(w.view.Store.Backup, "well"))
	return b.String()
}

package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"rekey/app"
)

// printPatience is how long the printing system may take to accept a document; askPatience, to say which printer there is.
const (
	printPatience = 30 * time.Second
	askPatience   = 10 * time.Second
)

// Kinds of what stands in the way of paper.
const (
	noPrinter    app.Kind = "no-printer"    // none is the default one, or none answers
	noPrinting   app.Kind = "no-printing"   // nothing on this machine prints for us: the viewer can
	printRefused app.Kind = "print-refused" // this document was not taken
)

// printFile sends a PDF that holds so many copies to the default printer, once. It says false when there is no way to print here.
func (w *Window) printFile(path string, copies int) (bool, error) {
	if p, ok := w.desk.(Printer); ok {
		return true, p.Print(path, copies)
	}
	return systemPrint(path, copies)
}

// defaultPrinter names the printer that printFile sends to, "" when only the Desk knows it. An error says why nothing can be printed.
func (w *Window) defaultPrinter() (string, error) {
	if _, ok := w.desk.(Printer); ok {
		return "", nil
	}
	return systemPrinter()
}

// lp is the printing command of CUPS and of macOS. The path goes behind "--": it is never read as an option.
func lp(path string, copies int) (bool, error) {
	program, err := exec.LookPath("lp")
	if err != nil {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), printPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, lpArguments(path, copies)...).CombinedOutput()
	if err != nil {
		return false, &app.Error{Op: "print", Kind: printRefused, Err: fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))}
	}
	return true, nil
}

// lpArguments: once, whatever the person's own default is, since the file holds all its copies; and where it holds several, each on sheets of
// its own, which a printer that prints on both sides would not do.
func lpArguments(path string, copies int) []string {
	all := []string{"-n", "1", "-t", "Rekey"}
	if copies > 1 {
		all = append(all, "-o", "sides=one-sided")
	}
	return append(all, "--", path)
}

// lpWaiting counts what waits at the default printer, as far as CUPS tells.
func lpWaiting(ctx context.Context, printer string) int {
	program, err := exec.LookPath("lpstat")
	if err != nil || printer == "" {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, "-o", printer).Output()
	if err != nil {
		return 0
	}
	return strings.Count(string(out), "\n")
}

// lpDefault asks CUPS for its default printer.
func lpDefault() (string, error) {
	const op = "find printer"
	if _, err := exec.LookPath("lp"); err != nil {
		return "", &app.Error{Op: op, Kind: noPrinting, Err: err}
	}
	program, err := exec.LookPath("lpstat")
	if err != nil {
		return "", nil // lp will say what is wrong
	}
	ctx, cancel := context.WithTimeout(context.Background(), askPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-d")
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	said := strings.TrimSpace(string(out))
	name, ok := strings.CutPrefix(said, "system default destination: ")
	switch {
	case err != nil:
		return "", &app.Error{Op: op, Kind: noPrinter, Err: fmt.Errorf("%w: %s", err, said)}
	case !ok:
		return "", &app.Error{Op: op, Kind: noPrinter, Err: errors.New(said)}
	}
	return name, nil
}

package ui

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// printPatience is how long the printing system may take to accept a document.
const printPatience = 30 * time.Second

// printFile sends a PDF to the default printer. It says false when there is no way to print here and the system's viewer was
// opened instead.
func (w *Window) printFile(path string, copies int) (bool, error) {
	if p, ok := w.desk.(Printer); ok {
		return true, p.Print(path, copies)
	}
	printed, err := systemPrint(path, copies)
	if printed || err != nil {
		return printed, err
	}
	return false, w.open(path)
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
		return false, fmt.Errorf("print: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return true, nil
}

func lpArguments(path string, copies int) []string {
	return []string{"-n", strconv.Itoa(max(1, copies)), "-t", "Rekey", "--", path}
}

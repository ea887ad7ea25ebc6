//go:build !windows

package ui

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
)

// choosers are programs that show the system's own choice of a folder or a file; what they are given is the title and the folder to begin at.
var choosers = []struct {
	program      string
	folder, file func(title, from string) []string
}{
	{"zenity", func(title, from string) []string {
		return []string{"--file-selection", "--directory", "--title=" + title, "--filename=" + from + "/"}
	}, func(title, from string) []string {
		return []string{"--file-selection", "--title=" + title, "--filename=" + from + "/"}
	}},
	{"kdialog", func(title, from string) []string {
		return []string{"--title", title, "--getexistingdirectory", from}
	}, func(title, from string) []string {
		return []string{"--title", title, "--getopenfilename", from}
	}},
	{"osascript", func(title, _ string) []string { return appleScript("choose folder", title) },
		func(title, _ string) []string { return appleScript("choose file", title) }},
}

func appleScript(choose, title string) []string {
	return []string{"-e", "on run argv", "-e", "POSIX path of (" + choose + " with prompt (item 1 of argv))", "-e", "end run", title}
}

// folderChooser gives the system's choice of a folder, nil where there is none.
func folderChooser() chooser { return systemChooser(true) }

// fileChooser gives the system's choice of a file, nil where there is none.
func fileChooser() chooser { return systemChooser(false) }

func systemChooser(folder bool) chooser {
	for _, c := range choosers {
		program, err := exec.LookPath(c.program)
		if err != nil || c.program == "osascript" && runtime.GOOS != "darwin" {
			continue
		}
		arguments := c.file
		if folder {
			arguments = c.folder
		}
		return func(ctx context.Context, title, from string) (string, error) {
			out, err := exec.CommandContext(ctx, program, arguments(title, from)...).Output()
			if refused := (*exec.ExitError)(nil); errors.As(err, &refused) {
				return "", nil // closed without a choice
			}
			path := strings.TrimRight(string(out), "\r\n")
			if len(path) > 1 {
				path = strings.TrimSuffix(path, "/")
			}
			return path, err
		}
	}
	return nil
}

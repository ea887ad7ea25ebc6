//go:build !windows

package ui

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
)

// folderChoosers are programs that show the system's own choice of a folder; what they are given is the title and the folder to begin at.
var folderChoosers = []struct {
	program   string
	arguments func(title, from string) []string
}{
	{"zenity", func(title, from string) []string {
		return []string{"--file-selection", "--directory", "--title=" + title, "--filename=" + from + "/"}
	}},
	{"kdialog", func(title, from string) []string { return []string{"--title", title, "--getexistingdirectory", from} }},
	{"osascript", func(title, _ string) []string {
		return []string{"-e", "on run argv", "-e", "POSIX path of (choose folder with prompt (item 1 of argv))", "-e", "end run", title}
	}},
}

// folderChooser gives the system's choice of a folder, nil where there is none. Its answer is "" when the person gave none.
func folderChooser() func(ctx context.Context, title, from string) (string, error) {
	for _, c := range folderChoosers {
		program, err := exec.LookPath(c.program)
		if err != nil || c.program == "osascript" && runtime.GOOS != "darwin" {
			continue
		}
		return func(ctx context.Context, title, from string) (string, error) {
			out, err := exec.CommandContext(ctx, program, c.arguments(title, from)...).Output()
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

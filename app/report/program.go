package report

import (
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
)

// ThisProgram says which program runs, and on what. It reads the system's own files that name its version.
func ThisProgram() Program {
	p := Program{Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, System: systemName()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return p
	}
	p.Version = info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && !strings.Contains(p.Version, s.Value[:min(12, len(s.Value))]) {
			p.Version += " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return p
}

var (
	prettyName = regexp.MustCompile(`(?m)^PRETTY_NAME="?([^"\n]+)"?$`)
	macVersion = regexp.MustCompile(`<key>ProductVersion</key>\s*<string>([0-9.]+)</string>`)
)

// systemName is the name and version of the system, as the system's own files say it; "" when they do not.
func systemName() string {
	switch runtime.GOOS {
	case "linux":
		if m := find(prettyName, "/etc/os-release"); m != "" {
			return m
		}
	case "darwin":
		if m := find(macVersion, "/System/Library/CoreServices/SystemVersion.plist"); m != "" {
			return "macOS " + m
		}
	}
	return windowsName()
}

func find(what *regexp.Regexp, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	if m := what.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return ""
}

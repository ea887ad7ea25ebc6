// Package receipt looks at a file that the holder attaches as proof of payment, before it is kept and sent.
//
// It promises: what it lets pass is a PDF, a JPEG or a PNG by its first bytes and its end, not by its name; is not empty
// and at most 20 MB; and has a name that can be shown and written on any system without leading elsewhere. It never
// opens, draws or repairs the file, and never says that the payment has arrived.
package receipt

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a file is.
type Kind string

// The kinds that are taken.
const (
	PDF  Kind = "pdf"
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
)

// MaxSize is the largest file, in bytes.
const MaxSize = 20 << 20

// maxName is the longest name, in bytes: what file systems take.
const maxName = 255

// What can be wrong; errors.Is tells them apart.
var (
	ErrEmpty   = errors.New("the file is empty")
	ErrTooBig  = errors.New("the file is larger than 20 MB")
	ErrKind    = errors.New("the file is not a PDF, JPEG or PNG")
	ErrCut     = errors.New("the end of the file is missing")
	ErrName    = errors.New("the file's name cannot be used")
	ErrMislead = errors.New("the file's name says that it is something else")
)

// Check gives the kind of a file, or what is wrong with it. The name is the last part of a path; its ending may be missing
// but must not name another kind.
func Check(name string, data []byte) (Kind, error) {
	if err := checkName(name); err != nil {
		return "", failed(name, err)
	}
	switch {
	case len(data) == 0:
		return "", failed(name, ErrEmpty)
	case len(data) > MaxSize:
		return "", failed(name, ErrTooBig)
	}
	kind, whole := look(data)
	switch {
	case kind == "":
		return "", failed(name, ErrKind)
	case !whole:
		return "", failed(name, ErrCut)
	case !fits(name, kind):
		return "", failed(name, ErrMislead)
	}
	return kind, nil
}

func failed(name string, err error) error {
	if letters := []rune(name); len(letters) > 60 {
		name = string(letters[:60]) + "…"
	}
	return fmt.Errorf("check receipt %q: %w", name, err)
}

// tail is how far from the end an end mark is looked for: scanners and mail programs add lines.
const tail = 1024

// look tells a file by its first bytes, and whether its end is there (ISO 32000-1 7.5; ISO/IEC 10918-1 B.1; PNG 5.2).
func look(data []byte) (kind Kind, whole bool) {
	end := data[max(0, len(data)-tail):]
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return PDF, bytes.Contains(end, []byte("%%EOF"))
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return JPEG, bytes.Contains(end, []byte("\xff\xd9"))
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, bytes.Contains(end, []byte("IEND"))
	}
	return "", false
}

var endings = map[string]Kind{".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".jpe": JPEG, ".jfif": JPEG, ".png": PNG}

// fits tells whether the name's ending agrees. An ending that names no kind ("dekont 21.11") is a part of the name, but not
// one that a system would run.
func fits(name string, kind Kind) bool {
	at := strings.LastIndexByte(name, '.')
	if at < 0 {
		return true
	}
	ending := strings.ToLower(name[at:])
	if said, known := endings[ending]; known {
		return said == kind
	}
	return !strings.Contains(runnable, ending+" ")
}

// runnable are endings by which some system starts a program or opens an active page.
const runnable = ".exe .com .bat .cmd .scr .pif .msi .lnk .url .js .jse .vbs .vbe .wsf .hta .ps1 .jar .app .sh .desktop .html .htm .svg .xml .zip .rar .7z .docm .xlsm "

// checkName refuses a name that leads elsewhere, is taken for a device by Windows, or hides what it is.
func checkName(name string) error {
	reason := ""
	stem, _, _ := strings.Cut(name, ".")
	switch {
	case name == "" || strings.TrimSpace(name) == "":
		reason = "it is empty"
	case len(name) > maxName:
		reason = "it is too long"
	case !utf8.ValidString(name):
		reason = "it is not UTF-8"
	case strings.ContainsAny(name, `/\:*?"<>|`):
		reason = "it has a sign that paths use"
	case strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.TrimSpace(name) != name:
		reason = "it begins or ends with a dot or a space"
	case strings.ContainsFunc(name, hidden):
		reason = "it has invisible signs"
	case device(strings.ToUpper(strings.TrimSpace(stem))):
		reason = "it is the name of a device"
	default:
		return nil
	}
	return fmt.Errorf("%w: %s", ErrName, reason)
}

// hidden is true for control signs and for marks that turn the shown order around (gpj.exe shown as exe.jpg). The joiners of
// Persian words are allowed.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' || r == '\u2028' || r == '\u2029'
}

// device is true for the names that Windows keeps for itself.
func device(stem string) bool {
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CLOCK$":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}

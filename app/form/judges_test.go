package form

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// judge runs a program that others wrote on a PDF; a missing program is a failure.
func judge(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "form.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		if args[i] == "PDF" {
			args[i] = file
		}
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func pdfText(t *testing.T, pdf []byte) string {
	return judge(t, pdf, "pdftotext", "-layout", "PDF", "-")
}

// info reads one line of pdfinfo.
func info(t *testing.T, pdf []byte, key string) string {
	for line := range strings.SplitSeq(judge(t, pdf, "pdfinfo", "PDF"), "\n") {
		if name, value, found := strings.Cut(line, ":"); found && name == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// word is one word of a page with its place in points.
type word struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

// words gives the words of each page.
func words(t *testing.T, pdf []byte) [][]word {
	t.Helper()
	var doc struct {
		Pages []struct {
			Words []word `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal([]byte(judge(t, pdf, "pdftotext", "-bbox", "PDF", "-")), &doc); err != nil {
		t.Fatal(err)
	}
	var all [][]word
	for _, p := range doc.Pages {
		all = append(all, p.Words)
	}
	return all
}

// insideMargins wants every word between the page mark above, the foot line below and the side margins.
func insideMargins(t *testing.T, pdf []byte, in Input) {
	t.Helper()
	const point, slack = 72 / 25.4, 0.5
	l := newLayout(in)
	for i, page := range words(t, pdf) {
		for _, w := range page {
			if w.XMin < marginLeft*point-slack || w.XMax > (marginLeft+l.frameW)*point+slack ||
				w.YMin < 8*point || w.YMax > (l.pageH-6)*point {
				t.Errorf("page %d: %q is at %.1f,%.1f–%.1f,%.1f", i+1, w.Text, w.XMin, w.YMin, w.XMax, w.YMax)
			}
			inFrame := w.YMin > 15*point && w.YMin < (frameTop+l.frameH)*point
			if inFrame && w.YMax > (frameTop+l.frameH+1.5)*point {
				t.Errorf("page %d: %q runs into the foot line", i+1, w.Text)
			}
		}
	}
}

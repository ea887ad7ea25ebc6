package form

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image/color"
	"regexp"
	"strings"

	"github.com/boombuler/barcode/qr"
	"gopkg.in/yaml.v3"

	"rekey/app/form/pdf"
	"rekey/app/identity"
)

// mark is what ties a printed page to its case: a QR code and a line with the case's number and the digest of what the
// form says. A file's own hash cannot stand inside the file, so the digest is that of the data that went into it.
type mark struct {
	digest string
	code   *code
}

const markSize = 12.0 // millimetres

// digestLetters is how much of the SHA-256 is printed: 128 bits.
const digestLetters = 32

func (l *layout) newMark() (*mark, error) {
	if l.in.Form.NoMark {
		return nil, nil
	}
	digest, err := l.digest()
	if err != nil {
		return nil, err
	}
	c, err := newCode(markText(l.in.Case, digest), qr.M)
	if err != nil {
		return nil, inputError("QR code: %w", err)
	}
	return &mark{digest, c}, nil
}

// markText is "REKEY:CASE:DIGEST" in capitals, which make a small code, when the case's number survives that; else
// "rekey:case:digest".
func markText(caseID, digest string) string {
	if strings.ToLower(caseID) == caseID {
		return "REKEY:" + strings.ToUpper(caseID+":"+digest)
	}
	return "rekey:" + caseID + ":" + digest
}

// ParseMark takes the text of a form's QR code apart: the case's number, "" for a form without one, and the first 32 hex
// digits of its digest.
func ParseMark(text string) (caseID, digest string, ok bool) {
	prefix, rest, _ := strings.Cut(text, ":")
	at := strings.LastIndexByte(rest, ':')
	if at < 0 {
		return "", "", false
	}
	caseID, digest = rest[:at], strings.ToLower(rest[at+1:])
	switch prefix {
	case "REKEY":
		caseID = strings.ToLower(caseID)
	case "rekey":
	default:
		return "", "", false
	}
	return caseID, digest, digestPattern.MatchString(digest)
}

var digestPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// markLine is the readable form of the mark: the form's foot line, or the case's number when that does not say it, and the digest.
func (l *layout) markLine(foot string) string {
	if !strings.Contains(foot, l.in.Case) {
		foot = strings.TrimSpace(foot + " " + l.leftToRight(l.in.Case))
	}
	return strings.TrimPrefix(foot+" · "+l.leftToRight("SHA-256 "+identity.Groups(l.mark.digest, 4)), " · ")
}

// digest is the SHA-256 of the canonical input, its first 32 hex digits: JSON with sorted keys of the form's id, case, route,
// reason, date as printed, key, photograph (its own SHA-256), and of those details, certificate values and table columns
// that the form prints. What it does not print, such as a secret word, cannot be guessed from it; how many copies there
// are does not change it.
func (l *layout) digest() (string, error) {
	uses, err := l.in.Form.uses()
	if err != nil {
		return "", err
	}
	only := func(kind string, values map[string]string) map[string]string {
		out := map[string]string{}
		for name, value := range values {
			if value = clean(value); value != "" && uses[kind+"."+name] {
				out[name] = value
			}
		}
		return out
	}
	in := l.in
	rows := make([]map[string]string, len(in.Rows))
	for i, row := range in.Rows {
		rows[i] = only("Row", row)
	}
	photo := ""
	if len(in.Photo) > 0 {
		sum := sha256.Sum256(in.Photo)
		photo = hex.EncodeToString(sum[:])
	}
	data, err := json.Marshal(map[string]any{
		"form": in.Form.ID, "case": in.Case, "route": in.Route, "reason": in.Reason, "date": l.date(),
		"details": only("Details", in.Details), "certificate": only("Certificate", in.Certificate), "rows": rows,
		"key_algorithm": in.KeyAlgorithm, "key_fingerprint": in.KeyFingerprint, "public_key": in.PublicKey, "photo": photo,
	})
	if err != nil {
		return "", inputError("%w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:digestLetters], nil
}

var usePattern = regexp.MustCompile(`\.(Details|Certificate|Row)\.(\w+)`)

// uses lists the values that the form's templates name: "Details.surname". Parse has done it for a form from a file.
func (f *Form) uses() (map[string]bool, error) {
	if f.used != nil {
		return f.used, nil
	}
	text, err := yaml.Marshal(f)
	if err != nil {
		return nil, &Error{"render form", KindData, err}
	}
	return usesIn(text), nil
}

func usesIn(text []byte) map[string]bool {
	used := map[string]bool{}
	for _, m := range usePattern.FindAllSubmatch(text, -1) {
		used[string(m[1])+"."+string(m[2])] = true
	}
	return used
}

// code is a QR code: size × size modules, row by row.
type code struct {
	size int
	dark []bool
}

func newCode(text string, level qr.ErrorCorrectionLevel) (*code, error) {
	picture, err := qr.Encode(text, level, qr.Auto)
	if err != nil {
		return nil, err
	}
	c := &code{size: picture.Bounds().Dx()}
	for y := range c.size {
		for x := range c.size {
			c.dark = append(c.dark, picture.At(x, y) == color.Black)
		}
	}
	return c, nil
}

// areas is the dark modules as rectangles, neighbours in a row as one.
func (c *code) areas(x, y, size float64) []pdf.Area {
	module := size / float64(c.size)
	var all []pdf.Area
	for row := range c.size {
		for col := 0; col < c.size; col++ {
			from := col
			for col < c.size && c.dark[row*c.size+col] {
				col++
			}
			if col > from {
				all = append(all, pdf.Area{X: x + float64(from)*module, Y: y + float64(row)*module, W: float64(col-from) * module, H: module})
			}
		}
	}
	return all
}

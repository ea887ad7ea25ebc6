package attorney

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rekey/app/identity"
)

// State of a finding.
type State string

// States. Only Failed makes a power of attorney unusable; Warning and Unknown are for a person to judge. Append only.
const (
	Passed  State = "ok"
	Warning State = "warning"
	Unknown State = "unknown" // cannot be told here
	Failed  State = "failed"
)

// Finding is the outcome of one check. ID is stable and has a text in both languages; Args are the values for its places.
type Finding struct {
	ID    string
	State State
	Args  map[string]string
}

// Facts are what a power of attorney is compared with. What is "" or nil is not compared and comes out as Unknown.
type Facts struct {
	INN    string // of our organisation, 10 digits; the old form with 00 in front is taken too
	Holder Person // of the card
	Now    time.Time
	// File is the XML as it was read and Signature the detached one beside it.
	File, Signature []byte
	Powers          []string // codes of powers that the caller knows and accepts
}

// Good tells that nothing failed.
func Good(findings []Finding) bool {
	return !slices.ContainsFunc(findings, func(f Finding) bool { return f.State == Failed })
}

// warnDays before the last day a term counts as near its end.
const warnDays = 14

// Check goes through the checks in the order of russia.md §6: format, GUID, dates, grantor, representative, powers,
// passing on, signature, registry. Each gives at least one finding.
func Check(a Attorney, f Facts) []Finding {
	var c checker
	c.format(a)
	if a.Redelegation { // no source confirms how its parts are written, so none is judged
		for _, id := range []string{"guid", "dates", "grantor", "representative", "powers"} {
			c.add("attorney."+id+".not-read", Unknown)
		}
		c.add("attorney.redelegation.passed-on", Warning)
	} else {
		c.guid(a)
		c.dates(a, f.Now)
		c.grantor(a, f.INN)
		c.representative(a, f.Holder)
		c.powers(a, f.Powers)
		c.redelegation(a)
	}
	c.signature(a, f)
	c.add("attorney.registry.offline", Unknown, "url", a.Registry)
	return c
}

type checker []Finding

// add takes the id, and pairs of name and value for its text.
func (c *checker) add(id string, s State, pairs ...string) {
	f := Finding{ID: id, State: s, Args: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Args[pairs[i]] = pairs[i+1]
	}
	*c = append(*c, f)
}

var (
	fileIDPattern = regexp.MustCompile(`^ON_EMCHD_\d{8}_[0-9a-fA-F-]{36}$`)
	guidPattern   = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
)

func (c *checker) format(a Attorney) {
	switch {
	case a.Format != "EMCHD_1":
		c.add("attorney.format.version", Failed, "version", a.Format)
	case !fileIDPattern.MatchString(a.FileID):
		c.add("attorney.format.file-id", Warning, "file", a.FileID)
	default:
		c.add("attorney.format.ok", Passed)
	}
}

func (c *checker) guid(a Attorney) {
	switch {
	case !guidPattern.MatchString(a.Number):
		c.add("attorney.guid.form", Failed, "number", a.Number)
	case fileIDPattern.MatchString(a.FileID) && !strings.EqualFold(a.FileID[len(a.FileID)-36:], a.Number):
		c.add("attorney.guid.other-file", Warning, "number", a.Number, "file", a.FileID)
	default:
		c.add("attorney.guid.ok", Passed, "number", a.Number)
	}
}

func (c *checker) dates(a Attorney, now time.Time) {
	now = now.In(moscow)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, moscow)
	left := int(a.Until.Sub(today) / (24 * time.Hour)) // Moscow has no summer time
	args := []string{"from", shown(a.Issued), "until", shown(a.Until), "days", strconv.Itoa(left)}
	switch {
	case a.Issued.IsZero() || a.Until.IsZero():
		c.add("attorney.dates.missing", Failed)
	case a.Until.Before(a.Issued):
		c.add("attorney.dates.order", Failed, args...)
	case today.Before(a.Issued):
		c.add("attorney.dates.early", Failed, args...)
	case left < 0:
		c.add("attorney.dates.expired", Failed, args...)
	case left <= warnDays:
		c.add("attorney.dates.soon", Warning, args...)
	default:
		c.add("attorney.dates.ok", Passed, args...)
	}
}

func shown(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("02.01.2006")
}

func (c *checker) grantor(a Attorney, ours string) {
	theirs := a.Grantor.INN
	ours = strings.TrimSpace(ours)
	if len(ours) == 12 && strings.HasPrefix(ours, "00") { // certificates before 1 September 2021
		ours = ours[2:]
	}
	switch {
	case theirs == "":
		c.add("attorney.grantor.missing", Failed)
	case len(theirs) != 10 || !identity.Check("inn", theirs).OK:
		c.add("attorney.grantor.check-digits", Failed, "inn", theirs)
	case ours == "":
		c.add("attorney.grantor.not-compared", Unknown, "inn", theirs, "name", a.Grantor.Name)
	case ours != theirs:
		c.add("attorney.grantor.other", Failed, "inn", theirs, "name", a.Grantor.Name, "ours", ours)
	default:
		c.add("attorney.grantor.ok", Passed, "inn", theirs, "name", a.Grantor.Name)
	}
}

// representative goes by INN, else by SNILS, else by name: what both sides have decides.
func (c *checker) representative(a Attorney, holder Person) {
	if len(a.Representatives) == 0 {
		c.add("attorney.representative.missing", Failed)
		return
	}
	best, name := "", ""
	rank := []string{"", "not-compared", "other", "other-letters", "name", "snils", "inn"}
	for _, r := range a.Representatives {
		if how := compare(r, holder); best == "" || slices.Index(rank, how) > slices.Index(rank, best) {
			best, name = how, r.Name()
		}
	}
	states := map[string]State{"inn": Passed, "snils": Passed, "name": Warning, "other-letters": Warning, "not-compared": Unknown, "other": Failed}
	c.add("attorney.representative."+best, states[best], "name", name, "holder", holder.Name())
}

func compare(a, b Person) string {
	if x, y := digits(a.INN), digits(b.INN); x != "" && y != "" {
		return either(x == y, "inn")
	}
	if x, y := digits(a.SNILS), digits(b.SNILS); x != "" && y != "" {
		return either(x == y, "snils")
	}
	x, y := letters(a.Name()), letters(b.Name())
	switch {
	case x == "" || y == "":
		return "not-compared"
	case x == y:
		return "name"
	case strings.ReplaceAll(x, "Ё", "Е") == strings.ReplaceAll(y, "Ё", "Е"):
		return "other-letters"
	}
	return "other"
}

func either(same bool, how string) string {
	if same {
		return how
	}
	return "other"
}

// letters makes names comparable: capitals, single spaces.
func letters(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), " ")) }

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func (c *checker) powers(a Attorney, known []string) {
	if a.PowerText == "" && len(a.Powers) == 0 {
		c.add("attorney.powers.missing", Failed)
		return
	}
	if a.PowerText != "" {
		c.add("attorney.powers.text", Warning)
	}
	for _, p := range a.Powers {
		if slices.Contains(known, p.Code) {
			c.add("attorney.powers.ok", Passed, "code", p.Code, "name", p.Name)
		} else {
			c.add("attorney.powers.unknown-code", Warning, "code", p.Code, "name", p.Name)
		}
	}
	if len(a.Representatives) > 1 {
		c.add("attorney.powers.joint", Warning, "code", a.Joint)
	}
}

func (c *checker) redelegation(a Attorney) {
	switch a.PassingOn {
	case "1":
		c.add("attorney.redelegation.none", Passed)
	case "2", "3":
		c.add("attorney.redelegation.allowed", Warning, "code", a.PassingOn)
	default:
		c.add("attorney.redelegation.unknown-code", Warning, "code", a.PassingOn)
	}
}

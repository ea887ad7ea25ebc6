package registry

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rekey/cmd/rekey-central/data"
	"rekey/cmd/rekey-central/office"
)

// Limits in characters, entries or bytes. The contract says the same.
const (
	maxName    = 300
	maxWord    = 64
	maxDetails = 200
	maxKey     = 100
	maxDetail  = 4000
	maxIssuer  = 1000
	maxText    = 100
	maxWhy     = 2000
)

var (
	patternCountry  = regexp.MustCompile(`^[A-Z]{2}$`)
	patternHex      = regexp.MustCompile(`^[0-9a-f]{1,64}$`)
	patternAmount   = regexp.MustCompile(`^[0-9]{1,12}([.][0-9]{1,2})?$`)
	patternCurrency = regexp.MustCompile(`^[A-Z]{3}$`)
)

// rule is one thing that has to hold of a field.
type rule struct {
	holds bool
	field string
	want  string
}

// hold gives the first rule that does not.
func hold(rules ...rule) error {
	for _, r := range rules {
		if !r.holds {
			return invalid("%s: want %s", r.field, r.want)
		}
	}
	return nil
}

const wantSHA256 = "64 hex digits, lower case"

func isPath(value, path, field string) rule {
	return rule{value == path, field, "the same as in the path"}
}

func isSum(value, field string) rule { return rule{office.IsSHA256(value), field, wantSHA256} }

func isSumOrNone(value, field string) rule {
	return rule{value == "" || office.IsSHA256(value), field, wantSHA256 + ", or nothing"}
}

func isID(value, field string) rule {
	return rule{office.IsCaseID(value), field, "a UUID of version 7, lower case"}
}

func isTime(t time.Time, field string) rule { return rule{!t.IsZero(), field, "a time"} }

// isText: at most so many characters in one line; perhaps none.
func isText(value, field string, most int) rule {
	return rule{utf8.RuneCountInString(value) <= most && !strings.ContainsFunc(value, unicode.IsControl), field, fmt.Sprintf("one line of at most %d characters", most)}
}

func isLine(value, field string, most int) rule {
	r := isText(value, field, most)
	r.holds = r.holds && strings.TrimSpace(value) != ""
	r.want = fmt.Sprintf("one line of 1 to %d characters", most)
	return r
}

func isDetails(m map[string]string, field string) rule {
	r := rule{len(m) <= maxDetails, field, fmt.Sprintf("at most %d entries, names of 1 to %d characters in one line, values of at most %d", maxDetails, maxKey, maxDetail)}
	for k, v := range m {
		r.holds = r.holds && isLine(k, "", maxKey).holds && utf8.RuneCountInString(v) <= maxDetail
	}
	return r
}

func isLike(value, field string, pattern *regexp.Regexp, want string) rule {
	return rule{value == "" || pattern.MatchString(value), field, want}
}

func isOneOf(value, field string, words ...string) rule {
	return rule{slices.Contains(words, value), field, "one of " + strings.Join(words, ", ")}
}

func isDay(value, field string) rule {
	_, err := time.Parse(time.DateOnly, value)
	return rule{value == "" || err == nil, field, "a day such as 2026-11-21, or nothing"}
}

// sent wants every document to have been sent by this owner. An empty name is none.
func sent(tx data.Tx, owner string, sums ...string) error {
	var missing []string
	for _, sum := range sums {
		if sum == "" {
			continue
		}
		here, err := tx.Get(data.Readers, office.ReaderKey(sum, owner))
		if err != nil {
			return err
		}
		if here == nil {
			missing = append(missing, sum)
		}
	}
	if len(missing) > 0 {
		return &office.Error{Op: "check", Kind: office.KindMissing, Err: &office.MissingError{SHA256: missing}}
	}
	return nil
}

// ownCase wants a case to be the caller's. Cases never go and never change their owner, so this holds after it was asked.
func (r *Registry) ownCase(ctx context.Context, who office.Caller, id string) error {
	_, err := r.office.Case(ctx, who, id)
	if office.KindOf(err) == office.KindNotFound {
		return invalid("case: there is no such case of yours; hand it in first")
	}
	return err
}

func why(text string) (string, error) {
	text = strings.TrimSpace(text)
	return text, hold(rule{text != "" && utf8.RuneCountInString(text) <= maxWhy, "why", fmt.Sprintf("1 to %d characters", maxWhy)})
}

func invalid(format string, args ...any) error {
	return &office.Error{Op: "check", Kind: office.KindInvalid, Err: fmt.Errorf(format, args...)}
}

func conflict(format string, args ...any) error {
	return &office.Error{Op: "decide", Kind: office.KindConflict, Err: fmt.Errorf(format, args...)}
}

package procedure

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"rekey/app/calendar"
)

// Override is what an authority's server sends about one procedure: newer fees, accounts, windows, copies, contacts and
// working days, all as of one day. On the wire it is JSON; by hand it may be written as YAML with the same keys.
type Override struct {
	Procedure string              `json:"procedure"`
	AsOf      Day                 `json:"as_of"`
	Source    string              `json:"source"`
	Fees      []Fee               `json:"fees,omitempty"`     // each replaces the fee of the same reason and holder kind; "0" ends it
	Payment   *Payment            `json:"payment,omitempty"`  // instead of the procedure's
	Payments  map[string]Payment  `json:"payments,omitempty"` // by reason, instead of that reason's
	Windows   *Windows            `json:"windows,omitempty"`
	Copies    []Copies            `json:"copies,omitempty"`
	Contacts  []Contact           `json:"contacts,omitempty"` // each replaces the contact of the same id, or is added
	Calendars []calendar.Calendar `json:"calendars,omitempty"`
}

// Copies is a new number of copies of a form; with a reason or a route only there.
type Copies struct {
	Form   string `json:"form"`
	Reason string `json:"reason,omitempty"`
	Route  string `json:"route,omitempty"`
	Copies int    `json:"copies"`
}

// Day is a date without a clock, 2026-11-21 on the wire.
type Day struct{ time.Time }

// DayOf gives the date of t.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// MarshalJSON writes 2026-11-21.
func (d Day) MarshalJSON() ([]byte, error) { return json.Marshal(d.Format(time.DateOnly)) }

// UnmarshalJSON takes 2026-11-21 only.
func (d *Day) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return fmt.Errorf("%q is not a day such as 2026-11-21", s)
	}
	d.Time = t
	return nil
}

// Limits of an override: what a server sends is looked at before anything of it is used.
const (
	maxOverride  = 256 << 10 // bytes
	maxFees      = 200
	maxList      = 100
	maxText      = 500 // characters of one text
	maxCalendars = 20
)

// ParseOverride reads JSON, or YAML with the same keys, strictly: unknown keys, bad amounts, accounts, texts and numbers
// beyond the limits are refused. The name is only for the errors.
func ParseOverride(name string, data []byte) (Override, error) {
	fail := func(err error) (Override, error) { return Override{}, fmt.Errorf("%s: %w", name, err) }
	if len(data) > maxOverride {
		return fail(fmt.Errorf("larger than %d bytes", maxOverride))
	}
	if !utf8.Valid(data) {
		return fail(errors.New("is not UTF-8"))
	}
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		var err error
		if data, err = toJSON(data); err != nil {
			return fail(err)
		}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var o Override
	if err := dec.Decode(&o); err != nil {
		return fail(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fail(errors.New("more than one value"))
	}
	if err := o.Check(); err != nil {
		return fail(err)
	}
	return o, nil
}

// toJSON turns YAML into JSON; days stay text.
func toJSON(data []byte) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	var plain func(*yaml.Node)
	plain = func(n *yaml.Node) {
		if n.Tag == "!!timestamp" {
			n.Tag = "!!str"
		}
		for _, c := range n.Content {
			plain(c)
		}
	}
	plain(&root)
	var value map[string]any
	if err := root.Decode(&value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// Check finds what cannot be right in itself; whether it fits the procedure is for Apply.
func (o Override) Check() error {
	switch {
	case !idPattern.MatchString(o.Procedure):
		return fmt.Errorf("procedure %q is not an id", o.Procedure)
	case o.AsOf.Year() < 2000 || o.AsOf.Year() > 2100:
		return errors.New("as_of, the day on which this is true, is needed")
	case strings.TrimSpace(o.Source) == "":
		return errors.New("source is needed")
	case len(o.Fees) > maxFees || len(o.Copies) > maxList || len(o.Contacts) > maxList || len(o.Payments) > maxList || len(o.Calendars) > maxCalendars:
		return errors.New("too many entries")
	}
	texts := []string{o.Source}
	for i, f := range o.Fees {
		if problem := f.problem(); problem != "" {
			return fmt.Errorf("fee %d: %s", i+1, problem)
		}
		texts = append(texts, f.Reason, f.HolderKind)
		texts = append(texts, values(f.For)...)
		if f.For != nil {
			if problem := checkText(f.For); problem != "" {
				return fmt.Errorf("fee %d: %s", i+1, problem)
			}
		}
	}
	payments := map[string]Payment{}
	for reason, pay := range o.Payments {
		payments[reason] = pay
	}
	if o.Payment != nil {
		payments[""] = *o.Payment
	}
	for _, pay := range payments {
		if key, problem := pay.problem(); problem != "" {
			return fmt.Errorf("payment: %s: %s", key, problem)
		}
		texts = append(texts, pay.Payee, pay.Bank, pay.Branch, pay.Text, pay.Counter)
	}
	if w := o.Windows; w != nil && (min(w.Reminder, w.Opens, w.Latest) < 0 || max(w.Reminder, w.Opens, w.Latest) > 3650 || w.Opens > 0 && w.Latest > w.Opens) {
		return errors.New("windows: days from 0 to 3650, latest_days not before opens_days")
	}
	for _, c := range o.Copies {
		if c.Form == "" || c.Copies < 1 || c.Copies > maxCopies {
			return fmt.Errorf("copies of form %q: 1 to %d", c.Form, maxCopies)
		}
	}
	for _, c := range o.Contacts {
		if problem := checkText(c.Label); problem != "" || strings.TrimSpace(c.Value) == "" || !idPattern.MatchString(c.ID) {
			return errors.New("a contact needs an id, a label with English and a value")
		}
		texts = append(append(texts, c.ID, c.Value, c.Kind), values(c.Label)...)
	}
	for _, c := range o.Calendars {
		if err := c.Check(); err != nil {
			return fmt.Errorf("calendar: %w", err)
		}
	}
	return plainTexts(texts)
}

func values(t Text) []string {
	var all []string
	for _, s := range t {
		all = append(all, s)
	}
	return all
}

// plainTexts refuses texts that are too long or have control or direction-changing characters: they go on forms.
func plainTexts(texts []string) error {
	for _, s := range texts {
		if utf8.RuneCountInString(s) > maxText {
			return fmt.Errorf("a text is longer than %d characters", maxText)
		}
		for _, r := range s {
			if unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
				return fmt.Errorf("a text has the character %U", r)
			}
		}
	}
	return nil
}

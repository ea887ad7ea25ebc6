// Package attorney shows and checks a machine-readable power of attorney (МЧД, unified format EMCHD_1): with it
// an employee signs for an organisation, beside a certificate that names only the person.
//
// It promises: a hostile file ends in an error (5 MB at most, no document type, no entities, bounded depth); nothing that the
// file says is changed; the checks come in a fixed order, each with a stable
// id and a text in Russian and English.
//
// It never goes to the registry of the tax service, and it does not claim what it cannot know: signatures with GOST are not
// verified, the register's status is unknown, and the meaning of powers is for people to judge.
package attorney

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Attorney is a power of attorney as the file says it.
type Attorney struct {
	Format string `json:"format"`  // ВерсФорм
	FileID string `json:"file_id"` // ИдФайл: the file's name without .xml

	Redelegation bool `json:"redelegation"` // Передов: passed on from another one; its details are not read

	Number    string    `json:"number"`          // НомДовер, a GUID
	Internal  string    `json:"internal_number"` // ВнНомДовер
	Kind      string    `json:"kind"`            // ВидДовер: 1, or 2 irrevocable
	PassingOn string    `json:"passing_on"`      // ПрПередов: 1 not allowed, 2 once, 3 further
	Issued    time.Time `json:"issued"`          // ДатаВыдДовер, midnight in Moscow; zero: missing or broken
	Until     time.Time `json:"until"`           // СрокДейст: the last day
	Registry  string    `json:"registry"`        // СведСист: where its status can be asked for

	Grantor         Organisation `json:"grantor"`
	Heads           []Person     `json:"heads"` // ЛицоБезДов: who may sign for the grantor
	Representatives []Person     `json:"representatives"`

	Joint     string  `json:"joint"` // ПрСовмПолн, the code itself: sources disagree about its meaning
	PowerText string  `json:"power_text"`
	Powers    []Power `json:"powers"`
}

// Organisation is a Russian legal entity; empty when the grantor is something else.
type Organisation struct {
	Name string `json:"name"`
	INN  string `json:"inn"`
	KPP  string `json:"kpp"`
	OGRN string `json:"ogrn"`
}

// Person is a head or a representative.
type Person struct {
	Last     string `json:"last"`
	First    string `json:"first"`
	Middle   string `json:"middle"`
	INN      string `json:"inn"`
	SNILS    string `json:"snils"`
	Position string `json:"position"`
}

// Name is the full name.
func (p Person) Name() string {
	return strings.Join(strings.Fields(p.Last+" "+p.First+" "+p.Middle), " ")
}

// Power is one power in machine-readable form.
type Power struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	Limits []Limit `json:"limits,omitempty"`
}

// Limit narrows a power.
type Limit struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// moscow has had no summer time since 2014; terms count by its time.
var moscow = time.FixedZone("MSK", 3*60*60)

// Parse reads a file in UTF-8 or windows-1251. What is missing in it shows in Check; an error means that it is no power of
// attorney of this format at all, or one that could be read in two ways.
func Parse(data []byte) (Attorney, error) {
	root, err := read(data)
	if err != nil {
		return Attorney{}, fmt.Errorf("read power of attorney: %w", err)
	}
	r := &reader{}
	a := Attorney{Format: root.attr("ВерсФорм"), FileID: root.attr("ИдФайл"), Heads: []Person{}, Representatives: []Person{}, Powers: []Power{}}
	document := r.one(root, "Документ")
	direct, passed := r.one(document, "Довер"), r.one(document, "Передов")
	switch {
	case r.err != nil:
	case direct == nil && passed == nil:
		r.err = errors.New("the file has neither <Довер> nor <Передов>")
	case direct != nil && passed != nil:
		r.err = errors.New("the file has both <Довер> and <Передов>")
	case passed != nil:
		a.Redelegation = true
	default:
		a.fill(r, direct)
	}
	if r.err != nil {
		return Attorney{}, fmt.Errorf("read power of attorney: %w", r.err)
	}
	return a, nil
}

func (a *Attorney) fill(r *reader, from *node) {
	about := r.one(from, "СвДов")
	a.Number, a.Internal = about.attr("НомДовер"), about.attr("ВнНомДовер")
	a.Kind, a.PassingOn = about.attr("ВидДовер"), about.attr("ПрПередов")
	a.Issued, a.Until = date(about.attr("ДатаВыдДовер")), date(about.attr("СрокДейст"))
	a.Registry = r.one(about, "СведСист").words()

	grantor := r.one(from, "СвДоверит", "Доверит", "РосОргДовер")
	organisation := r.one(grantor, "СвРосОрг")
	a.Grantor = Organisation{organisation.attr("НаимОрг"), organisation.attr("ИННЮЛ"), organisation.attr("КПП"), organisation.attr("ОГРН")}
	for _, head := range grantor.all("ЛицоБезДов") {
		a.Heads = append(a.Heads, person(r, r.one(head, "СвФЛ")))
	}
	for _, one := range from.all("СвУпПред") {
		a.Representatives = append(a.Representatives, person(r, r.one(one, "Пред", "СведФизЛ")))
	}
	powers := r.one(from, "СвПолн")
	a.Joint = powers.attr("ПрСовмПолн")
	a.PowerText = r.one(powers, "ТекстПолн").words()
	if a.PowerText == "" {
		a.PowerText = powers.attr("ТекстПолн")
	}
	for _, n := range powers.all("МашПолн") {
		a.Powers = append(a.Powers, power(n))
	}
}

func person(r *reader, n *node) Person {
	name := r.one(n, "СведФЛ", "ФИО")
	return Person{
		Last: name.attr("Фамилия"), First: name.attr("Имя"), Middle: name.attr("Отчество"),
		INN: n.attr("ИННФЛ"), SNILS: n.attr("СНИЛС"), Position: n.attr("Должность"),
	}
}

func power(n *node) Power {
	p := Power{Code: n.attr("КодПолн"), Name: n.attr("НаимПолн")}
	for _, l := range n.all("ОгрСвПолн") {
		value := l.attr("ТексЗначОгр")
		if value == "" {
			value = l.attr("КодЗначОгр")
		}
		p.Limits = append(p.Limits, Limit{l.attr("КодОгр"), l.attr("НаимОгр"), value})
	}
	return p
}

// date reads an xs:date; the zone that it may carry does not count, terms run by Moscow's days.
func date(s string) time.Time {
	if len(s) > len(time.DateOnly) {
		s = s[:len(time.DateOnly)]
	}
	t, err := time.ParseInLocation(time.DateOnly, s, moscow)
	if err != nil {
		return time.Time{}
	}
	return t
}

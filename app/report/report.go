// Package report says why nothing was found, and makes a report for support of it.
//
// It promises: Diagnose walks the layers from the system up to the certificates and names the first that fails,
// with the words for what happened and what to do; nothing personal is in a Report. It holds no name, no national
// number, no label of a card (people write names on them), no PIN and no certificate; serial numbers are masked but
// for their last four characters, and paths below a home folder begin with "~". This is done when the Report is made,
// so that whatever is done with one (text, JSON, clipboard) is safe.
//
// It never touches a card or the network, and sends nothing.
package report

import (
	"time"

	"rekey/app/register"
	"rekey/token"
)

// Finding is one thing that is missing or broken, as the use cases found it.
type Finding struct {
	Layer  string // one of the Layer words
	Kind   string // translation keys finding.<Kind>.what and finding.<Kind>.do
	Module string
	Reader string
	Detail string
}

// Input is what one look at the cards has found.
type Input struct {
	At       time.Time
	Snapshot token.Snapshot
	Findings []Finding
	Entries  []register.Entry
	Program  Program
	Files    map[string]File // by the module's path
	Home     string          // home folder, "" when unknown
}

// Program is what runs, and on what.
type Program struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`     // runtime.GOOS
	Arch    string `json:"arch"`   // runtime.GOARCH
	System  string `json:"system"` // "Debian GNU/Linux 12 (bookworm)"; "" when unknown
}

// File is what tells one version of a module from another.
type File struct {
	Name     string    `json:"vendor"` // as the table of known modules calls it, "" when it is not there
	Real     string    `json:"file"`   // file name after all links: often ends with the version
	SHA256   string    `json:"sha256"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
}

// The layers, in the order of the walk. Append only.
const (
	LayerService      = "service"
	LayerReader       = "reader"
	LayerCard         = "card"
	LayerModule       = "module"
	LayerLoad         = "load"
	LayerCertificates = "certificates"
	LayerFilter       = "filter"
)

// layers is the order of the walk.
var layers = []string{LayerService, LayerReader, LayerCard, LayerModule, LayerLoad, LayerCertificates, LayerFilter}

// States of a layer.
const (
	OK      = "ok"
	Failed  = "failed"
	Unknown = "unknown" // a layer before it has to work first
)

// Report is a diagnosis with nothing personal in it. Its JSON names are stable.
type Report struct {
	MadeAt       time.Time     `json:"made_at"`
	Program      Program       `json:"program"`
	Found        bool          `json:"found"`         // a certificate for signing can be used
	FirstFailing string        `json:"first_failing"` // a layer, "" when none fails
	Layers       []Layer       `json:"layers"`
	Modules      []Module      `json:"modules"`
	Readers      []Reader      `json:"readers"`
	Certificates []Certificate `json:"certificates"`
}

// Layer is one step of the walk.
type Layer struct {
	Layer  string  `json:"layer"`
	State  string  `json:"state"`
	Kind   string  `json:"kind,omitempty"` // of the first trouble: finding.<kind>.what and .do
	Facts  []Fact  `json:"facts"`
	Others []Fault `json:"troubles,omitempty"` // every trouble of this layer
}

// Fact is something seen in a layer.
type Fact struct {
	Name  string `json:"name"` // stable word
	Value string `json:"value"`
}

// Fault is one trouble.
type Fault struct {
	Kind   string `json:"kind"`
	Module string `json:"module,omitempty"`
	Reader string `json:"reader,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// Module is how a module answered.
type Module struct {
	Path    string `json:"path"`
	State   string `json:"state"` // OK or the kind of error
	Detail  string `json:"detail,omitempty"`
	Readers int    `json:"readers"`
	File    *File  `json:"file,omitempty"`
}

// Reader is a reader and what is in it.
type Reader struct {
	Name   string `json:"name"`
	Module string `json:"module"`
	Fault  string `json:"fault,omitempty"`
	Card   *Card  `json:"card"`
}

// Card is a card without its label.
type Card struct {
	Serial       string   `json:"serial_masked"`
	Manufacturer string   `json:"manufacturer"`
	Model        string   `json:"model"`
	Blank        bool     `json:"blank"`
	PINFlags     []string `json:"pin"`
}

// Certificate is a certificate without anything that says whose it is.
type Certificate struct {
	Card       string `json:"card_serial_masked"`
	Country    string `json:"country"`
	Purpose    string `json:"purpose"`
	Qualified  string `json:"qualified"` // "yes" or "no", and the word for why
	Key        string `json:"key"`
	Signature  string `json:"signature"`
	KeyOnCard  string `json:"key_on_card"`
	State      string `json:"state"`
	ValidFrom  string `json:"valid_from"`  // day
	ValidUntil string `json:"valid_until"` // day
	Size       int    `json:"size"`
	Problem    string `json:"problem,omitempty"` // register.Certificate.ProblemID
}

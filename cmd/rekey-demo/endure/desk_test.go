package endure

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/app/procedure"
	"rekey/assets"
	"rekey/token"
)

//go:embed testdata/generic.yaml
var papersProcedure []byte

// data are the program's own files with one procedure more.
type data struct{}

func (data) Open(name string) (fs.File, error) {
	if name == "procedures/generic.yaml" {
		return fstest.MapFS{name: {Data: papersProcedure}}.Open(name)
	}
	return assets.Files.Open(name)
}

// paper is one document that a case has to bring.
type paper struct {
	kind, name string
	data       []byte
}

func (p paper) sum() string {
	sum := sha256.Sum256(p.data)
	return hex.EncodeToString(sum[:])
}

// plan is what one holder hands in: the same for the same seed and number.
type plan struct {
	number int
	first  []paper // before it is sent
	later  []paper // after it
}

func (p plan) email() string   { return fmt.Sprintf("holder-%03d@endure.example", p.number) }
func (p plan) papers() []paper { return append(slices.Clone(p.first), p.later...) }

// shapes are the kinds of files that the program takes, by their beginning and end.
var shapes = []struct{ ending, head, tail string }{
	{".jpg", "\xff\xd8\xff", "\xff\xd9"}, {".pdf", "%PDF-1.7\n", "\n%%EOF\n"}, {".png", "\x89PNG\r\n\x1a\n", "IEND\xaeB`\x82"},
}

// newPaper makes a file of about size bytes; the smallest are five bytes, for less is no picture.
func newPaper(r *rand.Rand, kind string, size int) paper {
	shape := shapes[r.IntN(len(shapes))]
	if size < 30 {
		shape = shapes[0]
	}
	middle := make([]byte, max(0, size-len(shape.head)-len(shape.tail)))
	for i := 0; i < len(middle); i += 8 {
		n := r.Uint64()
		for j := i; j < min(i+8, len(middle)); j++ {
			middle[j], n = byte(n), n>>8
		}
	}
	return paper{kind, kind + shape.ending, slices.Concat([]byte(shape.head), middle, []byte(shape.tail))}
}

// newPlan: most papers are small, one case of twelve brings a large one.
func newPlan(seed uint64, number int) plan {
	r := rand.New(rand.NewPCG(seed, uint64(number)+1))
	size := func() int { return 1 << r.IntN(17) }
	p := plan{number: number, first: []paper{newPaper(r, "passport", size())}}
	switch {
	case number%12 == 5:
		p.first = append(p.first, newPaper(r, "letter", 1<<20+r.IntN(2<<20)))
	case number%2 == 0:
		p.first = append(p.first, newPaper(r, "letter", size()+r.IntN(9000)))
	}
	if number%3 == 0 {
		p.later = append(p.later, newPaper(r, "scan", size()+r.IntN(60000)))
	}
	if number%4 == 1 { // goes to the office twice: with the case, and as a receipt of its own
		p.later = append(p.later, newPaper(r, central.DocReceipt, 100+size()))
	}
	return p
}

// desk is the use cases on a store of its own, with no card in the reader.
type desk struct {
	*app.App
	dir  string
	tell func(string)
}

func deskOptions(dir, address string) app.Options {
	return app.Options{
		StoreDir: filepath.Join(dir, "store"), Documents: filepath.Join(dir, "documents"), Central: address,
		Assets: data{}, Cards: token.NewSet(nil, nil),
	}
}

// openDesk opens the store in dir; set changes the options.
func openDesk(dir, address string, set ...func(*app.Options)) (*desk, error) {
	options := deskOptions(dir, address)
	for _, f := range set {
		f(&options)
	}
	a, err := app.Open(options)
	if err != nil {
		return nil, err
	}
	return &desk{a, dir, func(string) {}}, nil
}

// newDesk opens one on an empty folder and closes it with the test.
func newDesk(t testing.TB, address string, set ...func(*app.Options)) *desk {
	t.Helper()
	d, err := openDesk(t.TempDir(), address, set...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// clock is a client's clock that can be set.
func clock(skew *time.Duration) func(*app.Options) {
	return func(o *app.Options) { o.Now = func() time.Time { return time.Now().Add(*skew) } }
}

// find gives the plan's case, if it was begun.
func (d *desk) find(p plan) (cases.Case, bool, error) {
	all, err := d.Cases()
	if err != nil {
		return cases.Case{}, false, err
	}
	i := slices.IndexFunc(all, func(c cases.Case) bool { return c.Details["email"] == p.email() })
	if i < 0 {
		return cases.Case{}, false, nil
	}
	return all[i], true, nil
}

// handIn does what is left of the plan, as a person would who was interrupted: it looks at what is there and goes on.
func (d *desk) handIn(ctx context.Context, p plan) (cases.Case, error) {
	c, found, err := d.find(p)
	if err != nil {
		return c, err
	}
	if !found {
		draft, err := d.NewDraft(ctx, "", "generic", "first-issue")
		if err != nil {
			return c, err
		}
		draft.Route = "papers"
		if err := d.FillIn(&draft, map[string]string{"name": "Ayşe Örnek", "email": p.email()}); err != nil {
			return c, err
		}
		if c, err = d.Start(draft); err != nil {
			return c, err
		}
	}
	if c, err = d.attach(c, p.first); err != nil {
		return c, err
	}
	d.tell("sending")
	if c, err = d.Run(ctx, c.ID, app.Ask{}); err != nil {
		return c, err
	}
	if !sent(c) {
		return c, nil
	}
	return d.attach(c, p.later)
}

func (d *desk) attach(c cases.Case, list []paper) (cases.Case, error) {
	for _, p := range list {
		if _, there := c.Document(p.kind); there {
			continue
		}
		var err error
		if c, err = d.Attach(c.ID, p.kind, p.name, p.data); err != nil {
			return c, err
		}
	}
	return c, nil
}

func sent(c cases.Case) bool {
	s, ok := c.Step(procedure.Send)
	return ok && s.State == cases.Done
}

// complete says that nothing of the plan is left for the holder to do.
func complete(c cases.Case, p plan) bool {
	return sent(c) && !slices.ContainsFunc(p.papers(), func(d paper) bool { _, there := c.Document(d.kind); return !there })
}

package procedure

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// maxFile is the largest procedure file, in bytes; ours have some kilobytes.
const maxFile = 1 << 20

// Load reads every *.yaml of a folder, by file name, with the words of its folder "words". A file is named after its procedure.
func Load(files fs.FS, dir string) ([]*Procedure, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("procedures: %w", err)
	}
	words, err := loadTranslations(files, dir)
	if err != nil {
		return nil, err
	}
	all, errs := make([]*Procedure, len(names)), make([]error, len(names))
	var wait sync.WaitGroup
	for i, name := range names { // all at once: the first picture of the window waits for them
		wait.Go(func() { all[i], errs[i] = read(files, name) })
	}
	wait.Wait()
	for i, p := range all {
		switch {
		case errs[i] != nil:
			return nil, errs[i]
		case p.Match.Any && slices.ContainsFunc(all[:i], func(o *Procedure) bool { return o.Match.Any }):
			return nil, Problems{{File: names[i], Line: 1, Text: "a second procedure for any certificate"}}
		}
		p.words = words
		words.complete(p)
	}
	return all, nil
}

func read(files fs.FS, name string) (*Procedure, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("procedures: %w", err)
	}
	p, err := Parse(name, data)
	if err == nil && p.ID != strings.TrimSuffix(path.Base(name), ".yaml") {
		return nil, Problems{{File: name, Line: 1, Text: fmt.Sprintf("the file is not named after its id %q", p.ID)}}
	}
	return p, err
}

// Parse reads one file strictly. The name is only for the errors, which are Problems: all that is wrong, with lines.
func Parse(name string, data []byte) (*Procedure, error) {
	if len(data) > maxFile {
		return nil, Problems{{File: name, Line: 1, Text: fmt.Sprintf("larger than %d bytes", maxFile)}}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, yamlProblems(name, err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	var p Procedure
	if err := dec.Decode(&p); errors.Is(err, io.EOF) {
		return nil, Problems{{File: name, Line: 1, Text: "the file is empty"}}
	} else if err != nil {
		return nil, yamlProblems(name, err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, Problems{{File: name, Line: 1, Text: "more than one document"}}
	}
	var all Problems
	p.check(place{all: &all, file: name, root: &root})
	if len(all) > 0 {
		return nil, all.sorted()
	}
	p.fillKinds()
	return &p, nil
}

// fillKinds gives the field holder_kind its choices, so that the kinds are listed once.
func (p *Procedure) fillKinds() {
	fill := func(fields []Field) {
		for i := range fields {
			if fields[i].ID == KindField && len(fields[i].Choices) == 0 {
				for _, k := range p.HolderKinds {
					fields[i].Choices = append(fields[i].Choices, Choice{ID: k.ID, Label: k.Label})
				}
			}
		}
	}
	fill(p.Fields)
	for _, r := range p.Reasons {
		fill(r.Fields)
	}
}

package procedure

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line"` // from 1
	Text string `json:"text"`
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text) }

// Problems is everything that is wrong with a file, by line.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int { return a.Line - b.Line })
	return slices.Compact(ps) // what an alias repeats is told once
}

var (
	lineOfYAML  = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)
	typeOfYAML  = regexp.MustCompile(`field (\S+) not found in type \S+`)
	plainOfYAML = regexp.MustCompile("cannot unmarshal !!(\\w+) (`[^`]*` )?into .*")
)

// yamlProblems turns the errors of the YAML reader into places and plain words.
func yamlProblems(file string, err error) Problems {
	texts := []string{err.Error()}
	var types *yaml.TypeError
	if errors.As(err, &types) {
		texts = types.Errors
	}
	var ps Problems
	for _, text := range texts {
		p := Problem{File: file, Line: 1, Text: strings.TrimPrefix(text, "yaml: ")}
		if m := lineOfYAML.FindStringSubmatch(text); m != nil {
			p.Line, _ = strconv.Atoi(m[1])
			p.Text = m[2]
		}
		if m := typeOfYAML.FindStringSubmatch(p.Text); m != nil {
			p.Text = fmt.Sprintf("unknown key %q", m[1])
		} else if m := plainOfYAML.FindStringSubmatch(p.Text); m != nil {
			p.Text = fmt.Sprintf("a value of the kind %s %sdoes not fit here", m[1], m[2])
		}
		ps = append(ps, p)
	}
	return ps.sorted()
}

// place is a node of the file, named by its way from the top: keys and indexes.
type place struct {
	all  *Problems
	file string
	root *yaml.Node
	way  []any
}

// in goes further down. The way may name a key that is not there: then the problem stands at what holds it.
func (p place) in(way ...any) place {
	p.way = append(slices.Clone(p.way), way...)
	return p
}

func (p place) bad(format string, args ...any) {
	*p.all = append(*p.all, Problem{File: p.file, Line: p.line(), Text: fmt.Sprintf(format, args...)})
}

func (p place) line() int {
	node := p.root
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	line := max(node.Line, 1)
	for _, step := range p.way {
		next := child(node, step)
		if next == nil {
			break
		}
		node, line = next, next.Line
	}
	return line
}

func child(node *yaml.Node, step any) *yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch step := step.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && step < len(node.Content) {
			return node.Content[step]
		}
	case string:
		if node.Kind != yaml.MappingNode {
			return nil
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1]
			}
		}
	}
	return nil
}

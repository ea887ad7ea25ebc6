package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
)

// renewal is one person's renewal: the office of the person's country, the card, the store, and where the documents end.
type renewal struct {
	*demo
	person stage.Person
	office *stage.Office
	card   stage.Card
	home   string // folder of the person's card and store
	out    string // folder of the documents
	caseID string

	verdicts []string // what OpenSSL's gost engine says
}

// story is what the person does in the window.
type story func(ctx context.Context, r *renewal, w *driven) error

// of is the renewal of a person. Nothing is made yet.
func (d *demo) of(p stage.Person) *renewal {
	return &renewal{demo: d, person: p, home: filepath.Join(d.dir, p.Name), out: filepath.Join(d.dir, "out", p.Name),
		office: stage.NewOffice(d.bin, filepath.Join(d.dir, "central-"+p.Name))}
}

// setUp starts the person's office and makes the card. The office is the caller's to stop.
func (r *renewal) setUp(ctx context.Context) (err error) {
	if err := r.office.Prepare(ctx, r.person); err != nil {
		return err
	}
	if err := r.office.Start(ctx); err != nil {
		return err
	}
	if r.card, err = stage.NewCard(ctx, filepath.Join(r.bin, "rekey"), r.home, r.person, r.office); err != nil {
		return fmt.Errorf("make the card: %w", err)
	}
	return nil
}

// renew has the story happen (or the person do it), and puts the documents into out.
func (r *renewal) renew(ctx context.Context, s story) error {
	err := r.setUp(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("Card %q, serial number %s, PIN %s\n", r.person.CardLabel, r.card.Serial, r.person.PIN)
	if r.screen == nil {
		err = r.byHand(ctx)
	} else {
		err = r.byDriver(ctx, s)
	}
	if err != nil {
		return err
	}
	return r.collect()
}

// args are the flags that every call of rekey shares.
func (r *renewal) args(more ...string) []string {
	return append([]string{"--store", filepath.Join(r.home, "store"), "--documents", filepath.Join(r.home, "documents"), "--central", r.office.URL,
		"--module", r.card.Module, "--lang", r.person.Lang, "--no-keyring"}, more...)
}

func (r *renewal) byDriver(ctx context.Context, s story) error {
	if err := r.screen.keyboard(r.person.Keyboard); err != nil {
		return err
	}
	w, err := r.openDriven(ctx, filepath.Join(r.dir, "out"))
	if err != nil {
		return err
	}
	defer w.kill()
	if err := s(ctx, r, w); err != nil {
		_ = w.picture("failed")
		return fmt.Errorf("%w\n%s", err, w.log.String())
	}
	return w.close()
}

// byHand opens the window for the person and plays the office beside it.
func (r *renewal) byHand(ctx context.Context) error {
	fmt.Println("The window is open: renew the signature, then close the window. The office approves and issues by itself.")
	office, stop := context.WithCancel(ctx)
	defer stop()
	go r.playOffice(office)
	cmd := exec.CommandContext(ctx, filepath.Join(r.bin, "rekey"), r.args()...)
	cmd.Env = append(os.Environ(), r.card.Env())
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// playOffice decides what comes in.
func (r *renewal) playOffice(ctx context.Context) {
	c, err := r.office.Case(ctx, r.person.Procedure, central.StateReceived)
	if err != nil {
		return
	}
	if _, err := r.office.Command("approve", c.ID); err == nil && hasRequest(c) {
		_, _ = r.office.Command("issue", c.ID)
	}
}

func hasRequest(c central.Case) bool {
	for _, d := range c.Documents {
		if d.Kind == central.DocRequest {
			return true
		}
	}
	return false
}

// caseOutput is what is used of "rekey cases --json".
type caseOutput struct {
	ID     string
	Office string
	Steps  []struct{ What, State, Due string }
}

// collect finds the case that was opened and exports its documents through the command.
func (r *renewal) collect() error {
	var all []caseOutput
	if err := r.query(&all, "cases"); err != nil {
		return err
	}
	if len(all) != 1 {
		return fmt.Errorf("%d cases in the store, want 1: the renewal was not begun", len(all))
	}
	r.caseID = all[0].ID
	_, err := r.rekey("renew", "--case", r.caseID, "--out", r.out)
	return err
}

// query runs a command with --json and reads its answer.
func (r *renewal) query(into any, args ...string) error {
	out, err := r.rekey(append(args, "--json")...)
	if err != nil {
		return err
	}
	return json.Unmarshal(out, into)
}

func (r *renewal) rekey(args ...string) ([]byte, error) {
	cmd := exec.Command(filepath.Join(r.bin, "rekey"), r.args(args...)...)
	cmd.Env = append(os.Environ(), r.card.Env())
	out, err := cmd.Output()
	if err != nil {
		detail := ""
		if exit, ok := err.(*exec.ExitError); ok {
			detail = string(exit.Stderr)
		}
		return nil, fmt.Errorf("rekey %v: %w: %s", args, err, detail)
	}
	return out, nil
}

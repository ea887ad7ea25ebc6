package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"rekey/app/central"
)

// summary looks at the end state with programs that are not ours, and says what is there.
func (d *demo) summary(doctor, head *renewal, took time.Duration) error {
	if err := d.judge(doctor, head); err != nil {
		return err
	}
	fmt.Printf("\nBoth renewals are done (%.0f s).\n", took.Seconds())
	for _, r := range []*renewal{doctor, head} {
		fmt.Printf("\n%s (%s)\n", r.person.CardLabel, r.person.Procedure)
		files, err := filepath.Glob(filepath.Join(r.out, "*"))
		if err != nil {
			return err
		}
		for _, f := range files {
			info, err := os.Stat(f)
			if err != nil {
				return err
			}
			fmt.Printf("  %-52s %7d bytes\n", relative(f), info.Size())
		}
	}
	for _, r := range []*renewal{doctor, head} {
		if err := r.listOffice(); err != nil {
			return err
		}
	}
	fmt.Println("\nOpenSSL, with its gost engine, says:")
	for _, v := range head.verdicts {
		fmt.Println("  " + v)
	}
	pictures, _ := filepath.Glob(filepath.Join(d.dir, "out", "*.png"))
	if len(pictures) > 0 {
		fmt.Printf("\n%d pictures of the window: %s\n", len(pictures), relative(filepath.Join(d.dir, "out", "*.png")))
	}
	return nil
}

// listOffice says what the person's office holds.
func (r *renewal) listOffice() error {
	all, err := r.office.Cases()
	if err != nil {
		return err
	}
	fmt.Printf("\nThe central API of %s holds:\n", r.person.Procedure)
	for _, c := range all {
		fmt.Printf("  %s  %s  %s: %s\n", c.ID, c.Procedure, c.Holder, c.State)
		for _, doc := range append(c.Documents, c.FromCA...) {
			fmt.Printf("    %-24s %s  %7d bytes\n", doc.Name, doc.SHA256[:16], doc.Size)
		}
	}
	return nil
}

// relative names a file as seen from the current folder.
func relative(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, path); err == nil {
		return rel
	}
	return path
}

// judge is the whole end state.
func (d *demo) judge(doctor, head *renewal) error {
	tr := func(name string) string { return filepath.Join(doctor.out, name) }
	ru := func(name string) string { return filepath.Join(head.out, name) }
	return steps(
		func() error { return says("Signature is Valid", "pdfsig", "-nocert", tr("application-signed.pdf")) },
		func() error { return says("Total document signed", "pdfsig", "-nocert", tr("application-signed.pdf")) },
		func() error { return says("Pages:           2", "pdfinfo", tr("application.pdf")) },
		func() error {
			return says("10000000146/ AÇIKLAMA = NES 3 YILLIK BAŞVURUSU", "cat", tr("payment.txt"))
		},
		func() error { return says("", "qpdf", "--check", tr("payment.pdf")) },
		func() error { return says("Pages:           1", "pdfinfo", ru("application.pdf")) },
		func() error { return head.judgeGOST() },
		func() error { return doctor.heldBy(central.StateApproved, 2) },
		func() error { return head.heldBy(central.StateIssued, 2) },
		func() error { return head.issuedOnCard() },
		func() error { return chosen(head) },
		func() error { return onCard(head, 2) },
		func() error { return onCard(doctor, 1) },
	)
}

// says runs a program and wants it to end well and to say this.
func says(want, name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	if !strings.Contains(string(out), want) {
		return fmt.Errorf("%s %s does not say %q: %s", name, strings.Join(args, " "), want, out)
	}
	return nil
}

// heldBy wants exactly this person's case at the office, in this state.
func (r *renewal) heldBy(state string, documents int) error {
	all, err := r.office.Cases()
	if err != nil {
		return err
	}
	if len(all) != 1 {
		return fmt.Errorf("the office of %s holds %d cases, want 1", r.person.Procedure, len(all))
	}
	if c := all[0]; c.ID != r.caseID || c.Procedure != r.person.Procedure || c.State != state || len(c.Documents) != documents {
		return fmt.Errorf("the office holds case %s of %s: %s with %d documents", c.ID, c.Procedure, c.State, len(c.Documents))
	}
	return nil
}

// onCard wants so many keys and as many certificates on the card.
func onCard(r *renewal, want int) error {
	have, err := countCard(r)
	if err == nil && have != (objects{want, want}) {
		err = fmt.Errorf("the card of %s holds %d keys and %d certificates, want %d of each", r.person.Name, have.keys, have.certificates, want)
	}
	return err
}

// objects counts what a card holds.
type objects struct{ keys, certificates int }

// countCard counts with OpenSC's tool. A key counts with its public half, which has to be there too.
func countCard(r *renewal) (objects, error) {
	out, err := r.cardTool("-O")
	if err != nil {
		return objects{}, err
	}
	private, public := strings.Count(out, "Private Key Object"), strings.Count(out, "Public Key Object")
	if private != public {
		return objects{}, fmt.Errorf("the card of %s holds %d private keys and %d public ones", r.person.Name, private, public)
	}
	return objects{private, strings.Count(out, "Certificate Object")}, nil
}

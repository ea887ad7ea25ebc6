package desk

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"rekey/app/central"
)

// Cases gives all cases, oldest first; state picks one state, empty means all.
func (d *Desk) Cases(ctx context.Context, state string) ([]central.Case, error) {
	all, after := []central.Case{}, ""
	for {
		q := url.Values{"limit": {"200"}}
		if state != "" {
			q.Set("state", state)
		}
		if after != "" {
			q.Set("after", after)
		}
		var page central.CaseList
		if err := d.http.Call(ctx, "list cases", "GET", "/v1/cases", q, nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Cases...)
		if page.Next == "" || page.Next == after {
			return all, nil
		}
		after = page.Next
	}
}

// Find gives the one case whose ID begins with prefix.
func (d *Desk) Find(ctx context.Context, prefix string) (central.Case, error) {
	all, err := d.Cases(ctx, "")
	if err != nil {
		return central.Case{}, err
	}
	var found []central.Case
	for _, c := range all {
		if strings.HasPrefix(c.ID, strings.ToLower(prefix)) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return central.Case{}, fmt.Errorf("no case begins with %q", prefix)
	case 1:
		return found[0], nil
	}
	return central.Case{}, fmt.Errorf("%d cases begin with %q (%s, %s …): give more of the ID", len(found), prefix, found[0].ID, found[1].ID)
}

// Approve approves the case with this whole ID.
func (d *Desk) Approve(ctx context.Context, id string) (central.Case, error) {
	return d.move(ctx, id, "approve", nil)
}

// Return sends the case back to its holder.
func (d *Desk) Return(ctx context.Context, id, why string) (central.Case, error) {
	return d.move(ctx, id, "return", central.Return{Why: why})
}

// Issue lets the demonstration CA make the certificate.
func (d *Desk) Issue(ctx context.Context, id string) (central.Case, error) {
	return d.move(ctx, id, "issue", nil)
}

func (d *Desk) move(ctx context.Context, id, verb string, body any) (central.Case, error) {
	var c central.Case
	return c, d.http.Call(ctx, verb+" case", "POST", "/v1/cases/"+url.PathEscape(id)+"/"+verb, nil, body, &c)
}

// Pick gives the document of this kind; name chooses among several, else it may be empty.
func Pick(c central.Case, kind, name string) (central.Document, error) {
	var found []central.Document
	var names []string
	for _, doc := range append(append([]central.Document{}, c.Documents...), c.FromCA...) {
		if doc.Kind == kind && (name == "" || doc.Name == name) {
			found, names = append(found, doc), append(names, doc.Name)
		}
	}
	switch len(found) {
	case 0:
		return central.Document{}, fmt.Errorf("the case has no document of kind %q", kind)
	case 1:
		return found[0], nil
	}
	return central.Document{}, fmt.Errorf("the case has %d documents of kind %q (%s): choose one with --name", len(found), kind, strings.Join(names, ", "))
}

// Document fetches the bytes of a document and checks them.
func (d *Desk) Document(ctx context.Context, doc central.Document) ([]byte, error) {
	return d.http.Document(ctx, doc.SHA256, nil)
}

// Save writes a new file (0600); a file that is there already is never overwritten.
func Save(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already and is never overwritten", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		os.Remove(path) // half a file is worse than none; it is ours, made a moment ago
		return err
	}
	return nil
}

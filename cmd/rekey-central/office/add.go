package office

import (
	"context"
	"slices"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data"
)

// AddDocuments takes further documents of a case: a receipt, a scan, a request made after the approval. The state stays, those
// that are here already are passed over, and nobody is told: it is no decision of the office. key is the caller's idempotency key.
//
// Errors: as Submit; KindNotFound when the case is not the caller's; KindConflict when a request comes after the certificate.
func (o *Office) AddDocuments(ctx context.Context, who Caller, key, id string, docs []central.Document) (Receipt, error) {
	const op = "add documents"
	if err := checkDocumentList(docs); err != nil {
		return Receipt{}, wrap(op, err)
	}
	if len(docs) == 0 {
		return Receipt{}, wrap(op, invalid("documents: there are none"))
	}
	content, err := fingerprint([]any{"documents", id, docs})
	if err != nil {
		return Receipt{}, wrap(op, err)
	}
	receipt, err := o.once(ctx, handIn{who.Owner, key, id, content, docs}, func(tx data.Tx, sizes sizes) (Receipt, error) {
		old, err := find(tx, id)
		if err == nil && !who.owns(old.Client) {
			err = noCase()
		}
		if err != nil {
			return Receipt{}, err
		}
		all, added := merge(old.Case.Documents, docs)
		return o.keepAdded(tx, sizes, old, all, added)
	})
	return receipt, wrap(op, err)
}

// add takes a submission of a case that is past correcting: nothing but its documents may differ.
//
// A client that knows only its newest document of a kind may leave the older ones out; the office keeps them, in order of arrival.
func (o *Office) add(tx data.Tx, sizes sizes, old record, s central.Submission) (Receipt, error) {
	state := old.Case.State
	same, err := sameButDocuments(old.Case.Submission, s)
	if err != nil {
		return Receipt{}, err
	}
	if !same {
		return Receipt{}, conflict("the case is %s; now only documents can be added to it, the rest can be corrected only while it is received or returned", state)
	}
	all, added := merge(old.Case.Documents, s.Documents)
	if lost, is := leftOut(all, s.Documents); is {
		return Receipt{}, conflict("the case is %s; the document %q of kind %s cannot be left out any more", state, lost.Name, lost.Kind)
	}
	return o.keepAdded(tx, sizes, old, all, added)
}

// keepAdded writes a case with what was added; the rest of it, and the documents from the office, stay as they are.
func (o *Office) keepAdded(tx data.Tx, sizes sizes, old record, all, added []central.Document) (Receipt, error) {
	if len(added) == 0 { // an older way to say what is here already
		return Receipt{false, old.Case}, nil
	}
	for _, d := range added {
		if old.Case.State == central.StateIssued && (d.Kind == central.DocRequest || d.Kind == central.DocRequestSigned) {
			return Receipt{}, conflict("the certificate has been issued; a document of kind %s comes too late", d.Kind)
		}
	}
	if len(all) > maxDocuments {
		return Receipt{}, invalid("documents: at most %d together with the %d that are here", maxDocuments, len(old.Case.Documents))
	}
	if err := checkDocuments(tx, sizes, old.Client, added); err != nil {
		return Receipt{}, err
	}
	c := old.Case
	c.Documents, c.Version, c.UpdatedAt = all, c.Version+1, o.now()
	return Receipt{false, c}, save(tx, record{Client: old.Client, Case: c, Made: old.Made})
}

func sameButDocuments(a, b central.Submission) (bool, error) {
	a.Documents, b.Documents = nil, nil
	one, err := fingerprint(a)
	if err != nil {
		return false, err
	}
	other, err := fingerprint(b)
	return one == other, err
}

// merge puts what is new in list after the documents that are here.
func merge(here, list []central.Document) (all, added []central.Document) {
	all = slices.Clone(here)
	for _, d := range list {
		if !slices.Contains(all, d) {
			all, added = append(all, d), append(added, d)
		}
	}
	return all, added
}

// leftOut finds a document that list lacks although list has no newer one of its kind.
func leftOut(all, list []central.Document) (central.Document, bool) {
	for i, d := range all {
		newer := func(n central.Document) bool { return n.Kind == d.Kind && slices.Contains(list, n) }
		if !slices.Contains(list, d) && !slices.ContainsFunc(all[i+1:], newer) {
			return d, true
		}
	}
	return central.Document{}, false
}

package office

import (
	"slices"

	"go.etcd.io/bbolt"
	"rekey/app/central"
)

// add takes further documents of a case that is past correcting: a receipt, a scan, a
// request made after the approval. Nothing else of the submission may differ. The state
// stays and nobody is told: it is no decision of the office.
//
// A client that knows only its newest document of a kind may leave the older ones out; the
// office keeps them, in order of arrival.
func (o *Office) add(tx *bbolt.Tx, old record, s central.Submission) (Receipt, error) {
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
	if len(added) == 0 { // an older way to say what is here already
		return Receipt{false, old.Case}, nil
	}
	for _, d := range added {
		if state == central.StateIssued && (d.Kind == central.DocRequest || d.Kind == central.DocRequestSigned) {
			return Receipt{}, conflict("the certificate has been issued; a document of kind %s comes too late", d.Kind)
		}
	}
	if len(all) > maxDocuments {
		return Receipt{}, invalid("documents: at most %d together with the %d that are here", maxDocuments, len(old.Case.Documents))
	}
	if err := o.checkDocuments(tx, old.Client, added); err != nil {
		return Receipt{}, err
	}
	c := old.Case // with its state and the documents from the office
	c.Documents, c.Version, c.UpdatedAt = all, c.Version+1, now()
	return Receipt{false, c}, put(tx.Bucket(bucketCases), []byte(c.ID), record{old.Client, c})
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

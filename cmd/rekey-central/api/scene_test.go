package api

import (
	"time"

	"rekey/app/central"
	"rekey/cmd/rekey-central/officetest"
)

// scene is one owner's things at the office, each in the state in which its row of the matrix wants it.
type scene struct {
	clerk                                            string // who owns them all: the clerk of an organisation
	holder, card, fingerprint                        string
	document                                         central.Document
	plain, approve, sendBack, issue                  central.Submission
	receipt, accept, decline, wish, revoke, keepGood string
}

func (b *bench) scene() scene {
	t := b.t
	t.Helper()
	s := scene{clerk: b.newcomer(central.RoleClerk, "Clinic"), holder: sumOf("holder"), card: sumOf("card"), fingerprint: sumOf("certificate")}
	s.document = b.document(s.clerk, central.DocRequest, officetest.Request(t))
	for _, c := range []*central.Submission{&s.plain, &s.approve, &s.sendBack, &s.issue} {
		*c = submission(t, "generic", s.document)
		b.want(201, b.submit(s.clerk, c.ID, *c))
	}
	b.want(200, b.move("approve", s.issue.ID))
	b.want(201, b.json(s.clerk, "PUT", "/v1/holders/"+s.holder, holderOf(s.holder)))
	b.want(201, b.json(s.clerk, "PUT", "/v1/cards/"+s.card, cardOf(s.card)))
	b.want(201, b.json(s.clerk, "PUT", "/v1/certificates/"+s.fingerprint, certificateOf(s.fingerprint, s.holder)))
	b.want(201, b.json(s.clerk, "PUT", "/v1/photos/"+s.holder, photoOf(s.holder, s.document)))
	for _, id := range []*string{&s.receipt, &s.accept, &s.decline} {
		*id = officetest.ID(t)
		b.want(201, b.json(s.clerk, "POST", "/v1/receipts", receiptOf(*id, s.plain.ID, s.document)))
	}
	for _, id := range []*string{&s.wish, &s.revoke, &s.keepGood} {
		*id = officetest.ID(t)
		b.want(201, b.json(s.clerk, "POST", "/v1/revocations", wishOf(*id, s.fingerprint)))
	}
	return s
}

func holderOf(id string) central.Holder {
	return central.Holder{ID: id, Name: "Ayşe Örnek", Kind: "doctor", Country: "TR", Fields: map[string]string{"phone": "05000000000"}}
}

func cardOf(id string) central.Card {
	return central.Card{ID: id, Serial: "0123456789", Label: "card", SeenAt: time.Now().UTC()}
}

func certificateOf(fingerprint, holder string) central.Certificate {
	now := time.Now().UTC().Truncate(time.Second)
	return central.Certificate{Fingerprint: fingerprint, Holder: holder, Serial: "0a", NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(0, 0, 30), Current: true}
}

func photoOf(holder string, d central.Document) central.Photo {
	return central.Photo{Holder: holder, Type: "image/png", SHA256: d.SHA256, Size: d.Size, TakenAt: time.Now().UTC()}
}

func receiptOf(id, caseID string, d central.Document) central.Receipt {
	return central.Receipt{ID: id, Case: caseID, SHA256: d.SHA256, Amount: "250.00", Currency: "TRY", PaidOn: "2026-11-20", CreatedAt: time.Now().UTC()}
}

func wishOf(id, fingerprint string) central.Revocation {
	return central.Revocation{ID: id, Fingerprint: fingerprint, Reason: "keyCompromise", CreatedAt: time.Now().UTC()}
}

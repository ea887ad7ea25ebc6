package main

import (
	"crypto/x509"
	"encoding/hex"
	"time"

	"rekey/app/register"
)

// Output of "rekey certificate show --json": a list of these. Card, CardLabel, Reader, KeyOnCard and State only for
// one on a card.
type certificateDetails struct {
	Fingerprint  string             `json:"fingerprint_sha256"`
	SHA1         string             `json:"fingerprint_sha1"`
	Problem      string             `json:"problem,omitempty"`
	ProblemID    string             `json:"problem_id,omitempty"`
	Holder       string             `json:"holder"`
	Organisation string             `json:"organisation,omitempty"`
	NationalID   string             `json:"national_id,omitempty"`
	Country      string             `json:"country,omitempty"`
	SubjectDN    string             `json:"subject_dn"`
	IssuerDN     string             `json:"issuer_dn"`
	Subject      []attributeOutput  `json:"subject"`
	Issuer       []attributeOutput  `json:"issuer"`
	Version      int                `json:"version"`
	Serial       string             `json:"serial"`
	ValidFrom    *time.Time         `json:"valid_from"`
	ValidUntil   *time.Time         `json:"valid_until"`
	DaysLeft     *int               `json:"days_left"`
	KeyFrom      *time.Time         `json:"private_key_from,omitempty"`
	KeyUntil     *time.Time         `json:"private_key_until,omitempty"`
	Purpose      string             `json:"purpose"`
	KeyUsage     []termOutput       `json:"key_usage"`
	Extended     []termOutput       `json:"extended_key_usage"`
	Policies     []termOutput       `json:"policies"`
	Qualified    bool               `json:"qualified"`
	QualifiedWhy whyOutput          `json:"qualified_why"`
	Key          keyOutput          `json:"key"`
	Signature    algorithmOutput    `json:"signature"`
	CRL          []string           `json:"crl"`
	OCSP         []string           `json:"ocsp"`
	CAIssuers    []string           `json:"ca_issuers"`
	SubjectTool  string             `json:"subject_sign_tool,omitempty"`
	IssuerTools  []string           `json:"issuer_sign_tool,omitempty"`
	Extensions   []extensionOutput  `json:"extensions"`
	Chain        []linkOutput       `json:"chain"`
	KeyOnCard    string             `json:"key_on_card,omitempty"`
	State        string             `json:"state,omitempty"`
	Card         string             `json:"card,omitempty"`
	CardLabel    string             `json:"card_label,omitempty"`
	Reader       string             `json:"reader,omitempty"`
	sections     []register.Section // for the text
}

type attributeOutput struct {
	OID   string `json:"oid"`
	ID    string `json:"id,omitempty"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

type termOutput struct {
	ID   string `json:"id,omitempty"`
	OID  string `json:"oid,omitempty"`
	Text string `json:"text"`
}

type whyOutput struct {
	ID   string            `json:"id,omitempty"`
	Args map[string]string `json:"args,omitempty"`
	Text string            `json:"text,omitempty"`
}

type keyOutput struct {
	ID         string `json:"id"`
	OID        string `json:"oid"`
	Name       string `json:"name"`
	Bits       int    `json:"bits"`
	Parameters string `json:"parameters,omitempty"`
	ParamOID   string `json:"parameters_oid,omitempty"`
	Checkable  bool   `json:"checkable"`
}

type algorithmOutput struct {
	OID       string `json:"oid"`
	Name      string `json:"name"`
	Checkable bool   `json:"checkable"`
}

type extensionOutput struct {
	OID      string `json:"oid"`
	ID       string `json:"id,omitempty"`
	Name     string `json:"name"`
	Critical bool   `json:"critical"`
	Value    string `json:"value"`
	DER      string `json:"der"` // hex
}

type linkOutput struct {
	Subject     string `json:"subject_dn"`
	Fingerprint string `json:"fingerprint_sha256"`
	Signed      string `json:"signed"` // checked, bad, unchecked, no-issuer, unreadable
	Text        string `json:"text"`
	Root        bool   `json:"root"`

	Revocation *revocationOutput `json:"revocation,omitempty"` // with --crl, and not of a root
}

type revocationOutput struct {
	Word   string     `json:"word"` // not-revoked, revoked, old-list, bad-list, unchecked, no-list
	Text   string     `json:"text"`
	At     *time.Time `json:"revoked_at,omitempty"`
	Issued *time.Time `json:"list_issued,omitempty"`
	Expiry *time.Time `json:"list_until,omitempty"`
}

// reader is who the details are for: what else is known (issuers' certificates and revocation lists), the language of the text, and the time.
type reader struct {
	pool  []register.Certificate
	lists []*x509.RevocationList
	lang  register.Language
	now   time.Time
}

func (r reader) detailsOf(x register.Certificate) certificateDetails {
	uses, places, key, signature := x.Uses(), x.Places(), x.Key(), x.Signature()
	from, until := x.PrivateKeyPeriod()
	d := certificateDetails{
		Fingerprint: x.Fingerprint, SHA1: x.SHA1, Problem: x.Problem, ProblemID: x.ProblemID,
		Holder: x.HolderName, Organisation: x.Organisation, NationalID: x.NationalID, Country: x.Country,
		SubjectDN: register.DistinguishedName(x.Subject), IssuerDN: register.DistinguishedName(x.Issuer),
		Subject: attributesOf(x.Subject), Issuer: attributesOf(x.Issuer),
		Version: x.Version(), Serial: x.Serial, ValidFrom: known(x.NotBefore), ValidUntil: known(x.NotAfter), KeyFrom: known(from), KeyUntil: known(until),
		Purpose: x.Purpose, KeyUsage: termsOf(uses.Key), Extended: termsOf(uses.Extended), Policies: termsOf(uses.Policies),
		Qualified: x.Qualified, QualifiedWhy: reasonOf(x.QualifiedWhy),
		Key:       keyOutput{key.ID, key.OID, key.Name, key.Bits, key.Parameters, key.ParametersOID, key.Checkable},
		Signature: algorithmOutput{signature.OID, signature.Name, signature.Checkable},
		CRL:       append([]string{}, places.CRL...), OCSP: append([]string{}, places.OCSP...), CAIssuers: append([]string{}, places.CAIssuers...),
		SubjectTool: x.SubjectSignTool(), IssuerTools: x.IssuerSignTool(),
		Extensions: []extensionOutput{}, Chain: []linkOutput{}, sections: register.Details(r.lang, x, r.now),
	}
	if !x.NotAfter.IsZero() {
		days := x.DaysLeft(r.now)
		d.DaysLeft = &days
	}
	for _, e := range x.Extensions() {
		d.Extensions = append(d.Extensions, extensionOutput{e.OID, e.ID, e.Name, e.Critical, e.Value, hex.EncodeToString(e.DER)})
	}
	chain, standings := register.Chain(x, r.pool), map[string]register.Standing{}
	for _, l := range chain {
		link := linkOutput{Subject: register.DistinguishedName(l.Subject), Fingerprint: l.Fingerprint, Signed: l.Signed, Text: l.Words(register.English{}), Root: l.Root}
		if len(r.lists) > 0 && !l.Root {
			s := register.StandingOf(l.Certificate, r.pool, r.lists, r.now)
			standings[l.Fingerprint] = s
			link.Revocation = &revocationOutput{s.Word, s.Words(register.English{}), known(s.At), known(s.Issued), known(s.Expiry)}
		}
		d.Chain = append(d.Chain, link)
	}
	d.sections = append(d.sections, register.ChainSection(r.lang, chain, standings))
	return d
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func attributesOf(name []register.Attribute) []attributeOutput {
	out := []attributeOutput{}
	for _, a := range name {
		out = append(out, attributeOutput{a.OID, a.ID, a.Name, a.Value})
	}
	return out
}

func termsOf(all []register.Term) []termOutput {
	out := []termOutput{}
	for _, t := range all {
		out = append(out, termOutput{t.ID, t.OID, t.Text})
	}
	return out
}

func reasonOf(r register.Reason) whyOutput {
	out := whyOutput{ID: r.ID, Text: r.Text}
	for i := 0; i+1 < len(r.Args); i += 2 {
		if out.Args == nil {
			out.Args = map[string]string{}
		}
		out.Args[r.Args[i]] = r.Args[i+1]
	}
	return out
}

package ca

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
)

// Object identifiers that this package writes itself.
var (
	oidQCStatements       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 3} // RFC 3739 §3.2.6
	oidQCCompliance       = asn1.ObjectIdentifier{0, 4, 0, 1862, 1, 1}       // ETSI EN 319 412-5 §4.2.1
	oidBTKQualified       = asn1.ObjectIdentifier{2, 16, 792, 1, 61, 0, 1, 5070, 1, 1}
	oidSubjectSignTool    = asn1.ObjectIdentifier{1, 2, 643, 100, 111} // RFC 9215
	oidIdentificationKind = asn1.ObjectIdentifier{1, 2, 643, 100, 114} // RFC 9215
	oidKeyUsagePeriod     = asn1.ObjectIdentifier{2, 5, 29, 16}        // RFC 3280 §4.2.1.4
)

// Profile says what a certificate of one kind looks like. The subject always comes from the request.
type Profile struct {
	ID       string
	Months   int                     // validity when nothing else is asked for
	KeyUsage x509.KeyUsage           // written as a critical extension
	Purposes []asn1.ObjectIdentifier // extended key usage
	Policies [][]uint64              // certificatePolicies
	// QCStatements are statements without further information (RFC 3739 §3.2.6).
	QCStatements []asn1.ObjectIdentifier
	// FromRequest lists the extensions that are taken over when the request carries them.
	FromRequest []asn1.ObjectIdentifier
	// MarksRenewal adds identificationKind = 1: the holder was identified by the signature in force.
	MarksRenewal bool
}

const signing = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment

// Profiles is the table of what the demonstration CA can make. Sources: the domain notes
// on Turkey §1.7 (subject, policies, statements) and on Russia §3.1 and §3.2.
func Profiles() []Profile {
	return []Profile{
		{
			ID:           "tr-nes",
			Months:       36,
			KeyUsage:     signing,
			Policies:     [][]uint64{{2, 16, 792, 1, 2, 1, 1, 5, 7, 1, 1}},
			QCStatements: []asn1.ObjectIdentifier{oidQCCompliance, oidBTKQualified},
		},
		{
			ID:       "ru-head",
			Months:   12,
			KeyUsage: signing | x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment, // 0xF0
			Purposes: []asn1.ObjectIdentifier{
				{1, 3, 6, 1, 5, 5, 7, 3, 2}, // TLS client
				{1, 3, 6, 1, 5, 5, 7, 3, 4}, // protected mail
				{1, 2, 643, 2, 2, 34, 6},    // user of a registration centre
			},
			Policies:     [][]uint64{{1, 2, 643, 100, 113, 1}}, // class КС1 of the signature tool
			FromRequest:  []asn1.ObjectIdentifier{oidSubjectSignTool, oidKeyUsagePeriod},
			MarksRenewal: true,
		},
		{ID: "generic", Months: 12, KeyUsage: signing},
	}
}

// ProfileFor gives the identifier of the profile of a procedure; "generic" when it has none of its own.
func ProfileFor(procedure string) string {
	switch procedure {
	case "tr-kamusm-nes":
		return "tr-nes"
	case "ru-vipnet-tfoms", "ru-taxcom-tus":
		return "ru-head"
	}
	return "generic"
}

func profile(id string) (Profile, bool) {
	all := Profiles()
	i := slices.IndexFunc(all, func(p Profile) bool { return p.ID == id })
	if i < 0 {
		return Profile{}, false
	}
	return all[i], true
}

package register

import "slices"

// Term is a word of a certificate that has a meaning: a key usage, an extended key usage, a policy, a statement.
// The translation key is "register.term." + ID;
// names that are the same everywhere have none.
type Term struct {
	ID   string // stable; "" when Rekey does not know it
	OID  string // "" for key usages, which are bits
	Text string // English, or as the issuers call it; the OID when unknown
}

// keyUsages are the bits of RFC 5280 §4.2.1.3, from the first.
var keyUsages = []Term{
	{"digital-signature", "", "digital signature"},
	{"non-repudiation", "", "non-repudiation"},
	{"key-encipherment", "", "key encipherment"},
	{"data-encipherment", "", "data encipherment"},
	{"key-agreement", "", "key agreement"},
	{"certificate-signing", "", "signing of certificates"},
	{"crl-signing", "", "signing of revocation lists"},
	{"encipher-only", "", "encipher only"},
	{"decipher-only", "", "decipher only"},
}

// terms: RFC 5280 §4.2.1.12, RFC 3739, ETSI EN 319 412-5, and the domain files (russia §3.2, turkey §1.7).
var terms = []Term{
	{"server-authentication", "1.3.6.1.5.5.7.3.1", "server authentication"},
	{"client-authentication", "1.3.6.1.5.5.7.3.2", "client authentication"},
	{"code-signing", "1.3.6.1.5.5.7.3.3", "signing of programs"},
	{"email-protection", "1.3.6.1.5.5.7.3.4", "e-mail protection"},
	{"time-stamping", "1.3.6.1.5.5.7.3.8", "time stamps"},
	{"ocsp-signing", "1.3.6.1.5.5.7.3.9", "signing of OCSP answers"},
	{"document-signing", "1.3.6.1.4.1.311.10.3.12", "signing of documents"},
	{"smart-card-logon", "1.3.6.1.4.1.311.20.2.2", "smart card logon"},
	{"any-usage", "2.5.29.37.0", "any use"},
	{"ru-registration-user", "1.2.643.2.2.34.6", "user of the registration centre, HTTP, TLS client"},

	{"any-policy", "2.5.29.32.0", "any policy"},
	{"tr-kamusm-mobile", "2.16.792.1.2.1.1.5.7.1.8", "Kamu SM mobile NES"},
	{"tr-kamusm-test", "2.16.792.1.2.1.1.5.7.1.4.1", "Kamu SM test NES"},

	{"qc-compliance", "0.4.0.1862.1.1", "qualified certificate (ETSI QcCompliance)"},
	{"qc-limit", "0.4.0.1862.1.2", "limit of the amount"},
	{"qc-retention", "0.4.0.1862.1.3", "retention period"},
	{"qc-device", "0.4.0.1862.1.4", "key in a qualified device"},
	{"qc-pds", "0.4.0.1862.1.5", "disclosure statements"},
	{"qc-type", "0.4.0.1862.1.6", "type of the certificate"},
	{"tr-btk", oidBTK, "statement of the BTK"},
	{"tr-use-limit", "2.16.792.1.61.0.1.1903.19.19", "limit of the use"},

	{"ca-issuers", "1.3.6.1.5.5.7.48.2", "issuer's certificate"},
}

// properNames are terms that are called the same in every language: classes of signature tools (russia §3.2), issuers and their policies (turkey §1.7).
var properNames = []Term{
	{"tr-seal", "2.16.792.1.2.1.1.5.7.50.1", "mali mühür"},
	{"ru-class-ks1", "1.2.643.100.113.1", "КС1"},
	{"ru-class-ks2", "1.2.643.100.113.2", "КС2"},
	{"ru-class-ks3", "1.2.643.100.113.3", "КС3"},
	{"ru-class-kv1", "1.2.643.100.113.4", "КВ1"},
	{"ru-class-kv2", "1.2.643.100.113.5", "КВ2"},
	{"ru-class-ka1", "1.2.643.100.113.6", "КА1"},
	{"tr-kamusm-nes", "2.16.792.1.2.1.1.5.7.1.1", "Kamu SM NES"},
	{"tr-kamusm-seal", "2.16.792.1.2.1.1.5.7.4.1", "Kamu SM mali mühür"},
	{"tr-eguven", "2.16.792.3.0.1.1.1.2", "E-Güven"},
	{"tr-turktrust", "2.16.792.3.0.3.1.1.1", "TürkTrust"},
	{"tr-etugra", "2.16.792.3.0.4.1.1.1", "E-Tuğra"},
	{"ocsp", "1.3.6.1.5.5.7.48.1", "OCSP"},
}

// extensionNames: RFC 5280 §4.2, RFC 3739, RFC 6960, Microsoft, and order 795 of the FSB (russia §3.2).
// The Russian paper form prints the OID beside the name.
var extensionNames = []Term{
	{"subject-directory-attributes", "2.5.29.9", "Subject directory attributes"},
	{"subject-key-id", "2.5.29.14", "Subject key identifier"},
	{"key-usage", "2.5.29.15", "Key usage"},
	{"private-key-period", "2.5.29.16", "Private key usage period"},
	{"subject-alternative-name", "2.5.29.17", "Subject alternative name"},
	{"issuer-alternative-name", "2.5.29.18", "Issuer alternative name"},
	{"basic-constraints", "2.5.29.19", "Basic constraints"},
	{"crl", "2.5.29.31", "Revocation lists"},
	{"policies", "2.5.29.32", "Certificate policies"},
	{"authority-key-id", "2.5.29.35", "Authority key identifier"},
	{"extended-key-usage", "2.5.29.37", "Extended key usage"},
	{"freshest-crl", "2.5.29.46", "Newest revocation list"},
	{"authority-information", "1.3.6.1.5.5.7.1.1", "Access to the issuer"},
	{"qc-statements", oidQCStatements, "Statements of a qualified certificate"},
	{"ocsp-no-check", "1.3.6.1.5.5.7.48.1.5", "OCSP without check"},
	{"subject-sign-tool", oidSubjectSignTool, "Signature tool of the holder"},
	{"issuer-sign-tool", oidIssuerSignTool, "Signature tool of the issuer"},
	{"identification-kind", "1.2.643.100.114", "How the holder was identified"},
	{"ms-template-name", "1.3.6.1.4.1.311.20.2", "Certificate template name"},
	{"ms-template", "1.3.6.1.4.1.311.21.7", "Certificate template"},
	{"ms-application-policies", "1.3.6.1.4.1.311.21.10", "Application policies"},
}

// identificationKinds are the values of 1.2.643.100.114 (domain/russia.md §3.2).
var identificationKinds = []Term{
	{"identified-in-person", "", "in person"},
	{"identified-by-signature", "", "by a qualified signature, remotely"},
	{"identified-by-passport", "", "by a passport with a chip"},
	{"identified-by-biometrics", "", "by the biometric system"},
}

// authority and noAuthority are what basic constraints say.
var (
	authority   = Term{"authority", "", "CA"}
	noAuthority = Term{"no-authority", "", "no CA"}
)

// sentences are the remaining terms of Details.
var sentences = []Term{yes, no, gostUnchecked, unchecked}

var (
	yes           = Term{"yes", "", "yes"}
	no            = Term{"no", "", "no"}
	gostUnchecked = Term{"gost-unchecked", "", "Rekey shows keys and signatures by GOST R 34.10, but cannot check them."}
	unchecked     = Term{"unchecked", "", "Rekey cannot check signatures of this kind."}
)

// term gives what is known of an OID.
func term(oid string) Term { return lookUp(slices.Concat(terms, properNames), oid) }

func lookUp(table []Term, oid string) Term {
	for _, t := range table {
		if t.OID == oid {
			return t
		}
	}
	return Term{OID: oid, Text: oid}
}

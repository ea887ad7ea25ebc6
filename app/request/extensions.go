package request

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/bits"
)

// Extended key usages that requests ask for (domain/russia.md §3.2).
var (
	UsageClientAuth      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
	UsageEmailProtection = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 4}
	UsageCryptoProUser   = asn1.ObjectIdentifier{1, 2, 643, 2, 2, 34, 6} // "Пользователь ЦР, HTTP, TLS клиент"
)

// KeyUsageRussian is what Russian requests ask for: 0xF0, that is signature, non-repudiation and
// both encipherments (domain/russia.md §3.2).
const KeyUsageRussian = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment |
	x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment

// KeyUsage is the critical extension of RFC 5280 §4.2.1.3.
func KeyUsage(usage x509.KeyUsage) pkix.Extension {
	// X.509 counts its bits from the left, x509.KeyUsage from the right.
	wide := bits.Reverse16(uint16(usage))
	content := []byte{byte(wide >> 8), byte(wide)}
	length := 16 - bits.TrailingZeros16(wide)
	content = content[:(length+7)/8]
	return extension(asn1.ObjectIdentifier{2, 5, 29, 15}, true, asn1.BitString{Bytes: content, BitLength: length})
}

// ExtendedKeyUsage is the extension of RFC 5280 §4.2.1.12.
func ExtendedKeyUsage(usages ...asn1.ObjectIdentifier) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 37}, false, usages)
}

// SubjectSignTool names the holder's signature tool: 1.2.643.100.111, a UTF8String (domain/russia.md §3.2).
func SubjectSignTool(tool string) pkix.Extension {
	return extension(asn1.ObjectIdentifier{1, 2, 643, 100, 111}, false,
		asn1.RawValue{Tag: asn1.TagUTF8String, Bytes: []byte(tool)})
}

// Ways in which the holder was identified (1.2.643.100.114, domain/russia.md §3.2).
const (
	IdentifiedInPerson      = 0
	IdentifiedByCertificate = 1 // by a valid qualified signature: the case of a renewal
	IdentifiedByPassport    = 2 // foreign-travel passport
	IdentifiedByBiometrics  = 3
)

// IdentificationKind says how the holder was identified; kind is one of the four constants.
func IdentificationKind(kind int) pkix.Extension {
	return extension(asn1.ObjectIdentifier{1, 2, 643, 100, 114}, false, kind)
}

func extension(id asn1.ObjectIdentifier, critical bool, value any) pkix.Extension {
	der, err := asn1.Marshal(value)
	if err != nil { // only a wrong OID in our own source can lead here
		panic(fmt.Sprintf("request: extension %v: %v", id, err))
	}
	return pkix.Extension{Id: id, Critical: critical, Value: der}
}

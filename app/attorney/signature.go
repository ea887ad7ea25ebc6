package attorney

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"

	"rekey/app/cms"
	"rekey/app/gost"
	"rekey/app/register"
)

// Attributes of a certificate's subject.
const (
	oidSurname = "2.5.4.4"
	oidSNILS   = "1.2.643.100.3"
)

// signature looks at the detached signature: is it one, is it right, is the signer who may sign for the grantor. Signatures with the old
// GOST R 34.10-2001 cannot be verified here, and that is said; nothing here says "qualified".
func (c *checker) signature(a Attorney, f Facts) {
	if len(f.Signature) == 0 {
		c.add("attorney.signature.missing", Warning)
		return
	}
	der := decode(f.Signature)
	message, err := cms.Parse(der)
	if err != nil {
		c.add("attorney.signature.form", Failed, "why", err.Error())
		return
	}
	if len(message.Content) > 0 && !bytes.Equal(message.Content, f.File) {
		c.add("attorney.signature.other-content", Failed)
		return
	}
	signer := register.Parse(message.Signer.Raw)
	c.signer(a, signer)
	if message.Signer.PublicKeyAlgorithm == x509.UnknownPublicKeyAlgorithm {
		c.gost(der, f.File, signer)
		return
	}
	message.Content = f.File
	if err := message.Verify(); err != nil {
		c.add("attorney.signature.wrong", Failed, "why", err.Error())
		return
	}
	c.add("attorney.signature.not-gost", Warning, "algorithm", signer.KeyAlgorithm)
}

func (c *checker) gost(der, file []byte, signer register.Certificate) {
	_, err := cms.ReadGOST(der, file)
	switch gost.KindOf(err) {
	case "":
		c.add("attorney.signature.gost-right", Passed, "algorithm", signer.KeyAlgorithm)
	case gost.KindAlgorithm, gost.KindParse:
		c.add("attorney.signature.gost", Unknown, "algorithm", signer.KeyAlgorithm)
	default:
		c.add("attorney.signature.wrong", Failed, "why", err.Error())
	}
}

// signer compares with ЛицоБезДов by SNILS, else by surname.
func (c *checker) signer(a Attorney, signer register.Certificate) {
	snils, surname := "", ""
	for _, part := range signer.Subject {
		switch part.OID {
		case oidSNILS:
			snils = digits(part.Value)
		case oidSurname:
			surname = letters(part.Value)
		}
	}
	names, compared, bySurname := []string{}, false, false
	for _, head := range a.Heads {
		names = append(names, head.Name())
		if theirs := digits(head.SNILS); theirs != "" && snils != "" {
			compared = true
			if theirs == snils {
				c.add("attorney.signer.snils", Passed, "signer", signer.HolderName)
				return
			}
			continue
		}
		if theirs := letters(head.Last); theirs != "" && surname != "" {
			compared = true
			bySurname = bySurname || theirs == surname
		}
	}
	args := []string{"signer", signer.HolderName, "heads", strings.Join(names, ", ")}
	switch {
	case bySurname:
		c.add("attorney.signer.surname", Warning, args...)
	case compared:
		c.add("attorney.signer.other", Failed, args...)
	default:
		c.add("attorney.signer.not-compared", Unknown, args...)
	}
}

// decode takes DER, PEM and plain base64, the forms in which such files go about.
func decode(data []byte) []byte {
	if block, _ := pem.Decode(data); block != nil {
		return block.Bytes
	}
	if plain := bytes.Join(bytes.Fields(data), nil); bytes.HasPrefix(plain, []byte("M")) { // DER begins with 0x30, which base64 writes so
		if der, err := base64.StdEncoding.DecodeString(string(plain)); err == nil {
			return der
		}
	}
	return data
}

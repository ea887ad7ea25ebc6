package esign

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"

	pdfread "github.com/digitorus/pdf"
	pdfsign "github.com/digitorus/pdfsign/sign"
)

// sketch is a PDF with a blank for the signature: file[start:end] are its hex digits.
type sketch struct {
	file       []byte
	start, end int
}

// Both are 20 bytes long, so one can take the place of the other and all offsets stand.
const (
	subFilterPKCS7 = "/adbe.pkcs7.detached"
	subFilterCAdES = "/ETSI.CAdES.detached"
)

// layOut appends the incremental update of a signature with a blank for at least size bytes of CMS. All that may be
// wrong with the file shows here, before a card is asked.
func layOut(pdf []byte, size int, at time.Time) (s *sketch, err error) {
	defer func() {
		if r := recover(); r != nil { // the PDF reader panics on broken objects
			s, err = nil, fmt.Errorf("broken PDF: %v", r)
		}
	}()
	reader, err := pdfread.NewReader(bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		return nil, err
	}
	if err := signable(reader); err != nil {
		return nil, err
	}
	// pdfsign looks for its blank from the start of the file, so it must be longer than any run of
	// zeros that is already there, like the padding of an earlier signature.
	size = max(size, longestZeros(pdf)/2+1)
	var out bytes.Buffer
	err = pdfsign.Sign(bytes.NewReader(pdf), &out, reader, int64(len(pdf)), pdfsign.SignData{
		Signature: pdfsign.SignDataSignature{
			CertType: pdfsign.ApprovalSignature, // the officer signs after the holder
			Info:     pdfsign.SignDataSignatureInfo{Date: at},
		},
		Signer:          blank{},
		DigestAlgorithm: crypto.SHA256,
		Certificate:     roomOf(size),
	})
	if err != nil {
		return nil, err
	}
	return measure(out.Bytes(), len(pdf), reader.NumPage(), size)
}

// measure finds the blank and makes sure that the result is a PDF whose last signature covers all of it.
func measure(file []byte, input, pages, size int) (*sketch, error) {
	update := file[input:]
	if bytes.Count(update, []byte(subFilterPKCS7)) != 1 {
		return nil, errors.New("the signature dictionary is not as expected")
	}
	copy(update[bytes.Index(update, []byte(subFilterPKCS7)):], subFilterCAdES)
	dropSecondVersion(update)

	reader, err := pdfread.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, fmt.Errorf("the file cannot take a signature: %w", err)
	}
	fields := signatureFields(reader)
	if len(fields) == 0 || reader.NumPage() != pages {
		return nil, errors.New("the file cannot take a signature")
	}
	for _, f := range fields {
		r, err := byteRange(f, len(file))
		if err != nil || r.first < input {
			continue
		}
		if r.end != len(file) || (r.second-r.first-2)/2 < size {
			break
		}
		found := &sketch{file: file, start: r.first + 1, end: r.second - 1}
		copy(file[found.start:found.end], bytes.Repeat([]byte("0"), found.end-found.start))
		return found, nil
	}
	return nil, errors.New("the blank for the signature is not as expected")
}

// dropSecondVersion: over a catalog that names a version already, pdfsign writes it twice. Blanks take the
// place of the one it added, so that offsets stand.
func dropSecondVersion(update []byte) {
	const added = "/Type /Catalog\n  /Version /1.5\n"
	at := bytes.Index(update, []byte(added))
	if at < 0 || !bytes.Contains(update[at+len(added)-1:], []byte("\n  /Version /")) {
		return
	}
	from := at + len("/Type /Catalog\n")
	copy(update[from:], bytes.Repeat([]byte(" "), len(added)-len("/Type /Catalog\n")-1))
}

// signable refuses what pdfsign would spoil without a word.
func signable(r *pdfread.Reader) error {
	root := r.Trailer().Key("Root")
	fields := root.Key("AcroForm").Key("Fields")
	if !r.Trailer().Key("Encrypt").IsNull() {
		return errors.New("the PDF is encrypted")
	}
	if root.Kind() != pdfread.Dict || r.NumPage() < 1 {
		return errors.New("the PDF has no pages")
	}
	for i := range fields.Len() {
		if fields.Index(i).Key("FT").Name() != "Sig" {
			return errors.New("the PDF has form fields, which signing would drop")
		}
	}
	for _, f := range signatureFields(r) {
		references := f.Key("V").Key("Reference")
		for i := range references.Len() {
			ref := references.Index(i)
			allowed := ref.Key("TransformParams").Key("P")
			if ref.Key("TransformMethod").Name() == "DocMDP" && allowed.Kind() == pdfread.Integer && allowed.Int64() == 1 {
				return errors.New("its author allows no more changes, not even a signature")
			}
		}
	}
	return nil
}

// blank is no key: it lets pdfsign write its structure around a placeholder.
type blank struct{}

func (blank) Public() crypto.PublicKey { return &rsa.PublicKey{} }

func (blank) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return []byte{0}, nil }

// roomOf is no certificate: pdfsign makes its blank as long as the certificate plus about 600 bytes.
func roomOf(size int) *x509.Certificate {
	return &x509.Certificate{Raw: make([]byte, size), RawIssuer: []byte{0x30, 0}, SerialNumber: big.NewInt(1)}
}

func longestZeros(pdf []byte) int {
	longest, run := 0, 0
	for _, b := range pdf {
		if b == '0' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}

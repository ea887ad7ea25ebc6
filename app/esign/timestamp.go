package esign

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"time"

	"rekey/app/cms"
	"rekey/app/gost"
	"rekey/app/register"
)

// Bounds of a time stamp.
const (
	stampDeadline = 10 * time.Second
	stampRoom     = 16 << 10 // bytes kept in the file for a token with its certificates
)

var oidTSTInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}

// Shapes of RFC 3161 §2.4.
type (
	stampRequest struct {
		Version int
		Imprint imprint
		Nonce   *big.Int
		CertReq bool
	}
	imprint struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	stampAnswer struct {
		Status struct {
			Status int
			Texts  asn1.RawValue  `asn1:"optional,tag:16"`
			Fail   asn1.BitString `asn1:"optional"`
		}
		Token asn1.RawValue `asn1:"optional"`
	}
	stampInfo struct {
		Version  int
		Policy   asn1.ObjectIdentifier
		Imprint  imprint
		Serial   *big.Int
		Time     time.Time `asn1:"generalized"`
		Accuracy struct {
			Seconds int `asn1:"optional"`
			Millis  int `asn1:"optional,tag:0"`
			Micros  int `asn1:"optional,tag:1"`
		} `asn1:"optional"`
		Ordering   bool             `asn1:"optional"`
		Nonce      *big.Int         `asn1:"optional"`
		TSA        asn1.RawValue    `asn1:"optional,explicit,tag:0"`
		Extensions []pkix.Extension `asn1:"optional,tag:1"`
	}
)

// stamp is what a token says.
type stamp struct {
	at    time.Time
	by    string
	nonce *big.Int
}

// checkTSA refuses an address that can never work, before a card is asked.
func checkTSA(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errors.New("the address of the time stamp authority does not begin with http:// or https://")
	}
	return nil
}

// imprints are the hashes that an authority is asked to stamp, in turn: that of the signature, and for Streebog, which few know, SHA-256 too.
func imprints(own cms.Digest) []cms.Digest {
	if _, streebog := gost.HashOf(own.ID.Algorithm); streebog {
		return []cms.Digest{own, cms.SHA256()}
	}
	return []cms.Digest{own}
}

// refusal is the status with which an authority answers when it gives no stamp (RFC 3161 §2.4.2).
type refusal int

func (r refusal) Error() string { return fmt.Sprintf("it refused with status %d", int(r)) }

// fetchStamp asks for a time stamp over a signature value (RFC 3161 §3.4) and verifies the token before anybody gets it.
func fetchStamp(ctx context.Context, o Options, hashes []cms.Digest, signature []byte) (token []byte, err error) {
	deadline := o.Deadline
	if deadline <= 0 {
		deadline = stampDeadline
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	for _, hash := range hashes {
		var refused refusal
		if token, err = ask(ctx, o, hash, signature); !errors.As(err, &refused) {
			break
		}
	}
	return token, err
}

func ask(ctx context.Context, o Options, hash cms.Digest, signature []byte) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, err
	}
	id := hash.ID
	if _, streebog := gost.HashOf(id.Algorithm); !streebog {
		id.Parameters = asn1.NullRawValue // old servers insist on them
	}
	query, err := asn1.Marshal(stampRequest{1, imprint{id, hash.Sum(signature)}, nonce, true})
	if err != nil {
		return nil, err
	}
	body, err := post(ctx, o, query)
	if err != nil {
		return nil, err
	}
	var answer stampAnswer
	if rest, err := asn1.Unmarshal(body, &answer); err != nil || len(rest) > 0 {
		return nil, errors.New("the answer is no time stamp")
	}
	if answer.Status.Status > 1 || len(answer.Token.FullBytes) == 0 { // 0 granted, 1 granted with modifications
		return nil, refusal(answer.Status.Status)
	}
	token := answer.Token.FullBytes
	got, err := readToken(token, signature)
	switch {
	case err != nil:
		return nil, err
	case got.nonce == nil || got.nonce.Cmp(nonce) != 0:
		return nil, errors.New("the answer belongs to another question (wrong nonce)")
	case len(token) > stampRoom:
		return nil, fmt.Errorf("the time stamp has %d bytes, there is room for %d", len(token), stampRoom)
	}
	return token, nil
}

func post(ctx context.Context, o Options, query []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, o.TSA, bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/timestamp-query")
	request.Header.Set("Accept", "application/timestamp-reply")
	client := o.Client
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answered %d %s", response.StatusCode, http.StatusText(response.StatusCode))
	}
	const most = 2 * stampRoom
	body, err := io.ReadAll(io.LimitReader(response.Body, most+1))
	if err == nil && len(body) > most {
		err = fmt.Errorf("the answer has more than %d bytes", most)
	}
	return body, err
}

// readToken verifies a token (RFC 3161 §2.4.2): signed with the certificate in it, which is for time stamps, and made
// for this signature value. Whether that certificate is trusted is not looked at.
func readToken(token, signature []byte) (stamp, error) {
	content, cert, err := openToken(token)
	if err != nil {
		return stamp{}, err
	}
	var info stampInfo
	if rest, err := asn1.Unmarshal(content, &info); err != nil || len(rest) > 0 {
		return stamp{}, errors.New("the time stamp cannot be read")
	}
	hash, known := cms.DigestOf(info.Imprint.Algorithm.Algorithm)
	switch {
	case !known:
		return stamp{}, errors.New("the time stamp uses a hash that is not read here")
	case !bytes.Equal(info.Imprint.Digest, hash.Sum(signature)):
		return stamp{}, errors.New("the time stamp is for something else (wrong imprint)")
	case !slices.Contains(cert.ExtKeyUsage, x509.ExtKeyUsageTimeStamping):
		return stamp{}, errors.New("the certificate of the time stamp is not meant for time stamps")
	case info.Time.Before(cert.NotBefore), info.Time.After(cert.NotAfter):
		return stamp{}, errors.New("the certificate of the time stamp was not valid at its time")
	}
	return stamp{info.Time, register.Parse(cert.Raw).HolderName, info.Nonce}, nil
}

// openToken verifies the message that a token is, and gives what is in it and who signed it: with a GOST key or with another.
func openToken(token []byte) ([]byte, *x509.Certificate, error) {
	signed, err := cms.ReadGOST(token, nil)
	switch kind := gost.KindOf(err); {
	case err == nil && !signed.ContentType.Equal(oidTSTInfo):
		return nil, nil, errors.New("the answer is no time stamp")
	case err == nil:
		return signed.Content, signed.Signer, nil
	case kind != gost.KindParse && kind != gost.KindAlgorithm:
		return nil, nil, fmt.Errorf("the time stamp's own signature is wrong: %w", err)
	}
	message, err := cms.Parse(token)
	if err != nil {
		return nil, nil, fmt.Errorf("time stamp: %w", err)
	}
	var kind asn1.ObjectIdentifier
	if err := message.UnmarshalSignedAttribute(cms.OIDContentType, &kind); err != nil || !kind.Equal(oidTSTInfo) {
		return nil, nil, errors.New("the answer is no time stamp")
	}
	if err := message.Verify(); err != nil {
		return nil, nil, fmt.Errorf("the time stamp's own signature is wrong: %w", err)
	}
	if _, err := message.Bound(); err != nil {
		return nil, nil, fmt.Errorf("time stamp: %w", err)
	}
	return message.Content, message.Signer, nil
}

package tokentest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"math/big"
	"sync"
	"testing"
	"time"

	"rekey/token"
)

// PIV is a card after NIST SP 800-73-4, as far as OpenSC needs one: a PIN with three tries, an EC key for authentication (9A) and
// an RSA key for signatures (9C) that wants the PIN directly before each use. Its keys are software keys.
type PIV struct {
	mu       sync.Mutex
	pin      []byte
	wrong    int
	verified bool // since the card was reset
	fresh    bool // by the command just before
	rest     []byte
	chain    []byte
	objects  map[string][]byte
	keys     map[byte]crypto.Signer
	counts   PIVCounts
}

// PIVCounts is what has reached the chip.
type PIVCounts struct {
	Commands int // APDUs
	PINs     int // right or wrong
	Signs    int
}

// NewPIV makes a card with this PIN.
func NewPIV(t testing.TB, pin string) *PIV {
	t.Helper()
	p := &PIV{pin: []byte(pin), objects: map[string][]byte{}, keys: map[byte]crypto.Signer{}}
	number := make([]byte, 25)
	rand.Read(number)
	p.objects["\x5f\xc1\x02"] = tlv(0x53, tlv(0x30, number), tlv(0x34, make([]byte, 16)), tlv(0x35, []byte("20991231")), tlv(0x3e), tlv(0xfe))
	for _, k := range []struct {
		ref    byte
		object string
		alg    token.Algorithm
	}{{0x9a, "\x5f\xc1\x05", token.ECP256}, {0x9c, "\x5f\xc1\x0a", token.RSA2048}} {
		key, err := softwareKey(k.alg)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(int64(k.ref)), Subject: pkix.Name{CommonName: "Deneme Kartı"},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		p.keys[k.ref] = key
		p.objects[k.object] = tlv(0x53, tlv(0x70, der), tlv(0x71, []byte{0}), tlv(0xfe))
	}
	return p
}

// Counts gives what has reached the chip so far.
func (p *PIV) Counts() PIVCounts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts
}

// ATR is one for which OpenSC's PIV driver uses EC keys too (that of a YubiKey 4).
func (p *PIV) ATR() []byte {
	return []byte("\x3b\xf8\x13\x00\x00\x81\x31\xfe\x15\x59\x75\x62\x69\x6b\x65\x79\x34\xd4")
}

// Reset forgets the PIN.
func (p *PIV) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.verified, p.fresh, p.rest, p.chain = false, false, nil, nil
}

var pivAID = []byte{0xa0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00}

// Transmit answers one APDU.
func (p *PIV) Transmit(apdu []byte) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts.Commands++
	if len(apdu) < 4 {
		return status(0x6700)
	}
	var data []byte
	if len(apdu) > 5 && len(apdu) >= 5+int(apdu[4]) {
		data = apdu[5 : 5+int(apdu[4])]
	}
	if apdu[1] == 0xc0 {
		return p.more()
	}
	if apdu[0]&0x10 != 0 {
		p.chain = append(p.chain, data...)
		return status(0x9000)
	}
	data, p.chain = append(p.chain, data...), nil
	fresh := p.fresh
	p.fresh = false
	switch apdu[1] {
	case 0xa4:
		if !bytes.HasPrefix(data, pivAID[:5]) {
			return status(0x6a82)
		}
		return p.answer(tlv(0x61, tlv(0x4f, pivAID[5:], []byte{0x01, 0x00}), tlv(0x79, tlv(0x4f, pivAID[:5]))))
	case 0xcb:
		if len(data) >= 2 && p.objects[string(data[2:])] != nil {
			return p.answer(p.objects[string(data[2:])])
		}
		return status(0x6a82)
	case 0x20:
		return p.verify(data)
	case 0x87:
		return p.authenticate(apdu[3], data, fresh)
	}
	return status(0x6d00)
}

func (p *PIV) verify(data []byte) []byte {
	if len(data) == 0 {
		if p.verified {
			return status(0x9000)
		}
		return status(0x63c0 + max(3-p.wrong, 0))
	}
	p.counts.PINs++
	if p.wrong >= 3 {
		return status(0x6983)
	}
	if !bytes.Equal(bytes.TrimRight(data, "\xff"), p.pin) {
		p.wrong++
		p.verified = false
		return status(0x63c0 + 3 - p.wrong)
	}
	p.wrong, p.verified, p.fresh = 0, true, true
	return status(0x9000)
}

// authenticate signs: RSA takes what was padded outside, EC a digest.
func (p *PIV) authenticate(ref byte, data []byte, fresh bool) []byte {
	key := p.keys[ref]
	i := bytes.IndexByte(data, 0x81)
	if key == nil || i < 0 {
		return status(0x6a80)
	}
	if !p.verified || ref == 0x9c && !fresh {
		return status(0x6982)
	}
	challenge := value(data[i:])
	var signature []byte
	switch k := key.(type) {
	case *rsa.PrivateKey:
		signature = new(big.Int).Exp(new(big.Int).SetBytes(challenge), k.D, k.N).FillBytes(make([]byte, k.Size()))
	case *ecdsa.PrivateKey:
		var err error
		if signature, err = ecdsa.SignASN1(rand.Reader, k, challenge); err != nil {
			return status(0x6f00)
		}
	}
	p.counts.Signs++
	return p.answer(tlv(0x7c, tlv(0x82, signature)))
}

// answer gives the first 256 bytes; the rest is fetched with GET RESPONSE.
func (p *PIV) answer(data []byte) []byte {
	p.rest = data
	return p.more()
}

func (p *PIV) more() []byte {
	now := p.rest[:min(len(p.rest), 256)]
	p.rest = p.rest[len(now):]
	if n := len(p.rest); n > 0 {
		return append(bytes.Clone(now), status(0x6100+min(n, 256)&0xff)...)
	}
	return append(bytes.Clone(now), status(0x9000)...)
}

func status(sw int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(sw)) }

func tlv(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	switch n := len(body); {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, body...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, body...)
	default:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, body...)
	}
}

// value gives the body of the TLV at the beginning.
func value(b []byte) []byte {
	n, at := int(b[1]), 2
	switch n {
	case 0x81:
		n, at = int(b[2]), 3
	case 0x82:
		n, at = int(b[2])<<8|int(b[3]), 4
	}
	return b[at:min(at+n, len(b))]
}

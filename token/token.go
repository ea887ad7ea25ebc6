// Package token finds readers, cards and certificates and uses the keys on them.
//
// It promises: vendor code never runs in this process (each PKCS#11 module lives in a
// child, see Helper); every call has a deadline; a private key never leaves its card and no
// software key ever stands in for it; a PIN is handed to a module exactly once for each
// time the caller gives it, and is never stored or logged.
//
// It never decides what a certificate is for: that is the work of package app.
package token

import (
	"context"
	"crypto"
)

// Module is one PKCS#11 library: in this process (token/pkcs11, only in the child), behind
// the helper process, or the in-memory fake of the tests. All keep one contract test.
type Module interface {
	// Readers lists the slots and what is in them. It only reads flags and so does not wake a card.
	Readers(ctx context.Context) ([]Reader, error)
	// Open starts a session with the card of this serial number, wherever it is now.
	Open(ctx context.Context, cardSerial string) (Session, error)
	// InitBlank makes a blank card usable (C_InitToken, C_InitPIN) and gives its serial number.
	// A card that is already initialised is refused with KindNotBlank and left as it is.
	InitBlank(ctx context.Context, label string, soPIN, pin []byte) (serial string, err error)
	// Close ends the module; a hanging C_Finalize does not hold it up.
	Close() error
}

// Session is the use of one card. It holds no PKCS#11 object handle between calls: objects are
// looked up anew by CKA_ID and public key each time, so a card that was away and
// came back is found again or gives a clear error.
type Session interface {
	Card() Card
	// Certificates lists every certificate object, broken ones too. No PIN is needed.
	Certificates(ctx context.Context) ([]Certificate, error)
	// Login presents the PIN once. An empty PIN means: the reader has a PIN pad. The error is a *PINError
	// when the card refused it.
	Login(ctx context.Context, pin []byte) error
	// Keys lists the key pairs whose public half can be read; private halves are seen after Login.
	Keys(ctx context.Context) ([]Key, error)
	// Generate makes a key pair on the card under the CKA_ID that the caller has already put on disk.
	Generate(ctx context.Context, spec KeySpec) (Key, error)
	// Sign signs a digest (or, for KindPKCS1v15, a digest that the driver wraps in DigestInfo).
	// The answer is as X.509 wants it: ECDSA signatures are DER.
	Sign(ctx context.Context, key Key, digest []byte, opts SignOptions) ([]byte, error)
	// PutCertificate writes a certificate beside what is there; nothing is overwritten.
	PutCertificate(ctx context.Context, id []byte, label string, der []byte) error
	// DestroyPair deletes a pair, and only one that has no certificate with its public key on the card.
	DestroyPair(ctx context.Context, key Key) error
	Close() error
}

// Reader is a USB device (a PKCS#11 slot).
type Reader struct {
	Module string // absolute path of the module that shows it
	Name   string // as the module describes it, trimmed
	Card   *Card  // nil: the reader is empty, or see Fault
	Fault  string // something is in the reader and cannot be read: why ("" otherwise)
}

// Card is the token in a reader.
type Card struct {
	Serial       string // CKA serial number, trimmed; how a card is told from another
	Label        string
	Manufacturer string
	Model        string
	Blank        bool // not initialised: no PIN, no keys
	PIN          PINState
}

// PINState is what the card says of its PIN before it is asked. The flags are hints:
// many modules never set them (OASIS PKCS#11 v2.40 §4.4, CK_TOKEN_INFO).
type PINState struct {
	Min, Max    int  // length limits in bytes; 0: unknown
	Pad         bool // the PIN is typed on the reader
	CountLow    bool // at least one wrong PIN since the last right one
	FinalTry    bool // the next wrong PIN locks the card
	Locked      bool
	ToBeChanged bool
	NotSet      bool // the user PIN was never set
}

// Certificate is a certificate object on a card, as the card gives it.
type Certificate struct {
	ID    []byte // CKA_ID; only helps to find the key
	Label string
	DER   []byte
}

// Key is a key pair on a card, named by its public half.
type Key struct {
	ID        []byte    // CKA_ID
	Label     string    //
	Algorithm Algorithm //
	SPKI      []byte    // DER SubjectPublicKeyInfo
	Private   bool      // the private half was seen (some cards show it only after Login)
}

// Algorithm is a kind of key pair. The list is open: cards and procedures name what they know.
type Algorithm string

// Key algorithms.
const (
	RSA2048 Algorithm = "rsa-2048"
	RSA3072 Algorithm = "rsa-3072"
	RSA4096 Algorithm = "rsa-4096"
	ECP256  Algorithm = "ec-p256"
	ECP384  Algorithm = "ec-p384"
)

// KeySpec says which pair to make.
type KeySpec struct {
	Algorithm Algorithm
	ID        []byte // CKA_ID, not empty
	Label     string
}

// SignOptions says how a digest is signed.
type SignOptions struct {
	Hash crypto.Hash // the hash that made the digest
	PSS  bool        // RSA only: PSS with salt length = hash length instead of PKCS#1 v1.5
}

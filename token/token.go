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
	"fmt"
	"time"
)

// Module is one PKCS#11 library: in this process (token/pkcs11, only in the child), behind
// the helper process, or the in-memory fake of the tests. All keep one contract test.
type Module interface {
	// Readers lists the slots and what is in them, with what each card says of itself; no session is opened.
	Readers(ctx context.Context) ([]Reader, error)
	// Flags is a short text that differs when a reader or a card came or went. It reads the flags of the slots only
	// (C_GetSlotList, C_GetSlotInfo), so that no card is woken, and means nothing else.
	Flags(ctx context.Context) (string, error)
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
	// ChangePIN changes the user's PIN (C_SetPIN), with or without a login. Both lengths are checked before either
	// reaches the card; the old PIN is presented once. Both empty: typed on the PIN pad. *PINError as for Login.
	ChangePIN(ctx context.Context, old, new []byte) error
	// Algorithms lists what this card says it can make pairs of; empty when its issuer makes the keys.
	Algorithms(ctx context.Context) ([]Algorithm, error)
	// Keys lists the key pairs whose public half can be read; private halves are seen after Login.
	Keys(ctx context.Context) ([]Key, error)
	// Generate makes a key pair on the card under the CKA_ID that the caller has already put on disk.
	Generate(ctx context.Context, spec KeySpec) (Key, error)
	// Sign signs a digest; for RSA with PKCS#1 v1.5 the driver wraps it in a DigestInfo. The answer is as X.509 wants
	// it: ECDSA signatures are DER. A key with AlwaysAuthenticate needs the PIN in the options.
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
	Serial       string // how a card is told from another: its serial number, trimmed (with "/label" when that is all zeros)
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

	// AlwaysAuthenticate: each signature wants the PIN once more (CKA_ALWAYS_AUTHENTICATE). Known with Private.
	AlwaysAuthenticate bool
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

// GOST R 34.10-2012 keys are named gost2012-256/<set> and gost2012-512/<set>, as "gost2012-256/CryptoPro-A": see GOSTAlgorithms.

// KeySpec says which pair to make.
type KeySpec struct {
	Algorithm Algorithm
	ID        []byte // CKA_ID, not empty
	Label     string
	// From and Until are when the private key may sign (CKA_START_DATE, CKA_END_DATE), where the card takes that: days, UTC. Zero: not said.
	From, Until time.Time
}

// SignOptions says how a digest is signed.
type SignOptions struct {
	Hash crypto.Hash // the hash that made the digest
	PSS  bool        // RSA only: PSS with salt length = hash length instead of PKCS#1 v1.5

	// Message is what was hashed, or nil when only the digest is known. Some cards sign nothing but
	// whole messages; the driver then gives them this one.
	Message []byte
	// Streebog is for GOST R 34.10-2012 keys, in place of Hash: the digest is Streebog (RFC 6986) of the key's length, as its Sum
	// gives it, and the answer is s‖r as X.509 has it (RFC 9215 §4). This package computes neither: that the digest is that of the message, and
	// that the key made the signature, is for the caller to check, every time.
	Streebog bool
	// PIN is for a key with AlwaysAuthenticate: nil means none (KindLoginNeeded), empty but not nil the PIN pad.
	// It is presented once. Other keys ignore it.
	PIN []byte
}

// Format never shows the PIN or the message.
func (o SignOptions) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "{hash %d, PSS %v, Streebog %v, %d bytes}", o.Hash, o.PSS, o.Streebog, len(o.Message))
}

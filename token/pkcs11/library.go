package pkcs11

/*
#cgo linux LDFLAGS: -ldl
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"errors"
	"unsafe"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// library holds the calls that Rekey makes itself, see shim.h.
type library struct{ c *C.struct_rekey_library }

func openLibrary(path string) (library, error) {
	const room = 512
	why := (*C.char)(C.calloc(room, 1))
	defer C.free(unsafe.Pointer(why))
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	c := C.rekey_open(name, why, room)
	if c == nil {
		return library{}, errors.New(C.GoString(why))
	}
	return library{c}, nil
}

// initialize starts the module. Some vendors (AKİS) refuse any argument and want NULL.
// The answer tells whether this call was the one that started it.
func (l library) initialize() (started bool, err error) {
	err = code(C.rekey_initialize(l.c, 0))
	if is(err, p11.CKR_ARGUMENTS_BAD, p11.CKR_CANT_LOCK) {
		err = code(C.rekey_initialize(l.c, 1))
	}
	if is(err, p11.CKR_CRYPTOKI_ALREADY_INITIALIZED) {
		return false, nil
	}
	return err == nil, err
}

func (l library) finalize() error { return code(C.rekey_finalize(l.c)) }

// login with an empty PIN means: the PIN is typed on the reader.
func (l library) login(sh p11.SessionHandle, user uint, pin []byte) error {
	return code(C.rekey_login(l.c, C.ulong(sh), C.ulong(user), bytesOf(pin), C.ulong(len(pin))))
}

func (l library) initToken(slot uint, soPIN []byte, label string) error {
	var padded [32]byte
	for i := range padded {
		padded[i] = ' '
	}
	copy(padded[:], label)
	return code(C.rekey_init_token(l.c, C.ulong(slot), bytesOf(soPIN), C.ulong(len(soPIN)), bytesOf(padded[:])))
}

func (l library) initPIN(sh p11.SessionHandle, pin []byte) error {
	return code(C.rekey_init_pin(l.c, C.ulong(sh), bytesOf(pin), C.ulong(len(pin))))
}

func (l library) setPIN(sh p11.SessionHandle, old, new []byte) error {
	return code(C.rekey_set_pin(l.c, C.ulong(sh), bytesOf(old), C.ulong(len(old)), bytesOf(new), C.ulong(len(new))))
}

// signStep says how far a signature came.
type signStep int

const (
	stepInit  signStep = C.REKEY_SIGN_INIT
	stepLogin signStep = C.REKEY_SIGN_LOGIN
	stepSign  signStep = C.REKEY_SIGN
)

// sign calls C_SignInit, C_Login with the PIN when context is set, and C_Sign.
func (l library) sign(sh p11.SessionHandle, key p11.ObjectHandle, a attempt, context bool, pin []byte) ([]byte, signStep, error) {
	out := make([]byte, maxSignature)
	s := C.struct_rekey_signing{
		session: C.ulong(sh), key: C.ulong(key), mechanism: C.ulong(a.mechanism),
		parameter_len: C.ulong(len(a.parameter)), data_len: C.ulong(len(a.input)), pin_len: C.ulong(len(pin)), out_len: maxSignature,
	}
	if context {
		s.context = 1
	}
	if len(a.input) == 0 {
		a.input = []byte{0} // some modules refuse NULL, also for an empty message
	}
	err := code(C.rekey_sign(l.c, &s, bytesOf(a.parameter), bytesOf(pin), bytesOf(a.input), bytesOf(out)))
	if err == nil && s.out_len > maxSignature {
		return nil, signStep(s.step), refusal("sign", token.KindBadAnswer, "a signature of %d bytes", uint(s.out_len))
	}
	if err != nil {
		return nil, signStep(s.step), err
	}
	return out[:s.out_len], signStep(s.step), nil
}

// maxSignature is room for RSA-8192.
const maxSignature = 1024

func bytesOf(b []byte) *C.uchar {
	if len(b) == 0 {
		return nil
	}
	return (*C.uchar)(unsafe.Pointer(&b[0]))
}

func code(rv C.ulong) error {
	if rv == 0 {
		return nil
	}
	return p11.Error(rv)
}

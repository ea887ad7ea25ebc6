package pkcs11

import (
	"errors"
	"fmt"
	"slices"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// kinds sorts return codes (OASIS PKCS#11 v2.40 §5.1). What is not here is KindCardRefused.
var kinds = map[p11.Error]token.Kind{
	p11.CKR_DEVICE_REMOVED:                 token.KindCardRemoved,
	p11.CKR_TOKEN_NOT_PRESENT:              token.KindCardRemoved,
	p11.CKR_SESSION_HANDLE_INVALID:         token.KindCardRemoved,
	p11.CKR_SESSION_CLOSED:                 token.KindCardRemoved,
	p11.CKR_SLOT_ID_INVALID:                token.KindCardRemoved,
	p11.CKR_TOKEN_NOT_RECOGNIZED:           token.KindCardRemoved,
	p11.CKR_PIN_INCORRECT:                  token.KindPIN,
	p11.CKR_PIN_INVALID:                    token.KindPIN,
	p11.CKR_PIN_LEN_RANGE:                  token.KindPIN,
	p11.CKR_PIN_LOCKED:                     token.KindPIN,
	p11.CKR_USER_NOT_LOGGED_IN:             token.KindLoginNeeded,
	p11.CKR_MECHANISM_INVALID:              token.KindUnsupported,
	p11.CKR_MECHANISM_PARAM_INVALID:        token.KindUnsupported,
	p11.CKR_KEY_SIZE_RANGE:                 token.KindUnsupported,
	p11.CKR_FUNCTION_NOT_SUPPORTED:         token.KindUnsupported,
	p11.CKR_CURVE_NOT_SUPPORTED:            token.KindUnsupported,
	p11.CKR_DOMAIN_PARAMS_INVALID:          token.KindUnsupported,
	p11.CKR_KEY_FUNCTION_NOT_PERMITTED:     token.KindUnsupported,
	p11.CKR_KEY_TYPE_INCONSISTENT:          token.KindUnsupported,
	p11.CKR_DATA_INVALID:                   token.KindUnsupported,
	p11.CKR_DATA_LEN_RANGE:                 token.KindUnsupported,
	p11.CKR_DEVICE_MEMORY:                  token.KindCardFull,
	p11.CKR_TOKEN_WRITE_PROTECTED:          token.KindReadOnly,
	p11.CKR_SESSION_READ_ONLY:              token.KindReadOnly,
	p11.CKR_SESSION_READ_ONLY_EXISTS:       token.KindReadOnly,
	p11.CKR_ACTION_PROHIBITED:              token.KindReadOnly,
	p11.CKR_CRYPTOKI_NOT_INITIALIZED:       token.KindModuleLoad,
	p11.CKR_KEY_HANDLE_INVALID:             token.KindNoKey,
	p11.CKR_OBJECT_HANDLE_INVALID:          token.KindNoKey,
	p11.CKR_SIGNATURE_LEN_RANGE:            token.KindBadAnswer,
	p11.CKR_FUNCTION_CANCELED:              token.KindCardRefused,
	p11.CKR_USER_PIN_NOT_INITIALIZED:       token.KindCardRefused,
	p11.CKR_PIN_EXPIRED:                    token.KindPIN,
	p11.CKR_USER_ANOTHER_ALREADY_LOGGED_IN: token.KindCardRefused,
}

// refuse makes a *token.Error of what a call gave. A *token.Error stays as it is.
func refuse(op string, err error) error {
	if err == nil {
		return nil
	}
	var done *token.Error
	if errors.As(err, &done) {
		return err
	}
	kind := token.KindCardRefused
	var rv p11.Error
	if errors.As(err, &rv) {
		if k, ok := kinds[rv]; ok {
			kind = k
		}
	}
	return &token.Error{Op: op, Kind: kind, Err: err}
}

// refusal is an error that Rekey itself gives.
func refusal(op string, kind token.Kind, format string, args ...any) error {
	return &token.Error{Op: op, Kind: kind, Err: fmt.Errorf(format, args...)}
}

func is(err error, codes ...p11.Error) bool {
	var rv p11.Error
	return errors.As(err, &rv) && slices.Contains(codes, rv)
}

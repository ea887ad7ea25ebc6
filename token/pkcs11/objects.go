package pkcs11

import (
	"bytes"
	"errors"

	p11 "github.com/miekg/pkcs11"

	"rekey/token"
)

// maxObjects bounds a search: a module that finds more is broken.
const maxObjects = 4096

// search gives the objects that fit a template.
func (s *session) search(op string, template ...*p11.Attribute) ([]p11.ObjectHandle, error) {
	if err := s.m.ctx.FindObjectsInit(s.handle, template); err != nil {
		return nil, refuse(op, err)
	}
	defer s.m.ctx.FindObjectsFinal(s.handle)
	var found []p11.ObjectHandle
	for {
		some, _, err := s.m.ctx.FindObjects(s.handle, 64)
		if err != nil {
			return nil, refuse(op, err)
		}
		if len(some) == 0 {
			return found, nil
		}
		found = append(found, some...)
		if len(found) > maxObjects {
			return nil, refusal(op, token.KindBadAnswer, "the module lists objects without end")
		}
	}
}

// value reads one attribute; nil when the object does not have it or does not show it.
func (s *session) value(o p11.ObjectHandle, attribute uint) []byte {
	got, err := s.m.ctx.GetAttributeValue(s.handle, o, []*p11.Attribute{p11.NewAttribute(attribute, nil)})
	var lost *token.Error
	if err != nil && errors.As(refuse("read attribute", err), &lost) && lost.Kind == token.KindCardRemoved {
		s.lost = err
	}
	if err != nil || len(got) != 1 {
		return nil
	}
	return got[0].Value
}

// whole refuses a list that was cut short because the card was pulled: what value could not read then is
// not missing on the card.
func (s *session) whole(op string) error {
	if s.lost == nil {
		return nil
	}
	return refuse(op, s.lost)
}

func (s *session) flag(o p11.ObjectHandle, attribute uint) bool {
	v := s.value(o, attribute)
	return len(v) == 1 && v[0] != 0
}

// keyType gives CKK_RSA, CKK_EC or one of the GOST types; false for keys that Rekey cannot use. The comparison is by bytes
// because the width of CK_ULONG differs between systems.
func (s *session) keyType(o p11.ObjectHandle) (uint, bool) {
	v := s.value(o, p11.CKA_KEY_TYPE)
	for _, n := range []uint{p11.CKK_RSA, p11.CKK_EC, p11.CKK_GOSTR3410, ckkGOST512} {
		if bytes.Equal(v, p11.NewAttribute(p11.CKA_KEY_TYPE, n).Value) {
			return n, true
		}
	}
	return 0, false
}

func class(c uint) *p11.Attribute { return p11.NewAttribute(p11.CKA_CLASS, c) }

// withID adds the CKA_ID to a template, if there is one.
func withID(id []byte, template ...*p11.Attribute) []*p11.Attribute {
	if len(id) > 0 {
		template = append(template, p11.NewAttribute(p11.CKA_ID, id))
	}
	return template
}

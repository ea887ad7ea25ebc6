/* The few PKCS#11 calls that Rekey makes itself and not through miekg/pkcs11: loading with a reason
 * when it fails, C_Initialize without arguments, and the calls that take a PIN (so that no copy of
 * it is left in the memory of Go strings), and signing, which must not be interrupted. Written after OASIS PKCS#11 v2.40, CK_FUNCTION_LIST. */
#ifndef REKEY_SHIM_H
#define REKEY_SHIM_H

struct rekey_library;

/* rekey_open loads a module. On failure it gives NULL and writes the reason to why. */
struct rekey_library *rekey_open(const char *path, char *why, int why_size);
/* rekey_initialize calls C_Initialize: with arguments, or with NULL when plain is not 0. */
unsigned long rekey_initialize(struct rekey_library *l, int plain);
unsigned long rekey_finalize(struct rekey_library *l);
unsigned long rekey_login(struct rekey_library *l, unsigned long session, unsigned long user,
			  unsigned char *pin, unsigned long pin_len);
unsigned long rekey_init_token(struct rekey_library *l, unsigned long slot,
			       unsigned char *pin, unsigned long pin_len, unsigned char *label32);
unsigned long rekey_set_pin(struct rekey_library *l, unsigned long session,
			    unsigned char *old, unsigned long old_len, unsigned char *pin, unsigned long pin_len);

/* What a signature is made with and of. */
struct rekey_signing {
	unsigned long session, key, mechanism;
	unsigned long parameter_len, data_len, pin_len, out_len; /* out_len: the room, afterwards what was written */
	int context; /* a context-specific login is wanted between C_SignInit and C_Sign */
	int step;    /* afterwards: how far it came, REKEY_SIGN_... */
};
enum { REKEY_SIGN_INIT = 1, REKEY_SIGN_LOGIN = 2, REKEY_SIGN = 3 };
/* rekey_sign calls C_SignInit, C_Login when context is set, and C_Sign, each once and nothing between. */
unsigned long rekey_sign(struct rekey_library *l, struct rekey_signing *s, unsigned char *parameter,
			 unsigned char *pin, unsigned char *data, unsigned char *out);
unsigned long rekey_init_pin(struct rekey_library *l, unsigned long session,
			     unsigned char *pin, unsigned long pin_len);

#endif

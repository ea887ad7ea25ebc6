#include "shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#pragma pack(push, 1)
#else
#include <dlfcn.h>
#endif

/* CK_C_INITIALIZE_ARGS: four callbacks, flags, reserved. */
struct arguments {
	void *callbacks[4];
	unsigned long flags;
	void *reserved;
};

/* CK_MECHANISM. */
struct mechanism {
	unsigned long mechanism;
	void *parameter;
	unsigned long parameter_len;
};

/* The head of CK_FUNCTION_LIST: a version of two bytes, then the functions in the order of the standard. */
enum { F_INITIALIZE = 0, F_FINALIZE = 1, F_INIT_TOKEN = 9, F_INIT_PIN = 10, F_SET_PIN = 11, F_LOGIN = 18, F_SIGN_INIT = 42, F_SIGN = 43, F_COUNT = 68 };
struct functions {
	unsigned char version[2];
	void *call[F_COUNT];
};

#ifdef _WIN32
#pragma pack(pop)
#endif

struct rekey_library {
	struct functions *f;
};

typedef unsigned long (*get_list)(struct functions **);

static void *symbol(const char *path, char *why, int why_size)
{
	void *s;
#ifdef _WIN32
	HMODULE h = LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
	if (h == NULL) {
		snprintf(why, why_size, "the system cannot load it (error %lu)", GetLastError());
		return NULL;
	}
	s = (void *)GetProcAddress(h, "C_GetFunctionList");
#else
	void *h = dlopen(path, RTLD_LAZY);
	if (h == NULL) {
		const char *e = dlerror();
		snprintf(why, why_size, "%s", e ? e : "the system cannot load it");
		return NULL;
	}
	s = dlsym(h, "C_GetFunctionList");
#endif
	if (s == NULL)
		snprintf(why, why_size, "it is a library, but no PKCS#11 module (C_GetFunctionList is missing)");
	return s;
}

/* A library is never unloaded again: some vendors' libraries crash on it, and the child ends soon. */
struct rekey_library *rekey_open(const char *path, char *why, int why_size)
{
	struct functions *f = NULL;
	struct rekey_library *l;
	get_list list = (get_list)symbol(path, why, why_size);
	unsigned long rv;

	if (list == NULL)
		return NULL;
	rv = list(&f);
	if (rv != 0 || f == NULL) {
		snprintf(why, why_size, "C_GetFunctionList gave 0x%lX and %s", rv, f ? "a list" : "no list");
		return NULL;
	}
	l = calloc(1, sizeof *l);
	if (l == NULL) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	l->f = f;
	return l;
}

unsigned long rekey_initialize(struct rekey_library *l, int plain)
{
	struct arguments a;
	unsigned long (*call)(void *) = (unsigned long (*)(void *))l->f->call[F_INITIALIZE];

	memset(&a, 0, sizeof a);
	a.flags = 2; /* CKF_OS_LOCKING_OK */
	return call(plain ? NULL : &a);
}

unsigned long rekey_finalize(struct rekey_library *l)
{
	unsigned long (*call)(void *) = (unsigned long (*)(void *))l->f->call[F_FINALIZE];

	return call(NULL);
}

unsigned long rekey_login(struct rekey_library *l, unsigned long session, unsigned long user,
			  unsigned char *pin, unsigned long pin_len)
{
	unsigned long (*call)(unsigned long, unsigned long, unsigned char *, unsigned long) =
		(unsigned long (*)(unsigned long, unsigned long, unsigned char *, unsigned long))l->f->call[F_LOGIN];

	return call(session, user, pin, pin_len);
}

unsigned long rekey_init_token(struct rekey_library *l, unsigned long slot,
			       unsigned char *pin, unsigned long pin_len, unsigned char *label32)
{
	unsigned long (*call)(unsigned long, unsigned char *, unsigned long, unsigned char *) =
		(unsigned long (*)(unsigned long, unsigned char *, unsigned long, unsigned char *))l->f->call[F_INIT_TOKEN];

	return call(slot, pin, pin_len, label32);
}

unsigned long rekey_init_pin(struct rekey_library *l, unsigned long session,
			     unsigned char *pin, unsigned long pin_len)
{
	unsigned long (*call)(unsigned long, unsigned char *, unsigned long) =
		(unsigned long (*)(unsigned long, unsigned char *, unsigned long))l->f->call[F_INIT_PIN];

	return call(session, pin, pin_len);
}

unsigned long rekey_set_pin(struct rekey_library *l, unsigned long session,
			    unsigned char *old, unsigned long old_len, unsigned char *pin, unsigned long pin_len)
{
	unsigned long (*call)(unsigned long, unsigned char *, unsigned long, unsigned char *, unsigned long) =
		(unsigned long (*)(unsigned long, unsigned char *, unsigned long, unsigned char *, unsigned long))l->f->call[F_SET_PIN];

	return call(session, old, old_len, pin, pin_len);
}

unsigned long rekey_sign(struct rekey_library *l, struct rekey_signing *s, unsigned char *parameter,
			 unsigned char *pin, unsigned char *data, unsigned char *out)
{
	unsigned long (*init)(unsigned long, struct mechanism *, unsigned long) =
		(unsigned long (*)(unsigned long, struct mechanism *, unsigned long))l->f->call[F_SIGN_INIT];
	unsigned long (*sign)(unsigned long, unsigned char *, unsigned long, unsigned char *, unsigned long *) =
		(unsigned long (*)(unsigned long, unsigned char *, unsigned long, unsigned char *, unsigned long *))l->f->call[F_SIGN];
	struct mechanism m = { s->mechanism, parameter, s->parameter_len };
	unsigned long rv;

	s->step = REKEY_SIGN_INIT;
	rv = init(s->session, &m, s->key);
	if (rv != 0)
		return rv;
	if (s->context) {
		s->step = REKEY_SIGN_LOGIN;
		rv = rekey_login(l, s->session, 2, pin, s->pin_len); /* CKU_CONTEXT_SPECIFIC */
		if (rv != 0)
			return rv;
	}
	s->step = REKEY_SIGN;
	return sign(s->session, data, s->data_len, out, &s->out_len);
}

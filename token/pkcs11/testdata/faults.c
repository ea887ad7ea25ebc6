/* A PKCS#11 module for tests. It passes every call on to the module REAL (a -D at compile time), except for the
 * faults that the file named in REKEY_TEST_FAULTS asks for at that moment, and writes the length of each
 * PIN that reaches C_Login into that file's name plus ".logins". */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong_t;
struct list {
	unsigned char version[2];
	void *call[68];
};
enum { INITIALIZE = 0, SLOT_LIST = 4, SLOT_INFO = 5, TOKEN_INFO = 6, MECHANISM_LIST = 7, LOGIN = 18, DESTROY = 22, GENERATE_PAIR = 59 };

static struct list *real, mine;

static int asked(const char *fault)
{
	char text[256];
	const char *name = getenv("REKEY_TEST_FAULTS");
	FILE *f = name ? fopen(name, "r") : NULL;
	size_t n;

	if (f == NULL)
		return 0;
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = 0;
	return strstr(text, fault) != NULL;
}

static ulong_t initialize(void *args)
{
	if (args != NULL && asked("no-arguments"))
		return 7; /* CKR_ARGUMENTS_BAD, as AKIS */
	return ((ulong_t(*)(void *))real->call[INITIALIZE])(args);
}

static ulong_t slot_list(unsigned char present, ulong_t *slots, ulong_t *count)
{
	while (asked("hang"))
		sleep(1);
	if (asked("crash"))
		raise(SIGSEGV);
	return ((ulong_t(*)(unsigned char, ulong_t *, ulong_t *))real->call[SLOT_LIST])(present, slots, count);
}

static ulong_t slot_info(ulong_t slot, unsigned char *info)
{
	ulong_t rv = ((ulong_t(*)(ulong_t, unsigned char *))real->call[SLOT_INFO])(slot, info);

	if (rv == 0 && asked("pulled"))
		*(ulong_t *)(info + 96) &= ~1UL; /* CKF_TOKEN_PRESENT */
	return rv;
}

static ulong_t token_info(ulong_t slot, unsigned char *info)
{
	ulong_t rv;

	if (asked("pulled"))
		return 0xE0; /* CKR_TOKEN_NOT_PRESENT */
	if (asked("mute"))
		return 0x30; /* CKR_DEVICE_ERROR */
	rv = ((ulong_t(*)(ulong_t, unsigned char *))real->call[TOKEN_INFO])(slot, info);
	if (rv == 0 && asked("final-try"))
		*(ulong_t *)(info + 96) |= 0x20000;
	if (rv == 0 && asked("locked"))
		*(ulong_t *)(info + 96) |= 0x40000;
	if (rv == 0 && asked("pin-pad"))
		*(ulong_t *)(info + 96) |= 0x100;
	return rv;
}

static ulong_t mechanism_list(ulong_t slot, ulong_t *list, ulong_t *count)
{
	if (asked("no-mechanisms")) {
		*count = 0;
		return 0;
	}
	return ((ulong_t(*)(ulong_t, ulong_t *, ulong_t *))real->call[MECHANISM_LIST])(slot, list, count);
}

static ulong_t login(ulong_t session, ulong_t user, unsigned char *pin, ulong_t len)
{
	char name[4096];
	FILE *f;

	snprintf(name, sizeof name, "%s.logins", getenv("REKEY_TEST_FAULTS"));
	f = fopen(name, "a");
	fprintf(f, "%lu\n", len);
	fclose(f);
	if (asked("pin-pad") && pin == NULL) { /* the person types it on the reader */
		pin = (unsigned char *)"123456";
		len = 6;
	}
	return ((ulong_t(*)(ulong_t, ulong_t, unsigned char *, ulong_t))real->call[LOGIN])(session, user, pin, len);
}

static ulong_t generate_pair(ulong_t session, void *m, void *pub, ulong_t npub, void *priv, ulong_t npriv, ulong_t *hpub, ulong_t *hpriv)
{
	ulong_t rv = ((ulong_t(*)(ulong_t, void *, void *, ulong_t, void *, ulong_t, ulong_t *, ulong_t *))real->call[GENERATE_PAIR])(
		session, m, pub, npub, priv, npriv, hpub, hpriv);

	if (rv == 0 && asked("half-pair")) {
		((ulong_t(*)(ulong_t, ulong_t))real->call[DESTROY])(session, *hpriv);
		return 0x31; /* CKR_DEVICE_MEMORY */
	}
	return rv;
}

ulong_t C_GetFunctionList(struct list **out)
{
	void *h = dlopen(REAL, RTLD_NOW);
	ulong_t (*get)(struct list **);

	printf("a module that talks on stdout\n");
	fflush(stdout);
	if (asked("no-list"))
		return 5; /* CKR_GENERAL_ERROR, and no list */
	get = h ? dlsym(h, "C_GetFunctionList") : NULL;
	if (get == NULL || get(&real) != 0)
		return 5;
	mine = *real;
	mine.call[INITIALIZE] = initialize;
	mine.call[SLOT_LIST] = slot_list;
	mine.call[SLOT_INFO] = slot_info;
	mine.call[TOKEN_INFO] = token_info;
	mine.call[MECHANISM_LIST] = mechanism_list;
	mine.call[LOGIN] = login;
	mine.call[GENERATE_PAIR] = generate_pair;
	*out = &mine;
	return 0;
}

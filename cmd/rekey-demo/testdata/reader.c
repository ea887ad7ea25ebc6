/* A reader for tests: a PKCS#11 module with one slot in front of SoftHSM (REAL, a -D at compile time). The card is in it
 * while SoftHSM's folder of tokens (READER, a -D too) is not empty. SoftHSM by itself reads that folder only in C_Initialize.
 *
 * When the card comes or goes, SoftHSM begins anew: as PKCS#11 v2.40 section 5.6 wants it of a removed card, its sessions
 * are gone and with them the login. Handles of earlier sessions never come back.
 *
 * A file READER.pull has the card fall out as soon as it has made a key pair, before the program can ask for it. */
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef unsigned long ulong_t;
typedef ulong_t (*fn)(ulong_t, ulong_t, ulong_t, ulong_t, ulong_t, ulong_t, ulong_t, ulong_t);
#define N 68
struct list {
	unsigned char version[2];
	fn call[N];
};
enum {
	INITIALIZE = 0, FINALIZE = 1, GET_INFO = 2, FUNCTION_LIST = 3, SLOT_LIST = 4, SLOT_INFO = 5, TOKEN_INFO = 6, INIT_TOKEN = 9,
	OPEN_SESSION = 12, CLOSE_ALL = 14, GENERATE_PAIR = 59, WAIT_FOR_SLOT_EVENT = 67
};
enum {
	OK = 0, SLOT_ID_INVALID = 0x03, NOT_SUPPORTED = 0x54, SESSION_HANDLE_INVALID = 0xb3, TOKEN_NOT_PRESENT = 0xe0,
	BUFFER_TOO_SMALL = 0x150, NOT_INITIALIZED = 0x190
};
enum { SLOT = 1, GENERATION = 1 << 16, TOKEN_PRESENT = 1, TOKEN_INITIALIZED = 0x400, FLAGS = 96 };

static struct list *real, mine;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static int running, present;
static ulong_t slot, generation = 1;

static ulong_t real_call(int i, ulong_t a, ulong_t b, ulong_t c)
{
	return real->call[i](a, b, c, 0, 0, 0, 0, 0);
}

static int card_is_in(void)
{
	DIR *d = opendir(READER);
	struct dirent *e;
	int n = 0;

	if (d == NULL)
		return 0;
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	closedir(d);
	return n > 0;
}

/* begin has SoftHSM read the folder, and finds the slot of the card, or else SoftHSM's blank one. While another process logs in,
 * SoftHSM may fail to read a card that is there: then it is not in yet, and the next call looks again. */
static ulong_t begin(void)
{
	struct { void *create, *destroy, *lock, *unlock; ulong_t flags; void *reserved; } args = { .flags = 2 }; /* OS locking */
	ulong_t slots[16], n = 16, rv;
	unsigned char info[256];
	int in = card_is_in();

	present = 0;
	rv = real_call(INITIALIZE, (ulong_t)&args, 0, 0);
	if (rv == OK)
		rv = real_call(SLOT_LIST, 1, (ulong_t)slots, (ulong_t)&n);
	for (ulong_t i = 0; rv == OK && i < n; i++) {
		rv = real_call(TOKEN_INFO, slots[i], (ulong_t)info, 0);
		if (!present && rv == OK) {
			slot = slots[i];
			present = in && *(ulong_t *)(info + FLAGS) & TOKEN_INITIALIZED;
		}
	}
	return rv;
}

static ulong_t slot_list(ulong_t with_card, ulong_t *out, ulong_t *n)
{
	ulong_t have = present || !with_card, room = *n;

	*n = have;
	if (out == NULL || have == 0)
		return OK;
	if (room < have)
		return BUFFER_TOO_SMALL;
	out[0] = SLOT;
	return OK;
}

static ulong_t pass(int i, ulong_t a, ulong_t b, ulong_t c, ulong_t d, ulong_t e, ulong_t f, ulong_t g, ulong_t h)
{
	ulong_t rv;

	switch (i) {
	case INITIALIZE:
		rv = begin();
		running = rv == OK;
		return rv;
	case FINALIZE:
		running = 0;
		return real_call(FINALIZE, a, 0, 0);
	case FUNCTION_LIST:
		*(struct list **)a = &mine;
		return OK;
	case WAIT_FOR_SLOT_EVENT:
		return NOT_SUPPORTED;
	}
	if (!running)
		return NOT_INITIALIZED;
	if (card_is_in() != present) {
		real_call(FINALIZE, 0, 0, 0);
		generation++;
		if ((rv = begin()) != OK)
			return rv;
	}
	if (i == GET_INFO)
		return real_call(i, a, 0, 0);
	if (i == SLOT_LIST)
		return slot_list(a, (ulong_t *)b, (ulong_t *)c);
	if ((i >= SLOT_INFO && i <= INIT_TOKEN) || i == OPEN_SESSION || i == CLOSE_ALL) {
		if (a != SLOT)
			return SLOT_ID_INVALID;
		if (!present && i != SLOT_INFO)
			return TOKEN_NOT_PRESENT;
		rv = real->call[i](slot, b, c, d, e, f, g, h);
		if (rv == OK && i == OPEN_SESSION)
			*(ulong_t *)e += generation * GENERATION;
		if (rv == OK && i == SLOT_INFO && !present)
			*(ulong_t *)(b + FLAGS) &= ~(ulong_t)TOKEN_PRESENT;
		return rv;
	}
	if (a / GENERATION != generation)
		return SESSION_HANDLE_INVALID;
	rv = real->call[i](a % GENERATION, b, c, d, e, f, g, h);
	if (rv == OK && i == GENERATE_PAIR && unlink(READER ".pull") == 0 && rename(READER, READER ".pulled") == 0)
		mkdir(READER, 0700);
	return rv;
}

static ulong_t at(int i, ulong_t a, ulong_t b, ulong_t c, ulong_t d, ulong_t e, ulong_t f, ulong_t g, ulong_t h)
{
	ulong_t rv;

	pthread_mutex_lock(&one);
	rv = pass(i, a, b, c, d, e, f, g, h);
	pthread_mutex_unlock(&one);
	return rv;
}

#define F(i) static ulong_t f##i(ulong_t a, ulong_t b, ulong_t c, ulong_t d, ulong_t e, ulong_t f, ulong_t g, ulong_t h) \
	{ return at(i, a, b, c, d, e, f, g, h); }
#define A(i) f##i,
#define TEN(X, t) X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7) X(t##8) X(t##9)
#define ALL(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) TEN(X, 1) TEN(X, 2) TEN(X, 3) TEN(X, 4) TEN(X, 5) \
	X(60) X(61) X(62) X(63) X(64) X(65) X(66) X(67)
ALL(F)
static struct list mine = { { 2, 40 }, { ALL(A) } };

ulong_t C_GetFunctionList(struct list **out)
{
	void *lib = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
	ulong_t (*get)(struct list **) = lib ? (ulong_t (*)(struct list **))dlsym(lib, "C_GetFunctionList") : NULL;

	if (get == NULL || get(&real) != OK)
		return 5; /* CKR_GENERAL_ERROR */
	*out = &mine;
	return OK;
}

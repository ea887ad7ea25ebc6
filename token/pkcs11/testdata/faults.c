/* A PKCS#11 module for tests. It passes every call on to the module REAL (a -D at compile time), except for the faults
 * that the file named in REKEY_TEST_FAULTS asks for at that moment, as words:
 *
 *   crash@Name hang@Name fail=HEX@Name   in the call C_Name; crash@load and hang@load in dlopen
 *   pullat=N lateat=N crashat=N          the card is pulled before, or just after, the N-th call; a crash there
 *   pulled mute locked final-try pin-pad to-be-changed expired general-error no-mechanisms small-keys half-pair
 *   only-combined no-arguments no-list two-threads
 *
 * It writes one byte for each call to that file's name plus ".calls", and the length of each PIN that reaches it
 * plus ".logins": "6" for C_Login, "c6" for a context-specific one, "s6" for C_SetPIN. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	INITIALIZE = 0, FINALIZE = 1, SLOT_INFO = 5, TOKEN_INFO = 6, MECHANISM_LIST = 7, MECHANISM_INFO = 8, SET_PIN = 11, OPEN_SESSION = 12,
	CLOSE_SESSION = 13, CLOSE_ALL = 14, SESSION_INFO = 15, LOGIN = 18, DESTROY = 22, DIGEST_INIT = 37, DIGEST = 38, SIGN_INIT = 42, SIGN = 43, GENERATE_PAIR = 59
};
static const char *names[N] = { "Initialize", "Finalize", "GetInfo", "GetFunctionList", "GetSlotList", "GetSlotInfo", "GetTokenInfo",
	"GetMechanismList", "GetMechanismInfo", "InitToken", "InitPIN", "SetPIN", "OpenSession", "CloseSession", "CloseAllSessions",
	"GetSessionInfo", "GetOperationState", "SetOperationState", "Login", "Logout", "CreateObject", "CopyObject", "DestroyObject",
	"GetObjectSize", "GetAttributeValue", "SetAttributeValue", "FindObjectsInit", "FindObjects", "FindObjectsFinal", [SIGN_INIT] = "SignInit",
	[SIGN] = "Sign", [GENERATE_PAIR] = "GenerateKeyPair" };

static struct list *real, mine;
static char text[1024]; /* the words, with a space before and after */
static ulong_t slots_open[16]; /* where sessions were opened, to close them when the card is pulled */
static int opened;

static void append(const char *suffix, const char *what, size_t n, long *size)
{
	char name[4096];
	struct stat st;
	int fd;

	snprintf(name, sizeof name, "%s%s", getenv("REKEY_TEST_FAULTS"), suffix);
	fd = open(name, O_WRONLY | O_APPEND | O_CREAT, 0600);
	if (fd < 0 || write(fd, what, n) != (ssize_t)n)
		abort();
	if (size != NULL && fstat(fd, &st) == 0)
		*size = st.st_size;
	close(fd);
}

static void read_words(void)
{
	const char *name = getenv("REKEY_TEST_FAULTS");
	int fd = name ? open(name, O_RDONLY) : -1;
	ssize_t n = fd < 0 ? 0 : read(fd, text + 1, sizeof text - 3);

	if (fd >= 0)
		close(fd);
	text[0] = ' ';
	n = n < 0 ? 0 : n;
	text[n + 1] = ' ';
	text[n + 2] = 0;
}

static int asked(const char *word)
{
	char spaced[64];

	snprintf(spaced, sizeof spaced, " %s ", word);
	return strstr(text, spaced) != NULL;
}

/* number gives what stands after a word's "=", or 0. */
static long number(const char *word, int base)
{
	const char *at = strstr(text, word);

	return at ? strtol(at + strlen(word), NULL, base) : 0;
}

static void misbehave(const char *name)
{
	char word[64];

	snprintf(word, sizeof word, "crash@%s", name);
	if (asked(word)) {
		fprintf(stderr, "faults: crash in %s\n", name);
		raise(SIGSEGV);
	}
	snprintf(word, sizeof word, "hang@%s", name);
	while (asked(word)) {
		usleep(20000);
		read_words();
	}
}

__attribute__((constructor)) static void loaded(void)
{
	read_words();
	misbehave("load");
}

/* pull takes the card out: its sessions are gone and with them the login. */
static void pull(void)
{
	for (int i = 0; i < opened; i++)
		real->call[CLOSE_ALL](slots_open[i], 0, 0, 0, 0, 0, 0, 0);
	opened = 0;
}

static ulong_t altered(int i, ulong_t a, ulong_t b, ulong_t c, ulong_t d, ulong_t e, ulong_t f, ulong_t g, ulong_t h);

static ulong_t through(int i, ulong_t a, ulong_t b, ulong_t c, ulong_t d, ulong_t e, ulong_t f, ulong_t g, ulong_t h)
{
	static int thread;
	char mark = (char)('!' + i), word[64];
	const char *fail;
	long calls = 0, at;
	ulong_t rv;

	read_words();
	append(".calls", &mark, 1, &calls);
	if (asked("two-threads")) {
		if (thread == 0)
			thread = gettid();
		if (thread != gettid())
			raise(SIGSEGV);
	}
	if (names[i] != NULL) {
		misbehave(names[i]);
		snprintf(word, sizeof word, "@%s ", names[i]);
		fail = strstr(text, word);
		if (fail != NULL && strstr(text, "fail=") != NULL) {
			if (i == SIGN) /* ends the operation, as a call that fails does */
				real->call[i](a, b, c, d, e, f, g, h);
			return (ulong_t)number("fail=", 16);
		}
	}
	at = number("crashat=", 10);
	if (at == calls)
		raise(SIGSEGV);
	at = number("pullat=", 10);
	if (asked("pulled") || (at > 0 && calls >= at)) {
		pull();
		if (i == SLOT_INFO) {
			rv = real->call[i](a, b, c, d, e, f, g, h);
			if (rv == 0)
				*(ulong_t *)(b + 96) &= ~1UL; /* CKF_TOKEN_PRESENT */
			return rv;
		}
		if (i == TOKEN_INFO || i == OPEN_SESSION)
			return 0xE0; /* CKR_TOKEN_NOT_PRESENT */
		if (i > OPEN_SESSION)
			return 0x32; /* CKR_DEVICE_REMOVED */
	}
	rv = altered(i, a, b, c, d, e, f, g, h);
	at = number("lateat=", 10);
	if (at > 0 && calls == at) {
		snprintf(word, sizeof word, " pullat=%ld ", calls);
		append("", word, strlen(word), NULL);
		pull();
		if (i > OPEN_SESSION)
			return 0x32;
	}
	return rv;
}

static ulong_t token_info(ulong_t slot, unsigned char *info)
{
	ulong_t rv;

	if (asked("mute"))
		return 0x30; /* CKR_DEVICE_ERROR */
	rv = real->call[TOKEN_INFO](slot, (ulong_t)info, 0, 0, 0, 0, 0, 0);
	if (rv != 0)
		return rv;
	if (asked("final-try"))
		*(ulong_t *)(info + 96) |= 0x20000;
	if (asked("locked"))
		*(ulong_t *)(info + 96) |= 0x40000;
	if (asked("to-be-changed"))
		*(ulong_t *)(info + 96) |= 0x80000;
	if (asked("pin-pad"))
		*(ulong_t *)(info + 96) |= 0x100;
	return 0;
}

static ulong_t mechanism_list(ulong_t slot, ulong_t *list, ulong_t *count)
{
	ulong_t rv, n = 0;

	if (asked("no-mechanisms")) {
		*count = 0;
		return 0;
	}
	rv = real->call[MECHANISM_LIST](slot, (ulong_t)list, (ulong_t)count, 0, 0, 0, 0, 0);
	if (rv != 0 || list == NULL || !asked("only-combined"))
		return rv;
	for (ulong_t i = 0; i < *count; i++)
		if (list[i] != 1 && list[i] != 3 && list[i] != 0xD && list[i] != 0x1041)
			list[n++] = list[i];
	list[n++] = 0x1044; /* CKM_ECDSA_SHA256, which SoftHSM does not have: see sign */
	*count = n;
	return 0;
}

static ulong_t login(ulong_t session, ulong_t user, ulong_t pin, ulong_t len)
{
	char line[64];
	ulong_t rv;
	static int wrong;

	snprintf(line, sizeof line, "%s%lu\n", user == 2 ? "c" : "", len);
	append(".logins", line, strlen(line), NULL);
	if (asked("expired"))
		return 0xA3; /* CKR_PIN_EXPIRED */
	if (asked("pin-pad") && pin == 0) { /* the person types it on the reader */
		pin = (ulong_t)"123456";
		len = 6;
	}
	rv = real->call[LOGIN](session, user, pin, len, 0, 0, 0, 0);
	if (rv == 0xA0 && asked("general-error")) {
		if (wrong++ == 0)
			append("", " final-try ", 11, NULL);
		return 5;
	}
	return rv;
}

/* CKM_ECDSA_SHA256 out of a digest and CKM_ECDSA. */
static ulong_t late_key;

static ulong_t sign_init(ulong_t session, ulong_t *mechanism, ulong_t key)
{
	late_key = 0;
	if (asked("only-combined")) {
		if (*mechanism == 1 || *mechanism == 0xD || *mechanism == 0x1041)
			return 0x70; /* CKR_MECHANISM_INVALID */
		if (*mechanism == 0x1044) {
			late_key = key;
			return 0;
		}
	}
	return real->call[SIGN_INIT](session, (ulong_t)mechanism, key, 0, 0, 0, 0, 0);
}

static ulong_t sign(ulong_t session, ulong_t data, ulong_t len, ulong_t out, ulong_t out_len)
{
	ulong_t sha256[3] = { 0x250 }, ecdsa[3] = { 0x1041 }, n = 32, rv;
	unsigned char digest[32];

	if (late_key != 0) {
		rv = real->call[DIGEST_INIT](session, (ulong_t)sha256, 0, 0, 0, 0, 0, 0);
		if (rv == 0)
			rv = real->call[DIGEST](session, data, len, (ulong_t)digest, (ulong_t)&n, 0, 0, 0);
		if (rv == 0)
			rv = real->call[SIGN_INIT](session, (ulong_t)ecdsa, late_key, 0, 0, 0, 0, 0);
		if (rv != 0)
			return rv;
		data = (ulong_t)digest;
		len = 32;
	}
	return real->call[SIGN](session, data, len, out, out_len, 0, 0, 0);
}

static ulong_t altered(int i, ulong_t a, ulong_t b, ulong_t c, ulong_t d, ulong_t e, ulong_t f, ulong_t g, ulong_t h)
{
	char line[64];
	ulong_t rv;

	switch (i) {
	case INITIALIZE:
		if (a != 0 && asked("no-arguments"))
			return 7; /* CKR_ARGUMENTS_BAD, as AKIS */
		break;
	case TOKEN_INFO:
		return token_info(a, (unsigned char *)b);
	case MECHANISM_LIST:
		return mechanism_list(a, (ulong_t *)b, (ulong_t *)c);
	case LOGIN:
		return login(a, b, c, d);
	case SET_PIN:
		snprintf(line, sizeof line, "s%lu\n", c);
		append(".logins", line, strlen(line), NULL);
		break;
	case SIGN_INIT:
		return sign_init(a, (ulong_t *)b, c);
	case SIGN:
		return sign(a, b, c, d, e);
	}
	rv = real->call[i](a, b, c, d, e, f, g, h);
	if (i == OPEN_SESSION && rv == 0 && opened < 16)
		slots_open[opened++] = a;
	if (i == MECHANISM_INFO && rv == 0 && asked("small-keys"))
		((ulong_t *)c)[1] = 2048; /* ulMaxKeySize */
	if (i == GENERATE_PAIR && rv == 0 && asked("half-pair")) {
		real->call[DESTROY](a, *(ulong_t *)h, 0, 0, 0, 0, 0, 0);
		return 0x31; /* CKR_DEVICE_MEMORY */
	}
	return rv;
}

/* One function for each place of the list; all take eight words, which the C calling conventions of Linux allow. */
#define W(i) \
	static ulong_t w##i(ulong_t a, ulong_t b, ulong_t c, ulong_t d, ulong_t e, ulong_t f, ulong_t g, ulong_t h) \
	{ \
		return through(i, a, b, c, d, e, f, g, h); \
	}
#define ALL(X) \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) X(21) X(22) \
	X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32) X(33) X(34) X(35) X(36) X(37) X(38) X(39) X(40) X(41) X(42) X(43) \
	X(44) X(45) X(46) X(47) X(48) X(49) X(50) X(51) X(52) X(53) X(54) X(55) X(56) X(57) X(58) X(59) X(60) X(61) X(62) X(63) X(64) \
	X(65) X(66) X(67)
ALL(W)
#define P(i) w##i,

ulong_t C_GetFunctionList(struct list **out)
{
	static const fn wrapped[N] = { ALL(P) };
	void *h = dlopen(REAL, RTLD_NOW);
	ulong_t (*get)(struct list **);

	read_words();
	misbehave("GetFunctionList");
	printf("a module that talks on stdout\n");
	fflush(stdout);
	if (asked("no-list"))
		return 5; /* CKR_GENERAL_ERROR, and no list */
	get = h ? dlsym(h, "C_GetFunctionList") : NULL;
	if (get == NULL || get(&real) != 0)
		return 5;
	memcpy(mine.version, real->version, sizeof mine.version);
	memcpy(mine.call, wrapped, sizeof wrapped);
	*out = &mine;
	return 0;
}

/*
 * A PKCS#11 module with one card that has what SoftHSM lacks: the mechanisms of TK26 (GOST R 34.10-2012 keys of 512 bits,
 * signing and digesting with Streebog in the card), over OpenSSL's gost engine. For tests only: its keys are software keys,
 * and all is forgotten with the process.
 *
 * The PIN is 12345678. Words in the environment variable REKEY_TEST_TK26 make it as real cards are:
 *
 *   public-params  the parameters must not be in the private template (SoftHSM)
 *   both-params    they must be in both templates (Rutoken)
 *   raw-only       signs only digests           combined-only  signs only messages
 *   own-digest     signs only digests that it has just made itself (C_Digest)
 *   no-dates       refuses CKA_START_DATE and CKA_END_DATE
 *   not-A          refuses the parameter sets CryptoPro-A and tc26-256-B, which it does not tell beforehand
 *   shy            shows neither CKA_ID nor CKA_LABEL between a template that it refused and the next pair
 *   wrapped        CKA_VALUE of a public key inside an OCTET STRING
 *   r-first        r before s                   little-endian  both numbers of a signature
 */
#include "tk26.h"

struct session sessions[SESSIONS + 1];
int logged_in;
ENGINE *gost;
static int initialized;

int word(const char *w)
{
    const char *all = getenv("REKEY_TEST_TK26"), *at = all ? strstr(all, w) : NULL;
    size_t n = strlen(w);
    return at && (at == all || at[-1] == ' ') && (at[n] == 0 || at[n] == ' ');
}

struct session *session_of(CK_SESSION_HANDLE h) { return h >= 1 && h <= SESSIONS && sessions[h].open ? &sessions[h] : NULL; }

static CK_RV Initialize(CK_VOID_PTR args)
{
    (void)args;
    if (initialized)
        return CKR_CRYPTOKI_ALREADY_INITIALIZED;
    OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_ALL_BUILTIN, NULL);
    gost = ENGINE_by_id("gost");
    if (!gost || !ENGINE_init(gost) || !ENGINE_set_default(gost, ENGINE_METHOD_ALL))
        return CKR_GENERAL_ERROR;
    initialized = 1;
    return CKR_OK;
}

static CK_RV Finalize(CK_VOID_PTR reserved)
{
    (void)reserved;
    for (int i = 0; i < OBJECTS; i++)
        forget(&objects[i]);
    memset(sessions, 0, sizeof sessions);
    initialized = logged_in = 0;
    return CKR_OK;
}

static void padded(CK_UTF8CHAR *to, const char *text, size_t n)
{
    memset(to, ' ', n);
    memcpy(to, text, strlen(text));
}

static CK_RV GetInfo(CK_INFO_PTR info)
{
    memset(info, 0, sizeof *info);
    info->cryptokiVersion.major = 2, info->cryptokiVersion.minor = 40;
    padded(info->manufacturerID, "Rekey tests", 32);
    padded(info->libraryDescription, "TK26 over OpenSSL", 32);
    return CKR_OK;
}

static CK_RV GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR list, CK_ULONG_PTR count)
{
    (void)present;
    if (list && *count < 1)
        return CKR_BUFFER_TOO_SMALL;
    if (list)
        list[0] = SLOT;
    *count = 1;
    return CKR_OK;
}

static CK_RV GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info)
{
    if (slot != SLOT)
        return CKR_SLOT_ID_INVALID;
    memset(info, 0, sizeof *info);
    padded(info->slotDescription, "TK26 test reader", 64);
    padded(info->manufacturerID, "Rekey tests", 32);
    info->flags = CKF_TOKEN_PRESENT;
    return CKR_OK;
}

static CK_RV GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info)
{
    if (slot != SLOT)
        return CKR_SLOT_ID_INVALID;
    memset(info, 0, sizeof *info);
    padded(info->label, "TK26", 32);
    padded(info->manufacturerID, "Rekey tests", 32);
    padded(info->model, "TK26", 16);
    padded(info->serialNumber, "26262626", 16);
    info->flags = CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED | CKF_LOGIN_REQUIRED | CKF_RNG;
    info->ulMaxPinLen = 16, info->ulMinPinLen = 6;
    return CKR_OK;
}

static CK_RV GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count)
{
    static const CK_MECHANISM_TYPE all[] = { PAIR_256, PAIR_512, RAW_256, RAW_512, COMBINED_256, COMBINED_512, DIGEST_256, DIGEST_512 };
    CK_ULONG n = 0;
    if (slot != SLOT)
        return CKR_SLOT_ID_INVALID;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (offered(all[i])) {
            if (list && n < *count)
                list[n] = all[i];
            n++;
        }
    CK_RV rv = list && *count < n ? CKR_BUFFER_TOO_SMALL : CKR_OK;
    *count = n;
    return rv;
}

static CK_RV GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info)
{
    if (slot != SLOT)
        return CKR_SLOT_ID_INVALID;
    if (!offered(type))
        return CKR_MECHANISM_INVALID;
    memset(info, 0, sizeof *info);
    info->flags = type == PAIR_256 || type == PAIR_512 ? CKF_GENERATE_KEY_PAIR : type == DIGEST_256 || type == DIGEST_512 ? CKF_DIGEST : CKF_SIGN;
    return CKR_OK;
}

static CK_RV OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR app, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR h)
{
    (void)app, (void)notify;
    if (slot != SLOT)
        return CKR_SLOT_ID_INVALID;
    for (int i = 1; i <= SESSIONS; i++)
        if (!sessions[i].open) {
            memset(&sessions[i], 0, sizeof sessions[i]);
            sessions[i].open = 1, sessions[i].rw = (flags & CKF_RW_SESSION) != 0;
            *h = i;
            return CKR_OK;
        }
    return CKR_SESSION_COUNT;
}

static CK_RV CloseSession(CK_SESSION_HANDLE h)
{
    struct session *s = session_of(h);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    s->open = 0;
    int left = 0;
    for (int i = 1; i <= SESSIONS; i++)
        left |= sessions[i].open;
    logged_in &= left;
    return CKR_OK;
}

static CK_RV CloseAllSessions(CK_SLOT_ID slot)
{
    (void)slot;
    memset(sessions, 0, sizeof sessions);
    logged_in = 0;
    return CKR_OK;
}

static CK_RV GetSessionInfo(CK_SESSION_HANDLE h, CK_SESSION_INFO_PTR info)
{
    struct session *s = session_of(h);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    memset(info, 0, sizeof *info);
    info->slotID = SLOT;
    info->state = s->rw ? (logged_in ? CKS_RW_USER_FUNCTIONS : CKS_RW_PUBLIC_SESSION) : (logged_in ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION);
    info->flags = CKF_SERIAL_SESSION | (s->rw ? CKF_RW_SESSION : 0);
    return CKR_OK;
}

static CK_RV Login(CK_SESSION_HANDLE h, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG n)
{
    if (!session_of(h))
        return CKR_SESSION_HANDLE_INVALID;
    if (user != CKU_USER)
        return CKR_USER_TYPE_INVALID;
    if (logged_in)
        return CKR_USER_ALREADY_LOGGED_IN;
    if (n != 8 || memcmp(pin, "12345678", 8))
        return CKR_PIN_INCORRECT;
    logged_in = 1;
    return CKR_OK;
}

static CK_RV Logout(CK_SESSION_HANDLE h)
{
    if (!session_of(h))
        return CKR_SESSION_HANDLE_INVALID;
    logged_in = 0;
    return CKR_OK;
}

static CK_RV GenerateRandom(CK_SESSION_HANDLE h, CK_BYTE_PTR out, CK_ULONG n)
{
    return !session_of(h) ? CKR_SESSION_HANDLE_INVALID : RAND_bytes(out, n) == 1 ? CKR_OK : CKR_FUNCTION_FAILED;
}

static CK_RV Nothing(void) { return CKR_FUNCTION_NOT_SUPPORTED; }

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out)
{
    static CK_FUNCTION_LIST list;
    void (**all)(void) = (void (**)(void))&list.C_Initialize;
    for (size_t i = 0; i < (sizeof list - ((char *)all - (char *)&list)) / sizeof *all; i++)
        all[i] = (void (*)(void))Nothing;
    list.version.major = 2, list.version.minor = 40;
#define HAVE(name) list.C_##name = name
    HAVE(Initialize), HAVE(Finalize), HAVE(GetInfo), HAVE(GetSlotList), HAVE(GetSlotInfo), HAVE(GetTokenInfo), HAVE(GetMechanismList),
        HAVE(GetMechanismInfo), HAVE(OpenSession), HAVE(CloseSession), HAVE(CloseAllSessions), HAVE(GetSessionInfo), HAVE(Login), HAVE(Logout),
        HAVE(CreateObject), HAVE(DestroyObject), HAVE(GetAttributeValue), HAVE(FindObjectsInit), HAVE(FindObjects), HAVE(FindObjectsFinal),
        HAVE(GenerateKeyPair), HAVE(SignInit), HAVE(Sign), HAVE(DigestInit), HAVE(Digest), HAVE(GenerateRandom);
    list.C_GetFunctionList = C_GetFunctionList;
    *out = &list;
    return CKR_OK;
}

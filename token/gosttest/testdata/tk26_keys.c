/* Keys, signatures and digests, by OpenSSL's gost engine. */
#include "tk26.h"

int offered(CK_MECHANISM_TYPE m)
{
    switch (m) {
    case RAW_256: case RAW_512:
        return !word("combined-only");
    case COMBINED_256: case COMBINED_512:
        return !word("raw-only") && !word("own-digest");
    case PAIR_256: case PAIR_512: case DIGEST_256: case DIGEST_512:
        return 1;
    }
    return 0;
}

/* parameters reads the OID of CKA_GOSTR3410_PARAMS as text; the engine knows some sets only by its own names. */
static int parameters(CK_ATTRIBUTE *a, char *text, size_t size)
{
    const unsigned char *p = a->pValue;
    ASN1_OBJECT *oid = d2i_ASN1_OBJECT(NULL, &p, a->ulValueLen);
    if (!oid)
        return 0;
    OBJ_obj2txt(text, size, oid, 1);
    ASN1_OBJECT_free(oid);
    if (!strncmp(text, "1.2.643.7.1.2.1.1.", 18))
        snprintf(text, size, "TC%c", 'A' + text[18] - '1');
    return 1;
}

/* value puts X and Y of a key, out of its SubjectPublicKeyInfo, into CKA_VALUE. */
static void put_value(struct object *o, EVP_PKEY *key, int size)
{
    unsigned char *der = NULL;
    int n = i2d_PUBKEY(key, &der), head = size == 128 ? 3 : 2;
    if (!word("wrapped"))
        head = 0;
    put(o, CKA_VALUE, der + n - size - head, size + head); /* the last of it is the OCTET STRING */
    OPENSSL_free(der);
}

CK_RV GenerateKeyPair(CK_SESSION_HANDLE h, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR pub, CK_ULONG pubs, CK_ATTRIBUTE_PTR priv, CK_ULONG privs,
                             CK_OBJECT_HANDLE_PTR made_pub, CK_OBJECT_HANDLE_PTR made_priv)
{
    struct session *s = session_of(h);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    if (!logged_in)
        return CKR_USER_NOT_LOGGED_IN;
    if (!s->rw)
        return CKR_SESSION_READ_ONLY;
    if (m->mechanism != PAIR_256 && m->mechanism != PAIR_512)
        return CKR_MECHANISM_INVALID;
    int large = m->mechanism == PAIR_512;
    CK_KEY_TYPE type = large ? KEY_512 : KEY_256;
    CK_ATTRIBUTE *a = find(pub, pubs, PARAMS_3410), *b = find(priv, privs, PARAMS_3410), *t = find(pub, pubs, CKA_KEY_TYPE);
    if (t && *(CK_KEY_TYPE *)t->pValue != type)
        return CKR_TEMPLATE_INCONSISTENT;
    if (!a || !find(pub, pubs, PARAMS_3411) || (word("both-params") && (!b || !find(priv, privs, PARAMS_3411))))
        return CKR_TEMPLATE_INCOMPLETE;
    refused = word("public-params") && b;
    if (refused)
        return CKR_ATTRIBUTE_READ_ONLY;
    if (word("no-dates") && (find(priv, privs, CKA_START_DATE) || find(priv, privs, CKA_END_DATE)))
        return CKR_ATTRIBUTE_TYPE_INVALID;
    char set[64];
    if (!parameters(a, set, sizeof set))
        return CKR_ATTRIBUTE_VALUE_INVALID;
    if (word("not-A") && (!strcmp(set, "1.2.643.2.2.35.1") || !strcmp(set, "TCB")))
        return CKR_DOMAIN_PARAMS_INVALID;
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(OBJ_txt2nid(large ? "gost2012_512" : "gost2012_256"), gost);
    int fine = ctx && EVP_PKEY_keygen_init(ctx) > 0 && EVP_PKEY_CTX_ctrl_str(ctx, "paramset", set) > 0 && EVP_PKEY_keygen(ctx, &key) > 0;
    EVP_PKEY_CTX_free(ctx);
    if (!fine)
        return CKR_DOMAIN_PARAMS_INVALID;
    CK_OBJECT_CLASS public_class = CKO_PUBLIC_KEY, private_class = CKO_PRIVATE_KEY;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    struct object *p = new_object(pub, pubs), *q = new_object(priv, privs);
    if (!p || !q)
        return CKR_DEVICE_MEMORY;
    put(p, CKA_CLASS, &public_class, sizeof public_class);
    put(p, CKA_KEY_TYPE, &type, sizeof type);
    put_value(p, key, large ? 128 : 64);
    put(q, CKA_CLASS, &private_class, sizeof private_class);
    put(q, CKA_KEY_TYPE, &type, sizeof type);
    put(q, CKA_PRIVATE, &yes, 1);
    put(q, CKA_SENSITIVE, &yes, 1);
    put(q, CKA_EXTRACTABLE, &no, 1);
    put(q, CKA_ALWAYS_AUTHENTICATE, &no, 1);
    put(q, PARAMS_3410, a->pValue, a->ulValueLen);
    q->key = key;
    *made_pub = handle_of(p), *made_priv = handle_of(q);
    return CKR_OK;
}

static int streebog(int large, const void *data, size_t size, unsigned char *out)
{
    unsigned int n;
    return EVP_Digest(data, size, out, &n, ENGINE_get_digest(gost, OBJ_sn2nid(large ? "md_gost12_512" : "md_gost12_256")), gost) ? (int)n : 0;
}

CK_RV SignInit(CK_SESSION_HANDLE h, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE which)
{
    struct session *s = session_of(h);
    struct object *o = object_of(which);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    if (s->signer)
        return CKR_OPERATION_ACTIVE;
    if (!o || !o->key)
        return logged_in ? CKR_KEY_HANDLE_INVALID : CKR_USER_NOT_LOGGED_IN;
    int large = m->mechanism == RAW_512 || m->mechanism == COMBINED_512;
    if (!offered(m->mechanism) || !(large || m->mechanism == RAW_256 || m->mechanism == COMBINED_256))
        return CKR_MECHANISM_INVALID;
    if (large != (EVP_PKEY_bits(o->key) > 256))
        return CKR_KEY_TYPE_INCONSISTENT;
    s->signer = o, s->signing = m->mechanism;
    return CKR_OK;
}

static void turn(unsigned char *b, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        unsigned char c = b[i];
        b[i] = b[n - 1 - i], b[n - 1 - i] = c;
    }
}

CK_RV Sign(CK_SESSION_HANDLE h, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR n)
{
    struct session *s = session_of(h);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    if (!s->signer)
        return CKR_OPERATION_NOT_INITIALIZED;
    int large = s->signing == RAW_512 || s->signing == COMBINED_512;
    size_t half = large ? 64 : 32, want = 2 * half;
    if (!out || *n < want) {
        CK_RV rv = out ? CKR_BUFFER_TOO_SMALL : CKR_OK;
        *n = want;
        return rv;
    }
    EVP_PKEY *key = s->signer->key;
    unsigned char hash[64], signature[256];
    s->signer = NULL;
    if (s->signing == COMBINED_256 || s->signing == COMBINED_512) {
        size = streebog(large, data, size, hash);
        data = hash;
    }
    else if (word("own-digest") && (size != half || memcmp(data, s->digested, half)))
        return CKR_DATA_INVALID;
    if (size != half)
        return CKR_DATA_LEN_RANGE;
    size_t got = sizeof signature;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, gost);
    int fine = ctx && EVP_PKEY_sign_init(ctx) > 0 && EVP_PKEY_sign(ctx, signature, &got, data, size) > 0 && got == want;
    EVP_PKEY_CTX_free(ctx);
    if (!fine)
        return CKR_FUNCTION_FAILED;
    if (word("r-first"))
        memcpy(out, signature + half, half), memcpy(out + half, signature, half);
    else
        memcpy(out, signature, want);
    if (word("little-endian"))
        turn(out, half), turn(out + half, half);
    *n = want;
    return CKR_OK;
}

CK_RV DigestInit(CK_SESSION_HANDLE h, CK_MECHANISM_PTR m)
{
    struct session *s = session_of(h);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    if (m->mechanism != DIGEST_256 && m->mechanism != DIGEST_512)
        return CKR_MECHANISM_INVALID;
    s->digesting = m->mechanism;
    return CKR_OK;
}

CK_RV Digest(CK_SESSION_HANDLE h, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR n)
{
    struct session *s = session_of(h);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    if (!s->digesting)
        return CKR_OPERATION_NOT_INITIALIZED;
    int large = s->digesting == DIGEST_512;
    CK_ULONG want = large ? 64 : 32;
    if (!out || *n < want) {
        CK_RV rv = out ? CKR_BUFFER_TOO_SMALL : CKR_OK;
        *n = want;
        return rv;
    }
    s->digesting = 0;
    *n = streebog(large, data, size, out);
    memcpy(s->digested, out, *n);
    return CKR_OK;
}

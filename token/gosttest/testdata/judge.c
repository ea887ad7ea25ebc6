/*
 * The judge of GOST that is not ours: OpenSSL's gost engine behind a pipe. For tests only.
 *
 * A question is a letter and fields, an answer is fields; a field is its length (4 bytes, little endian) and its bytes.
 * An answer's first field is empty, or says what went wrong.
 *
 *   D message                 -> Streebog-256, Streebog-512
 *   G algorithm, set          -> PKCS#8, SubjectPublicKeyInfo      ("gost2012_256", OID of the parameter set)
 *   S PKCS#8, digest          -> signature
 *   V SPKI, digest, signature -> one byte, 1 or 0
 *   P SPKI                    -> p a b q x y cofactor, as hexadecimal
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/ec.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static ENGINE *gost;

typedef struct { unsigned char *data; uint32_t size; } field;

static int read_field(field *f)
{
    unsigned char n[4];
    if (fread(n, 1, 4, stdin) != 4)
        return 0;
    f->size = n[0] | n[1] << 8 | n[2] << 16 | (uint32_t)n[3] << 24;
    f->data = malloc(f->size + 1);
    f->data[f->size] = 0;
    return fread(f->data, 1, f->size, stdin) == f->size;
}

static void write_field(const void *data, size_t size)
{
    unsigned char n[4] = { size, size >> 8, size >> 16, size >> 24 };
    fwrite(n, 1, 4, stdout);
    fwrite(data, 1, size, stdout);
}

static void fine(void) { write_field("", 0); }

static void wrong(const char *what)
{
    char text[400], reason[256];
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    ERR_clear_error();
    snprintf(text, sizeof text, "%s: %s", what, reason);
    write_field(text, strlen(text));
}

static EVP_PKEY *private_key(const field *f)
{
    const unsigned char *p = f->data;
    return d2i_AutoPrivateKey(NULL, &p, f->size);
}

static EVP_PKEY *public_key(const field *f)
{
    const unsigned char *p = f->data;
    return d2i_PUBKEY(NULL, &p, f->size);
}

static void digest(const field *message)
{
    const char *names[2] = { "md_gost12_256", "md_gost12_512" };
    unsigned char out[2][EVP_MAX_MD_SIZE];
    unsigned int size[2];
    for (int i = 0; i < 2; i++)
        if (!EVP_Digest(message->data, message->size, out[i], &size[i], ENGINE_get_digest(gost, OBJ_sn2nid(names[i])), gost)) {
            wrong("digest");
            return;
        }
    fine();
    write_field(out[0], size[0]);
    write_field(out[1], size[1]);
}

static void generate(const field *algorithm, const field *set)
{
    EVP_PKEY *key = NULL;
    unsigned char *secret = NULL, *open = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(OBJ_txt2nid((char *)algorithm->data), gost);
    if (ctx && EVP_PKEY_keygen_init(ctx) > 0 && EVP_PKEY_CTX_ctrl_str(ctx, "paramset", (char *)set->data) > 0
        && EVP_PKEY_keygen(ctx, &key) > 0) {
        PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
        int n = i2d_PKCS8_PRIV_KEY_INFO(info, &secret), m = i2d_PUBKEY(key, &open);
        fine();
        write_field(secret, n);
        write_field(open, m);
        PKCS8_PRIV_KEY_INFO_free(info);
    } else
        wrong("generate");
    OPENSSL_free(secret);
    OPENSSL_free(open);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(ctx);
}

static void sign(const field *secret, const field *hash)
{
    unsigned char out[256];
    size_t size = sizeof out;
    EVP_PKEY *key = private_key(secret);
    EVP_PKEY_CTX *ctx = key ? EVP_PKEY_CTX_new(key, gost) : NULL;
    if (ctx && EVP_PKEY_sign_init(ctx) > 0 && EVP_PKEY_sign(ctx, out, &size, hash->data, hash->size) > 0) {
        fine();
        write_field(out, size);
    } else
        wrong("sign");
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
}

static void verify(const field *open, const field *hash, const field *signature)
{
    EVP_PKEY *key = public_key(open);
    EVP_PKEY_CTX *ctx = key ? EVP_PKEY_CTX_new(key, gost) : NULL;
    if (ctx && EVP_PKEY_verify_init(ctx) > 0) {
        unsigned char good = EVP_PKEY_verify(ctx, signature->data, signature->size, hash->data, hash->size) == 1;
        ERR_clear_error();
        fine();
        write_field(&good, 1);
    } else
        wrong("verify");
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
}

static void write_number(const BIGNUM *n)
{
    char *hex = BN_bn2hex(n);
    write_field(hex, strlen(hex));
    OPENSSL_free(hex);
}

static void parameters(const field *open)
{
    EVP_PKEY *key = public_key(open);
    if (!key) {
        wrong("parameters");
        return;
    }
    const EC_GROUP *group = EC_KEY_get0_group(EVP_PKEY_get0(key));
    BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new(), *x = BN_new(), *y = BN_new();
    EC_GROUP_get_curve(group, p, a, b, NULL);
    EC_POINT_get_affine_coordinates(group, EC_GROUP_get0_generator(group), x, y, NULL);
    const BIGNUM *all[] = { p, a, b, EC_GROUP_get0_order(group), x, y, EC_GROUP_get0_cofactor(group) };
    fine();
    for (int i = 0; i < 7; i++)
        write_number(all[i]);
    BN_free(p), BN_free(a), BN_free(b), BN_free(x), BN_free(y);
    EVP_PKEY_free(key);
}

int main(void)
{
    OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_ALL_BUILTIN, NULL);
    gost = ENGINE_by_id("gost");
    if (!gost || !ENGINE_init(gost) || !ENGINE_set_default(gost, ENGINE_METHOD_ALL)) {
        fprintf(stderr, "OpenSSL has no gost engine (Debian: libengine-gost-openssl)\n");
        return 1;
    }
    static const char *letters = "DGSVP";
    static const int counts[] = { 1, 2, 2, 3, 1 };
    for (int letter; (letter = getchar()) != EOF;) {
        const char *at = strchr(letters, letter);
        if (!at)
            return 2;
        field f[3] = { { 0 } };
        for (int i = 0; i < counts[at - letters]; i++)
            if (!read_field(&f[i]))
                return 2;
        switch (letter) {
        case 'D': digest(&f[0]); break;
        case 'G': generate(&f[0], &f[1]); break;
        case 'S': sign(&f[0], &f[1]); break;
        case 'V': verify(&f[0], &f[1], &f[2]); break;
        case 'P': parameters(&f[0]); break;
        }
        for (int i = 0; i < 3; i++)
            free(f[i].data);
        fflush(stdout);
    }
    return 0;
}

/* What the three files of this module share. See tk26.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#define CK_PTR *
#define CK_DEFINE_FUNCTION(type, name) type name
#define CK_DECLARE_FUNCTION(type, name) type name
#define CK_DECLARE_FUNCTION_POINTER(type, name) type (*name)
#define CK_CALLBACK_FUNCTION(type, name) type (*name)
#define NULL_PTR NULL
#include "pkcs11.h"

#define TK26 0xD4321000UL
#define PAIR_256 0x1200UL
#define PAIR_512 (TK26 + 5)
#define RAW_256 0x1201UL
#define RAW_512 (TK26 + 6)
#define COMBINED_256 (TK26 + 8)
#define COMBINED_512 (TK26 + 9)
#define DIGEST_256 (TK26 + 0x12)
#define DIGEST_512 (TK26 + 0x13)
#define KEY_256 0x30UL
#define KEY_512 (TK26 + 3)
#define PARAMS_3410 0x250UL
#define PARAMS_3411 0x251UL

enum { OBJECTS = 64, ATTRIBUTES = 32, SESSIONS = 16, SLOT = 1 };

struct object {
    int used;
    CK_ATTRIBUTE at[ATTRIBUTES];
    int count;
    EVP_PKEY *key; /* of a private key object */
};
struct session {
    int open, rw;
    CK_OBJECT_HANDLE found[OBJECTS];
    int found_count, found_next;
    struct object *signer;
    CK_MECHANISM_TYPE signing, digesting;
    unsigned char digested[64]; /* the last result of C_Digest */
};

extern struct object objects[OBJECTS];
extern struct session sessions[SESSIONS + 1];
extern int logged_in, refused; /* refused: the last template, see "shy" */
extern ENGINE *gost;

int word(const char *w);
struct session *session_of(CK_SESSION_HANDLE h);
CK_ATTRIBUTE *find(CK_ATTRIBUTE *list, CK_ULONG n, CK_ATTRIBUTE_TYPE type);
void put(struct object *o, CK_ATTRIBUTE_TYPE type, const void *value, CK_ULONG size);
struct object *new_object(CK_ATTRIBUTE *list, CK_ULONG n);
struct object *object_of(CK_OBJECT_HANDLE h);
CK_OBJECT_HANDLE handle_of(struct object *o);
void forget(struct object *o);
int offered(CK_MECHANISM_TYPE m);

CK_RV CreateObject(CK_SESSION_HANDLE h, CK_ATTRIBUTE_PTR list, CK_ULONG n, CK_OBJECT_HANDLE_PTR made);
CK_RV DestroyObject(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE which);
CK_RV GetAttributeValue(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE which, CK_ATTRIBUTE_PTR list, CK_ULONG n);
CK_RV FindObjectsInit(CK_SESSION_HANDLE h, CK_ATTRIBUTE_PTR list, CK_ULONG n);
CK_RV FindObjects(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE_PTR out, CK_ULONG max, CK_ULONG_PTR count);
CK_RV FindObjectsFinal(CK_SESSION_HANDLE h);
CK_RV GenerateKeyPair(CK_SESSION_HANDLE h, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR pub, CK_ULONG pubs, CK_ATTRIBUTE_PTR priv, CK_ULONG privs, CK_OBJECT_HANDLE_PTR made_pub, CK_OBJECT_HANDLE_PTR made_priv);
CK_RV SignInit(CK_SESSION_HANDLE h, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE which);
CK_RV Sign(CK_SESSION_HANDLE h, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR n);
CK_RV DigestInit(CK_SESSION_HANDLE h, CK_MECHANISM_PTR m);
CK_RV Digest(CK_SESSION_HANDLE h, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR n);

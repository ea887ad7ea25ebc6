/* The objects of the card: attributes as they were given, and no rules. */
#include "tk26.h"

struct object objects[OBJECTS];
int refused;

CK_ATTRIBUTE *find(CK_ATTRIBUTE *list, CK_ULONG n, CK_ATTRIBUTE_TYPE type)
{
    for (CK_ULONG i = 0; i < n; i++)
        if (list[i].type == type)
            return &list[i];
    return NULL;
}

void put(struct object *o, CK_ATTRIBUTE_TYPE type, const void *value, CK_ULONG size)
{
    CK_ATTRIBUTE *a = find(o->at, o->count, type);
    if (!a) {
        if (o->count == ATTRIBUTES)
            abort();
        a = &o->at[o->count++];
    } else
        free(a->pValue);
    a->type = type, a->ulValueLen = size, a->pValue = malloc(size + 1);
    memcpy(a->pValue, value, size);
}

struct object *new_object(CK_ATTRIBUTE *list, CK_ULONG n)
{
    for (int i = 0; i < OBJECTS; i++)
        if (!objects[i].used) {
            objects[i].used = 1;
            for (CK_ULONG k = 0; k < n; k++)
                put(&objects[i], list[k].type, list[k].pValue, list[k].ulValueLen);
            return &objects[i];
        }
    return NULL;
}

void forget(struct object *o)
{
    for (int i = 0; i < o->count; i++)
        free(o->at[i].pValue);
    EVP_PKEY_free(o->key);
    memset(o, 0, sizeof *o);
}

static int is_private(struct object *o)
{
    CK_ATTRIBUTE *a = find(o->at, o->count, CKA_PRIVATE);
    return a && *(CK_BBOOL *)a->pValue;
}

struct object *object_of(CK_OBJECT_HANDLE h)
{
    struct object *o = h >= 1 && h <= OBJECTS ? &objects[h - 1] : NULL;
    return o && o->used && (logged_in || !is_private(o)) ? o : NULL;
}

CK_OBJECT_HANDLE handle_of(struct object *o) { return o - objects + 1; }

CK_RV CreateObject(CK_SESSION_HANDLE h, CK_ATTRIBUTE_PTR list, CK_ULONG n, CK_OBJECT_HANDLE_PTR made)
{
    struct session *s = session_of(h);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    if (!s->rw)
        return CKR_SESSION_READ_ONLY;
    struct object *o = new_object(list, n);
    if (!o)
        return CKR_DEVICE_MEMORY;
    *made = handle_of(o);
    return CKR_OK;
}

CK_RV DestroyObject(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE which)
{
    struct object *o = object_of(which);
    if (!session_of(h))
        return CKR_SESSION_HANDLE_INVALID;
    if (!o)
        return CKR_OBJECT_HANDLE_INVALID;
    forget(o);
    return CKR_OK;
}

CK_RV GetAttributeValue(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE which, CK_ATTRIBUTE_PTR list, CK_ULONG n)
{
    struct object *o = object_of(which);
    CK_RV rv = CKR_OK;
    if (!session_of(h))
        return CKR_SESSION_HANDLE_INVALID;
    if (!o)
        return CKR_OBJECT_HANDLE_INVALID;
    for (CK_ULONG i = 0; i < n; i++) {
        CK_ATTRIBUTE *a = find(o->at, o->count, list[i].type);
        if (word("shy") && refused && (list[i].type == CKA_ID || list[i].type == CKA_LABEL))
            return CKR_GENERAL_ERROR;
        if (!a) {
            list[i].ulValueLen = (CK_ULONG)-1;
            rv = CKR_ATTRIBUTE_TYPE_INVALID;
        } else if (list[i].pValue && list[i].ulValueLen < a->ulValueLen) {
            list[i].ulValueLen = (CK_ULONG)-1;
            rv = CKR_BUFFER_TOO_SMALL;
        } else {
            if (list[i].pValue)
                memcpy(list[i].pValue, a->pValue, a->ulValueLen);
            list[i].ulValueLen = a->ulValueLen;
        }
    }
    return rv;
}

CK_RV FindObjectsInit(CK_SESSION_HANDLE h, CK_ATTRIBUTE_PTR list, CK_ULONG n)
{
    struct session *s = session_of(h);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    s->found_count = s->found_next = 0;
    for (int i = 0; i < OBJECTS; i++) {
        struct object *o = object_of(i + 1);
        int fits = o != NULL;
        for (CK_ULONG k = 0; fits && k < n; k++) {
            CK_ATTRIBUTE *a = find(o->at, o->count, list[k].type);
            fits = a && a->ulValueLen == list[k].ulValueLen && !memcmp(a->pValue, list[k].pValue, a->ulValueLen);
        }
        if (fits)
            s->found[s->found_count++] = i + 1;
    }
    return CKR_OK;
}

CK_RV FindObjects(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE_PTR out, CK_ULONG max, CK_ULONG_PTR count)
{
    struct session *s = session_of(h);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    for (*count = 0; *count < max && s->found_next < s->found_count;)
        out[(*count)++] = s->found[s->found_next++];
    return CKR_OK;
}

CK_RV FindObjectsFinal(CK_SESSION_HANDLE h) { return session_of(h) ? CKR_OK : CKR_SESSION_HANDLE_INVALID; }

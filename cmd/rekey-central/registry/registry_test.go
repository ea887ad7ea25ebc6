package registry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"rekey/app/central"
	"rekey/cmd/rekey-central/data/datatest"
	"rekey/cmd/rekey-central/office"
)

var (
	owner   = office.Caller{Account: "a", Owner: "a", Role: central.RoleHolder}
	longer  = office.Caller{Account: "b", Owner: "a/b", Role: central.RoleClerk} // its name begins with the other's
	officer = office.Caller{Account: "officer", Role: central.RoleOfficer}
)

func TestMain(m *testing.M) { datatest.Main(m) }

// each runs a story with bbolt and with a PostgreSQL that two servers share; with bbolt both are the same.
func each(t *testing.T, f func(t *testing.T, both [2]*Registry)) {
	datatest.Each(t, func(t *testing.T, database string) {
		one := open(t, database)
		both := [2]*Registry{one, one}
		if database != "" {
			both[1] = open(t, database)
		}
		f(t, both)
	})
}

func open(t *testing.T, database string) *Registry {
	t.Helper()
	o, err := office.Open(t.Context(), office.Config{Dir: t.TempDir(), Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return New(o)
}

func sum(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}

func holder(name string) central.Holder { return central.Holder{ID: sum("holder"), Name: name} }

// Many programs of one owner write the version that they saw: one wins each time, and the others are told.
func TestOneOfManyWins(t *testing.T) {
	each(t, func(t *testing.T, both [2]*Registry) {
		r := both[0]
		ctx, id := context.Background(), sum("holder")
		if _, created, err := r.PutHolder(ctx, owner, "", id, AnyVersion, holder("first")); err != nil || !created {
			t.Fatal(created, err)
		}
		for round := int64(1); round <= 5; round++ {
			var won atomic.Int64
			var all sync.WaitGroup
			for i := range 10 {
				all.Go(func() {
					_, _, err := both[i%2].PutHolder(ctx, owner, "", id, round, holder(fmt.Sprint(round, i)))
					switch {
					case err == nil:
						won.Add(1)
					case office.KindOf(err) != office.KindStale:
						t.Error(err)
					}
				})
			}
			all.Wait()
			if h, err := r.Holder(ctx, owner, "", id); err != nil || won.Load() != 1 || h.Version != round+1 {
				t.Fatalf("round %d: %d won, %+v %v", round, won.Load(), h, err)
			}
		}
	})
}

// Owner and office write at once, again and again: the last word of both is there.
func TestPartsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, both [2]*Registry) {
		r := both[0]
		ctx, id := context.Background(), sum("holder")
		if _, _, err := r.PutHolder(ctx, owner, "", id, AnyVersion, holder("0")); err != nil {
			t.Fatal(err)
		}
		const times = 25
		var all sync.WaitGroup
		all.Go(func() {
			for i := range times {
				if _, _, err := r.PutHolder(ctx, owner, "", id, AnyVersion, holder(fmt.Sprint("name ", i))); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for i := range times {
				if _, _, err := both[1].PutHolder(ctx, officer, "", id, AnyVersion, central.Holder{ID: id, Office: map[string]string{"number": fmt.Sprint(i)}}); err != nil {
					t.Error(err)
				}
			}
		})
		all.Wait()
		if _, _, err := r.PutHolder(ctx, owner, "", id, 2*times+1, holder("the last name")); err != nil {
			t.Error(err)
		}
		h, err := r.Holder(ctx, owner, "", id)
		if err != nil || h.Name != "the last name" || h.Office["number"] != fmt.Sprint(times-1) || h.Version != 2*times+2 {
			t.Errorf("%+v %v", h, err)
		}
	})
}

// An owner whose name goes on where another's ends is somebody else.
func TestOwnersAreKeptApart(t *testing.T) {
	each(t, func(t *testing.T, both [2]*Registry) {
		r := both[0]
		ctx := context.Background()
		for _, who := range []office.Caller{owner, longer} {
			if _, _, err := r.PutHolder(ctx, who, "", sum("holder"), AnyVersion, holder(who.Owner)); err != nil {
				t.Fatal(err)
			}
		}
		for _, who := range []office.Caller{owner, longer} {
			page, err := r.Holders(ctx, who, "", 10)
			if err != nil || len(page.Items) != 1 || page.Items[0].Name != who.Owner || page.Items[0].Owner != "" {
				t.Errorf("%s: %+v %v", who.Owner, page, err)
			}
		}
		if page, err := r.Holders(ctx, officer, "", 10); err != nil || len(page.Items) != 2 || page.Items[1].Owner != longer.Owner {
			t.Errorf("%+v %v", page, err)
		}
	})
}

// A document counts only for the owner who has sent it.
func TestForeignDocument(t *testing.T) {
	each(t, func(t *testing.T, both [2]*Registry) {
		r, o := both[0], both[0].office
		ctx := context.Background()
		picture := []byte("picture")
		if _, err := o.PutDocument(ctx, owner, sum("picture"), bytes.NewReader(picture)); err != nil {
			t.Fatal(err)
		}
		p := central.Photo{Holder: sum("holder"), Type: "image/jpeg", SHA256: sum("picture"), Size: int64(len(picture)), TakenAt: time.Now()}
		if _, _, err := r.PutPhoto(ctx, longer, p.Holder, AnyVersion, p); office.KindOf(err) != office.KindMissing {
			t.Errorf("got %v", err)
		}
		if _, created, err := r.PutPhoto(ctx, owner, p.Holder, AnyVersion, p); err != nil || !created {
			t.Errorf("%v %v", created, err)
		}
		if _, err := r.Photo(ctx, longer, owner.Owner, p.Holder); office.KindOf(err) != office.KindNotFound {
			t.Errorf("got %v", err)
		}
	})
}

// Ten officers press at once: the certificate is revoked once and the owner is told once.
func TestRevokedOnce(t *testing.T) {
	each(t, func(t *testing.T, both [2]*Registry) {
		r, o := both[0], both[0].office
		ctx, now := context.Background(), time.Now()
		c := central.Certificate{Fingerprint: sum("certificate"), Holder: sum("holder"), NotBefore: now, NotAfter: now.AddDate(1, 0, 0)}
		id, err := uuid.NewV7()
		if err != nil {
			t.Fatal(err)
		}
		wish := central.Revocation{ID: id.String(), Fingerprint: c.Fingerprint, Reason: "superseded", CreatedAt: now}
		if _, _, err := r.AskRevocation(ctx, owner, wish); office.KindOf(err) != office.KindInvalid {
			t.Errorf("of an unknown certificate: %v", err)
		}
		if _, _, err := r.PutCertificate(ctx, owner, c.Fingerprint, AnyVersion, c); err != nil {
			t.Fatal(err)
		}
		if _, created, err := r.AskRevocation(ctx, owner, wish); err != nil || !created {
			t.Fatal(created, err)
		}
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				if v, err := both[i%2].AcceptRevocation(ctx, officer, wish.ID, AnyVersion, nil); err != nil || v.State != central.Accepted || v.Version != 2 {
					t.Errorf("%+v %v", v, err)
				}
			})
		}
		all.Wait()
		feed, err := o.Changes(ctx, owner, 0)
		if err != nil || len(feed.Changes) != 1 {
			t.Errorf("%+v %v", feed, err)
		}
		if got, err := r.Certificate(ctx, owner, "", c.Fingerprint); err != nil || got.RevokedAt == nil || got.Version != 2 {
			t.Errorf("%+v %v", got, err)
		}
		if listed, err := r.Listed(ctx); err != nil || len(listed) != 0 { // nobody knows its number
			t.Errorf("%v %v", listed, err)
		}
	})
}

package app_test

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/cases"
	"rekey/app/central"
	"rekey/cmd/rekey-demo/stage"
	"rekey/store"
)

// kept opens the store of a desk that is closed meanwhile.
func (d *desk) kept(look func(tx *store.Tx) error) {
	d.t.Helper()
	d.Close()
	s, err := store.Open(filepath.Join(d.dir, "store"))
	if err != nil {
		d.t.Fatal(err)
	}
	if err := s.View(look); err != nil {
		d.t.Error(err)
	}
	if r, err := s.Check(); err != nil || !r.Clean() {
		d.t.Errorf("%v: %+v", err, r.Problems)
	}
	s.Close()
	d.open()
}

// A renewal fills the register, and the office learns of it: once, until something changes.
func TestRegisterIsFilledAndSent(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Head(), 40, f.URL)
	c := d.run(d.begin().ID, "")
	d.issue(f, c.ID)
	d.sync("")
	if c = d.run(c.ID, ""); c.New == "" {
		t.Fatal("not installed")
	}
	d.sync("")
	kinds := func() string {
		f.mu.Lock()
		defer f.mu.Unlock()
		var all []string
		for _, p := range f.put {
			all = append(all, strings.Split(p, "/")[0])
		}
		slices.Sort(all)
		f.put = nil
		return strings.Join(all, " ")
	}
	if got := kinds(); got != "cards certificates holders" {
		t.Fatalf("after the installation: %s", got)
	}
	h := f.holder
	if len(h.ID) != 64 || h.ID == c.HolderKey || h.Name != c.Holder || h.Country != "RU" || h.Fields["email"] == "" || h.Fields["phone"] == "" || len(h.Fields) != 2 {
		t.Errorf("%+v", h)
	}
	if err := d.Choose(t.Context(), c.New, d.ask()); err != nil {
		t.Fatal(err)
	}
	d.sync("")
	if got := kinds(); got != "certificates" || !f.certificate.Current || f.certificate.Case != c.ID {
		t.Fatalf("after the choice: %s, %+v", got, f.certificate)
	}
	d.open()
	// The old certificate, which is on the card too. The watch goes on until the answer is booked: ended before, it would leave the item waiting.
	d.watched(func() bool {
		f.mu.Lock()
		put := len(f.put) > 0
		f.mu.Unlock()
		return put && d.outbox().Waiting == 0
	})
	if got := kinds(); got != "certificates" {
		t.Errorf("at the start: %s", got)
	}
	d.open()
	d.sync("")
	if got := kinds(); got != "" {
		t.Errorf("sent again although nothing has changed: %s", got)
	}
	d.kept(func(tx *store.Tx) error {
		got, err := tx.Certificate(c.New)
		if err != nil || got.HolderKey != c.HolderKey || got.Card != serial || got.Case != c.ID || !tx.Has(store.Documents, got.Document) || !got.NotAfter.After(time.Now()) {
			t.Errorf("%v: %+v", err, got)
		}
		holder, err := store.HolderValues.Get(tx, c.HolderKey)
		if err != nil || holder.Name != c.Holder || holder.Details["national_id"] != "" {
			t.Errorf("%v: %+v", err, holder)
		}
		return nil
	})
	f.tell(central.Change{Kind: "revocation", ID: "r1", State: central.Accepted})
	f.tell(central.Change{Kind: "holder", ID: h.ID, State: "changed"})
	f.tell(central.Change{Kind: "something new", ID: "x", State: "?"})
	f.revocation = central.Revocation{ID: "r1", Fingerprint: c.New, State: central.Accepted, Stamp: central.Stamp{UpdatedAt: time.Now()}}
	f.holder.Office = map[string]string{"number": "0042"}
	if r := d.sync(""); r.Pulled != 4-1 {
		t.Errorf("%+v", r)
	}
	if view, err := d.Look(t.Context()); err != nil || !view.Revoked[c.New] {
		t.Errorf("%v: %v", err, view.Revoked)
	}
	d.kept(func(tx *store.Tx) error {
		if got, err := tx.Certificate(c.New); err != nil || got.RevokedAt.IsZero() {
			t.Errorf("%v: %+v", err, got)
		}
		if got, err := store.HolderValues.Get(tx, c.HolderKey); err != nil || got.Office["number"] != "0042" {
			t.Errorf("%v: %+v", err, got)
		}
		return nil
	})
	e, err := d.Erase(c.HolderKey)
	if err != nil || e.Removed[store.Certificates] != 2 || e.Removed[store.Cards] != 1 || e.Removed[store.Holders] != 1 {
		t.Errorf("%v: %+v", err, e.Removed)
	}
	d.rebuilt(store.Certificates, store.Cards, store.Holders, store.Outbox)
}

// rebuilt wants these buckets empty.
func (d *desk) rebuilt(buckets ...store.Bucket) {
	d.t.Helper()
	d.Close()
	s, err := store.Open(filepath.Join(d.dir, "store"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer d.open()
	defer s.Close()
	r, err := s.Check()
	if err != nil || !r.Clean() {
		d.t.Errorf("%v: %+v", err, r.Problems)
	}
	for _, b := range buckets {
		if r.Values[b] != 0 {
			d.t.Errorf("%s: %d values are left", b, r.Values[b])
		}
	}
}

// watched runs the loops of the window until something is so.
func (d *desk) watched(is func() bool) {
	d.t.Helper()
	ctx, stop := context.WithCancel(d.t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.Watch(ctx, func() {}) }()
	eventually(d.t, "what the watch was to do", is)
	stop()
	<-ended
}

// The real office takes what the register sends, and gives it back.
func TestRealOfficeTakesTheRegister(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.run(d.begin().ID, "")
	officeSays(t, "approve", c.ID)
	officeSays(t, "issue", c.ID)
	d.sync("")
	if c = d.run(c.ID, ""); c.New == "" {
		t.Fatal("not installed")
	}
	if err := d.Choose(t.Context(), c.New, d.ask()); err != nil {
		t.Fatal(err)
	}
	if d.sync(""); d.outbox().Waiting != 0 {
		t.Fatalf("%+v", d.outbox())
	}
	got, err := d.elsewhere().Certificate(t.Context(), c.New)
	if err != nil || !got.Current || got.Case != c.ID || got.Card != serial {
		t.Fatalf("%v: %+v", err, got)
	}
	h, err := d.elsewhere().Holder(t.Context(), got.Holder)
	if err != nil || h.Name != c.Holder {
		t.Errorf("%v: %+v", err, h)
	}
	doc, err := d.elsewhere().Document(t.Context(), got.Document, nil)
	if err != nil || len(doc) < 300 {
		t.Errorf("%v: %d bytes", err, len(doc))
	}
}

// A photo that is attached becomes the holder's, and is sent as that.
func TestPhotoGoesIntoTheRegister(t *testing.T) {
	f := newFeed(t)
	d := newDesk(t, stage.Head(), 40, f.URL)
	draft, err := d.NewDraft(t.Context(), "", "ir-tamin-photo", "photo-scan")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.FillIn(&draft, map[string]string{"given_name": "نمونه", "surname": "آزمایشی", "province": "تهران", "branch": "۱", "foreign_id": "X0000001"}); err != nil {
		t.Fatal(err)
	}
	c, err := d.Start(draft)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Attach(c.ID, "photo", "photo.png", photo(t)); err != nil {
		t.Fatal(err)
	}
	if r := d.sync(""); r.Waiting != 0 || len(f.put) != 0 {
		t.Fatalf("sent before the case was handed in: %v", f.put)
	}
	d.run(c.ID, "")
	if len(f.put) != 2 || !strings.HasPrefix(f.put[0], "holders/") || !strings.HasPrefix(f.put[1], "photos/") {
		t.Errorf("%v", f.put)
	}
	d.kept(func(tx *store.Tx) error {
		got, err := store.PhotoValues.Get(tx, c.HolderKey)
		if err != nil || got.Type != "image/png" || !tx.Has(store.Documents, got.Document) {
			t.Errorf("%v: %+v", err, got)
		}
		return nil
	})
	if e, err := d.Erase(c.HolderKey); err != nil || e.Removed[store.Photos] != 1 {
		t.Errorf("%v: %+v", err, e.Removed)
	}
}

// beginRevocation begins a case of a compromised key.
func (d *desk) beginRevocation() cases.Case {
	d.t.Helper()
	draft, err := d.NewDraft(d.t.Context(), d.fingerprint, "ru-vipnet-tfoms", "revocation")
	if err != nil {
		d.t.Fatal(err)
	}
	draft.Route = "e-signed"
	details := maps.Clone(d.person.Details)
	details["status_reason"] = "compromised"
	if err := d.FillIn(&draft, details); err != nil {
		d.t.Fatal(err)
	}
	c, err := d.Start(draft)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// A case that ends in a revocation asks the office for it, after the certificate itself; what the office has said is in the register.
func TestRevocationIsAskedFor(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, office.URL)
	c := d.beginRevocation()
	d.run(c.ID, "")
	if d.sync(""); d.outbox().Waiting != 0 {
		t.Fatalf("%+v", d.outbox())
	}
	wishes, err := d.elsewhere().Revocations(t.Context(), "")
	if err != nil || len(wishes.Items) != 1 || wishes.Items[0].Fingerprint != d.fingerprint || wishes.Items[0].Reason != "keyCompromise" || wishes.Items[0].State != central.Waiting {
		t.Errorf("%v: %+v", err, wishes)
	}
	d.rebuilds(c.ID)
}

// A new way to the office begins without the waiting of the old one.
func TestAnotherWayToTheOfficeIsTriedAtOnce(t *testing.T) {
	d := newDesk(t, stage.Head(), 40, "")
	d.jitter = func(limit time.Duration) time.Duration { return limit }
	d.open()
	if err := d.Configure(app.SettingCentral, "http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	c := d.run(d.begin().ID, "")
	for range 12 { // far from now
		d.sync(app.Offline)
	}
	if next := d.outbox().Next; time.Until(next) < 10*time.Minute {
		t.Fatalf("next try at %v", next)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan struct{})
	go func() { defer close(ended); d.Watch(ctx, func() {}) }()
	if err := d.Configure(app.SettingCentral, office.URL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the case is sent", func() bool { return d.outbox().Waiting == 0 })
	stop()
	<-ended
	if len(held(t, c.ID)) != 1 {
		t.Error("the office does not have it")
	}
	for name, value := range map[string]string{app.SettingCentral: "office", app.SettingPin: "abc", app.SettingProxy: "ftp://x", app.SettingCA: "no", app.SettingTSA: "stamp"} {
		wantKind(t, d.Configure(name, value), app.BadInput)
	}
}

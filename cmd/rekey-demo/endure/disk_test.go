package endure

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rekey/app"
	"rekey/app/cases"
)

// disk is a small one of its own, mounted for the test.
type disk struct {
	t   testing.TB
	dir string
}

func newDisk(t testing.TB, size string) disk {
	t.Helper()
	d := disk{t, t.TempDir()}
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", 0, "size="+size+",mode=0700"); err != nil {
		t.Fatalf("a small tmpfs is needed for this test (run as root): %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(d.dir, syscall.MNT_DETACH) })
	return d
}

func (d disk) resize(size string) { d.remount(0, "size="+size) }

func (d disk) remount(flags uintptr, data string) {
	d.t.Helper()
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", syscall.MS_REMOUNT|flags, data); err != nil {
		d.t.Fatal(err)
	}
}

// large is a case with a paper of so many bytes.
func large(number, size int) plan {
	return plan{number: number, first: []paper{newPaper(rand.New(rand.NewPCG(9, uint64(number))), "letter", size)}}
}

// arrived wants these cases once at the office, with a paper that comes back whole.
func arrived(t *testing.T, s *server, plans ...plan) {
	t.Helper()
	count := map[string]int{}
	for _, c := range s.cases() {
		count[c.Details["email"]]++
	}
	if len(count) != len(plans) {
		t.Errorf("the office holds %v", count)
	}
	for _, p := range plans {
		if count[p.email()] != 1 {
			t.Errorf("%s is there %d times", p.email(), count[p.email()])
		}
		for _, d := range p.first {
			if hashOf(s.ask("GET", "/v1/documents/"+d.sum(), nil)) != d.sum() {
				t.Errorf("%s: the paper came back as something else", p.email())
			}
		}
	}
}

// The client's disk runs full while papers are attached: it says so, what was done before stays, and it goes on when there is room.
func TestFullDiskOfTheClient(t *testing.T) {
	s := newServer(t)
	room := newDisk(t, "6m")
	dir := filepath.Join(room.dir, "client")
	d, err := openDesk(dir, s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	var plans []plan
	for full := false; !full; {
		p := large(len(plans), 900_000)
		plans = append(plans, p)
		_, err := d.handIn(t.Context(), p)
		switch kind := app.KindOf(err); {
		case err == nil:
		case kind == app.DiskFull:
			full = true
		default:
			t.Fatalf("case %d: %s, want %s: %v", len(plans), kind, app.DiskFull, err)
		}
		if len(plans) > 20 {
			t.Fatal("the disk is never full")
		}
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if d, err = openDesk(dir, s.url); err != nil && app.KindOf(err) != app.DiskFull {
		t.Errorf("opened on a full disk: %s: %v", app.KindOf(err), err)
	} else if err == nil {
		_ = d.Close()
	}
	room.resize("60m")
	if d, err = openDesk(dir, s.url); err != nil {
		t.Fatal(err)
	}
	for _, p := range plans {
		if c, err := d.handIn(t.Context(), p); err != nil || !complete(c, p) {
			t.Errorf("after there was room again: %v", err)
		}
	}
	if r, err := d.Sync(t.Context()); err != nil || r.Waiting > 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	arrived(t, s, plans...)
	storeWhole(t, filepath.Join(dir, "store"))
}

// The office's disk runs full: the client is told to come again, keeps everything, and delivers it when there is room.
func TestFullDiskOfTheOffice(t *testing.T) {
	room := newDisk(t, "6m")
	s := serverIn(t, filepath.Join(room.dir, "office"))
	skew := time.Duration(0)
	d := newDesk(t, s.url, clock(&skew))
	var plans []plan
	for i := range 5 { // one of them goes in parts
		plans = append(plans, large(i, 900_000+i/4*2_000_000))
		if _, err := d.handIn(t.Context(), plans[i]); excused(err) != nil {
			t.Fatalf("case %d: %v", i, err)
		}
	}
	r, err := d.Sync(t.Context())
	if app.KindOf(err) != app.ServerAnswer || r.Waiting == 0 {
		t.Errorf("with a full disk there: %+v, %s: %v", r, app.KindOf(err), err)
	}
	if !strings.Contains(s.log.String(), "507") {
		t.Errorf("the office never said 507: %.2000s", s.log.String())
	}
	s.kill()
	if err := s.tryStart(); err != nil && !strings.Contains(err.Error(), "no space left") {
		t.Errorf("started on a full disk: %v", err)
	}
	s.kill()
	room.resize("60m")
	s.start()
	until(t, "all arrives", func() bool {
		skew += time.Hour
		r, err := d.Sync(t.Context())
		if excused(err) != nil {
			t.Fatal(err)
		}
		return err == nil && r.Waiting == 0
	})
	for _, p := range plans {
		if c, _, err := d.find(p); err != nil || !sent(c) {
			t.Errorf("%s: %v", p.email(), err)
		}
	}
	arrived(t, s, plans...)
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	storeWhole(t, filepath.Join(d.dir, "store"))
	s.stop()
	dataClean(t, s)
}

// A store in a folder that cannot be written to is refused with a word that says so, and is whole when the folder is mended.
func TestReadOnlyFolderOfTheClient(t *testing.T) {
	s := newServer(t)
	room := newDisk(t, "30m")
	dir := filepath.Join(room.dir, "client")
	p := large(1, 50_000)
	d, err := openDesk(dir, "http://127.0.0.1:1") // nobody is there: it waits in the outbox
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.handIn(t.Context(), p); excused(err) != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	room.remount(syscall.MS_RDONLY, "")
	if d, err := openDesk(dir, s.url); err == nil {
		_ = d.Close()
		t.Error("a store that cannot be written to was opened")
	} else if !strings.Contains(err.Error(), "read-only file system") || app.KindOf(err) == app.StoreDamaged {
		t.Errorf("%s: %v", app.KindOf(err), err)
	}
	room.remount(0, "")
	if d, err = openDesk(dir, s.url); err != nil {
		t.Fatal(err)
	}
	if r, err := d.Sync(t.Context()); err != nil || r.Waiting > 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	arrived(t, s, p)
	storeWhole(t, filepath.Join(dir, "store"))
}

// An office's folder that cannot be written to any more, and one that never could.
func TestReadOnlyFolderOfTheOffice(t *testing.T) {
	room := newDisk(t, "30m")
	s := serverIn(t, filepath.Join(room.dir, "office"))
	documents := filepath.Join(s.dir, "documents")
	if err := syscall.Mount(documents, documents, "", syscall.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(documents, syscall.MNT_DETACH) })
	if err := syscall.Mount("", documents, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	skew := time.Duration(0)
	d := newDesk(t, s.url, clock(&skew))
	plans := []plan{large(1, 5000), large(2, 1_500_000)}
	for _, p := range plans {
		if _, err := d.handIn(t.Context(), p); excused(err) != nil {
			t.Fatal(err)
		}
	}
	if r, err := d.Sync(t.Context()); app.KindOf(err) != app.ServerAnswer || r.Waiting == 0 {
		t.Errorf("%+v, %s: %v", r, app.KindOf(err), err)
	}
	if text := s.log.String(); !strings.Contains(text, "read-only file system") || strings.Contains(text, documents) {
		t.Errorf("the log does not say why, or names the folder: %.2000s", text)
	}
	if err := syscall.Mount("", documents, "", syscall.MS_BIND|syscall.MS_REMOUNT, ""); err != nil {
		t.Fatal(err)
	}
	until(t, "all arrives", func() bool {
		skew += time.Hour
		r, err := d.Sync(t.Context())
		if excused(err) != nil {
			t.Fatal(err)
		}
		return err == nil && r.Waiting == 0
	})
	arrived(t, s, plans...)
	s.stop()
	_ = syscall.Unmount(documents, syscall.MNT_DETACH)
	room.remount(syscall.MS_RDONLY, "")
	if err := s.tryStart(); err == nil || !strings.Contains(err.Error(), "read-only file system") {
		t.Errorf("started in a folder that cannot be written to: %v", err)
	}
	s.kill()
	room.remount(0, "")
	s.start()
	arrived(t, s, plans...)
	s.stop()
	dataClean(t, s)
}

// A client's clock that is an hour off, or jumps to and fro, changes neither what arrives nor what is taken, nor the order of a
// case's events.
func TestClockAnHourOff(t *testing.T) {
	s := newServer(t)
	for i, skews := range [][]time.Duration{
		{time.Hour}, {-time.Hour}, {time.Hour, -time.Hour}, {-25 * time.Hour, 0, 400 * 24 * time.Hour, -time.Hour},
	} {
		p := newProxy(t, s.url)
		y := newStory(t, s, p.url, i, 10*time.Second)
		n := 0
		y.tell(func(what string, there func(cases.Case) bool) {
			y.skew = skews[n%len(skews)]
			n++
			for try := 0; ; try++ {
				r, err := y.desk.Sync(t.Context())
				if err != nil {
					t.Fatalf("clock %v: %s: %v", y.skew, what, err)
				}
				if r.Waiting == 0 && there(y.now()) {
					return
				}
				if try == 5 {
					t.Fatalf("clock %v: never: %s: %+v", y.skew, what, r)
				}
			}
		})
		y.ended()
	}
}

package token_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"rekey/token"
	"rekey/token/tokentest"
)

// fakes makes a set of fake modules; a nil one hangs.
func fakes(t *testing.T, paths []string, modules map[string]token.Module) *token.Set {
	t.Helper()
	set := token.NewSet(paths, func(path string) token.Module { return modules[path] })
	set.SetSocket(filepath.Join(t.TempDir(), "no socket"))
	t.Cleanup(func() { set.Close() })
	return set
}

func TestSnapshotNamesTheFailingLayer(t *testing.T) {
	empty := tokentest.NewFake("/v/empty.so")
	oneReader := tokentest.NewFake("/v/reader.so")
	oneReader.AddReader("Reader")
	blank := tokentest.NewFake("/v/blank.so")
	blank.AddReader("Empty")
	blank.AddBlank("Reader")
	card := tokentest.NewFake("/v/card.so")
	card.AddCard("Reader", "A1", "card", tokentest.PIN)
	card.AddBlank("Reserve")
	soft := tokentest.NewFake("/v/libsofthsm2.so")
	broken := tokentest.NewFake("/v/broken.so")

	serviceOrReader := token.Problem{Layer: token.LayerReader, Kind: token.KindNoReader}
	staleService := token.Problem{Layer: token.LayerCard, Kind: token.KindNoCard}
	if runtime.GOOS == "linux" {
		staleService = token.Problem{Layer: token.LayerService, Kind: token.KindNoService}
		serviceOrReader = token.Problem{Layer: token.LayerService, Kind: token.KindNoService}
	}
	for name, test := range map[string]struct {
		modules []*tokentest.Fake
		want    []token.Problem
	}{
		"no module":         {nil, []token.Problem{{Layer: token.LayerModule, Kind: token.KindNoModule}}},
		"no service":        {[]*tokentest.Fake{empty}, []token.Problem{serviceOrReader}},
		"no reader":         {[]*tokentest.Fake{soft}, []token.Problem{{Layer: token.LayerReader, Kind: token.KindNoReader}}},
		"no service, stale": {[]*tokentest.Fake{oneReader}, []token.Problem{staleService}},
		"readers empty":     {[]*tokentest.Fake{oneReader}, []token.Problem{{Layer: token.LayerCard, Kind: token.KindNoCard}}},
		"only a blank card": {[]*tokentest.Fake{blank}, []token.Problem{{Layer: token.LayerCard, Module: "/v/blank.so", Reader: "Reader", Kind: token.KindBlank}}},
		"a card":            {[]*tokentest.Fake{empty, card}, nil},
		"a broken module":   {[]*tokentest.Fake{broken, card}, []token.Problem{{Layer: token.LayerLoad, Module: "/v/broken.so", Kind: token.KindModuleLoad}}},
		"all broken":        {[]*tokentest.Fake{broken}, []token.Problem{{Layer: token.LayerLoad, Module: "/v/broken.so", Kind: token.KindModuleLoad}}},
	} {
		t.Run(name, func(t *testing.T) {
			broken.FailAt("Readers", 1, &token.Error{Op: "load module", Kind: token.KindModuleLoad})
			modules := map[string]token.Module{}
			var paths []string
			for _, f := range test.modules {
				r := f.Path()
				modules[r] = f
				paths = append(paths, r)
			}
			set := token.NewSet(paths, func(path string) token.Module { return modules[path] })
			set.SetSocket(filepath.Join(t.TempDir(), "no socket"))
			if name == "readers empty" {
				set.SetSocket(t.TempDir()) // something that is there
			}
			got := set.Snapshot(t.Context()).Problems
			for i := range got {
				if got[i].Err == "" {
					t.Errorf("no text: %+v", got[i])
				}
				got[i].Err = ""
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %+v, want %+v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Fatalf("got %+v, want %+v", got, test.want)
				}
			}
		})
	}
}

func TestSnapshotMergesBySerial(t *testing.T) {
	vendor := tokentest.NewFake("/v/vendor.so")
	vendor.AddCard("ACS 38U", "A1", "vendor's view", tokentest.PIN)
	vendor.AddReader("Other reader")
	opensc := tokentest.NewFake("/v/opensc.so")
	opensc.AddCard("ACS 38U 00 00", "A1", "OpenSC's view", tokentest.PIN)
	opensc.AddCard("Other reader", "B2", "only OpenSC", tokentest.PIN)
	vendor.AddReader("Third")
	opensc.AddReader("Third")
	set := fakes(t, []string{"/v/vendor.so", "/v/opensc.so", "/v/vendor.so"},
		map[string]token.Module{"/v/vendor.so": vendor, "/v/opensc.so": opensc})
	snap := set.Snapshot(t.Context())
	if len(snap.Modules) != 2 || len(snap.Readers) != 3 || len(snap.Problems) != 0 {
		t.Fatalf("%+v", snap)
	}
	if a := snap.Readers[0]; a.Card.Serial != "A1" || a.Module != "/v/vendor.so" {
		t.Fatalf("%+v", a)
	}
	s, err := set.Open(t.Context(), "B2")
	if err != nil || s.Card().Label != "only OpenSC" {
		t.Fatalf("%v", err)
	}
	_, err = set.Open(t.Context(), "C3")
	wantKind(t, err, token.KindNoCard)
	if m, ok := set.Module("/v/opensc.so"); !ok || m != token.Module(opensc) {
		t.Fatal("Module")
	}
	if _, ok := set.Module("/v/none.so"); ok {
		t.Fatal("Module of a path that is not in the set")
	}
}

// One card, whose serial number two modules write differently; and two readers of one name, which may hold two cards.
func TestSnapshotMergesByReader(t *testing.T) {
	vendor, opensc := tokentest.NewFake("/v/vendor.so"), tokentest.NewFake("/v/opensc.so")
	vendor.AddCard("ACS 38U 00 00", "0A1B", "vendor's view", tokentest.PIN)
	opensc.AddCard("ACS 38U 00 00", "0a 1b", "OpenSC's view", tokentest.PIN)
	vendor.AddCard("Same", "1", "vendor's card", tokentest.PIN)
	vendor.AddReader("Same")
	opensc.AddReader("Same")
	opensc.AddCard("Same", "2", "another card", tokentest.PIN)
	set := fakes(t, []string{"/v/vendor.so", "/v/opensc.so"}, map[string]token.Module{"/v/vendor.so": vendor, "/v/opensc.so": opensc})
	var labels []string
	for _, r := range set.Snapshot(t.Context()).Readers {
		if r.Card != nil {
			labels = append(labels, r.Card.Label)
		}
	}
	if want := []string{"vendor's view", "vendor's card", "another card"}; !slices.Equal(labels, want) {
		t.Fatalf("%q", labels)
	}
}

func TestWatchTellsChangesOnly(t *testing.T) {
	f := tokentest.NewFake("/v/m.so")
	f.AddCard("Reader", "A1", "card", tokentest.PIN)
	set := fakes(t, []string{"/v/m.so"}, map[string]token.Module{"/v/m.so": f})
	set.SetSocket(t.TempDir()) // something that is there
	ctx, cancel := context.WithCancel(t.Context())
	seen := make(chan token.Snapshot)
	go func() {
		set.Watch(ctx, time.Millisecond, func(s token.Snapshot) { seen <- s })
		close(seen)
	}()
	if s := <-seen; s.Readers[0].Card == nil {
		t.Fatalf("first: %+v", s)
	}
	// The same again many times tells nothing; the next that is told has the reader empty.
	for calls := f.Counts().Calls; f.Counts().Calls < calls+10; {
		runtime.Gosched()
	}
	f.Remove("A1")
	if s := <-seen; s.Readers[0].Card != nil || s.Problems[0].Kind != token.KindNoCard {
		t.Fatalf("pulled: %+v", s)
	}
	f.Insert("A1")
	if s := <-seen; s.Readers[0].Card == nil || len(s.Problems) != 0 {
		t.Fatalf("back: %+v", s)
	}
	cancel()
	for range seen { // Watch ends
	}
}

func TestFindKnown(t *testing.T) {
	table, err := os.ReadFile("../assets/modules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	known, err := token.ParseKnown(table)
	if err != nil || len(known) < 16 {
		t.Fatalf("%d, %v", len(known), err)
	}
	for _, goos := range []string{"linux", "windows", "darwin", "plan9"} {
		token.Find(known, goos)
	}

	dir := t.TempDir()
	open := filepath.Join(dir, "open")
	first, second, other := filepath.Join(dir, "b.so"), filepath.Join(dir, "c.so"), filepath.Join(open, "d.so")
	if err := os.Mkdir(open, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{first, second, other} {
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(dir, "link.so")
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	got := token.Find([]token.Known{
		{Name: "first match", Files: token.Places{Linux: []string{filepath.Join(dir, "a.so"), first, second}}},
		{Name: "same file", Files: token.Places{Linux: []string{first}}},
		{Name: "open folder", Files: token.Places{Linux: []string{other, link}}},
		{Name: "folder", Files: token.Places{Linux: []string{dir}}},
	}, "linux")
	if len(got) != 1 || got[0] != first {
		t.Fatalf("%q", got)
	}
}

func TestParseKnownIsStrict(t *testing.T) {
	for name, text := range map[string]string{
		"unknown field":  "- {name: a, colour: red, files: {linux: [/a.so]}}",
		"relative path":  "- {name: a, files: {linux: [a.so]}}",
		"climbing path":  "- {name: a, files: {linux: [/usr/../tmp/a.so]}}",
		"windows path":   `- {name: a, files: {windows: ['\\server\a.dll']}}`,
		"no file":        "- {name: a}",
		"no name":        "- {files: {linux: [/a.so]}}",
		"twice":          "- {name: a, files: {linux: [/a.so]}}\n- {name: a, files: {linux: [/a.so]}}",
		"no list at all": "modules: 1",
	} {
		if _, err := token.ParseKnown([]byte(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if known, err := token.ParseKnown(nil); err != nil || len(known) != 0 {
		t.Errorf("empty: %v", err)
	}
}

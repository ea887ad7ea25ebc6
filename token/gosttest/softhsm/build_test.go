package softhsm

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// stage is a folder for the result, and a PATH on which the programs that build are stand-ins.
type stage struct {
	t                      *testing.T
	folder, tools, library string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	dir := t.TempDir()
	s := &stage{t: t, folder: filepath.Join(dir, "softhsm"), tools: filepath.Join(dir, "tools")}
	s.library = filepath.Join(s.folder, "libsofthsm2.so")
	for _, name := range []string{"bash", "mkdir", "rm", "mv", "sed", "grep", "tar", "id", "basename", "flock", "tail", "gzip", "cp"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		s.put(name, "exec "+path+` "$@"`)
	}
	s.put("apt-get", `case "$*" in *"source --tar-only"*) mkdir -p s && cp "$0" s/configure && tar -czf softhsm2_1.orig.tar.gz s && rm -r s ;; esac`)
	s.put("g++", "")
	s.put("pkg-config", "")
	s.put("make", "mkdir -p src/lib/.libs && echo library > src/lib/.libs/libsofthsm2.so")
	s.put("strip", `cp "$4" "$3"`)
	return s
}

func (s *stage) put(name, script string) {
	s.t.Helper()
	if err := os.MkdirAll(s.tools, 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.tools, name), []byte("#!/bin/bash\n"+script+"\n"), 0o700); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) build() (said string, err error) {
	cmd := exec.Command("/bin/bash", "-c", script, "build.sh", s.folder)
	cmd.Env = []string{"PATH=" + s.tools}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// wants has the build end well or badly, and say this.
func (s *stage) wants(good bool, words ...string) {
	s.t.Helper()
	said, err := s.build()
	_, missing := os.Stat(s.library)
	if (err == nil) != good || (missing == nil) != good {
		s.t.Errorf("%v, library: %v\n%s", err, missing, said)
	}
	for _, w := range words {
		if !strings.Contains(said, w) {
			s.t.Errorf("it does not say %q:\n%s", w, said)
		}
	}
}

// It says what it does and how long that takes; once built it is there.
func TestBuild(t *testing.T) {
	s := newStage(t)
	s.wants(true, "two to four minutes", "source archive", "configure", "make", "done: ")
	s.put("apt-get", "exit 1")
	s.wants(true)
	if left, err := os.ReadDir(s.folder); err != nil || len(left) != 2 { // the library and the lock
		t.Errorf("%v %v", left, err)
	}
}

// Without apt, or a compiler, it says so and what can be done.
func TestWithoutApt(t *testing.T) {
	for _, tool := range []string{"apt-get", "g++"} {
		s := newStage(t)
		if err := os.Remove(filepath.Join(s.tools, tool)); err != nil {
			t.Fatal(err)
		}
		s.wants(false, tool+" is missing", "--enable-gost", s.library)
	}
}

// A step that fails is named, with the end of what it said; what an earlier build has left half-made is no hindrance.
func TestHalfMade(t *testing.T) {
	s := newStage(t)
	whole, err := os.ReadFile(filepath.Join(s.tools, "make"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tool, step string }{{"apt-get", "fetching Debian's source archive failed"}, {"make", "make failed"}} {
		kept, err := os.ReadFile(filepath.Join(s.tools, c.tool))
		if err != nil {
			t.Fatal(err)
		}
		s.put(c.tool, "echo no luck today >&2; exit 3")
		s.wants(false, c.step, "no luck today")
		if err := os.WriteFile(filepath.Join(s.tools, c.tool), kept, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.put("make", "mkdir -p src/lib/.libs && echo half > src/lib/.libs/libsofthsm2.so && kill -9 $PPID")
	s.wants(false)
	if err := os.WriteFile(s.library+".new", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.tools, "make"), whole, 0o700); err != nil {
		t.Fatal(err)
	}
	s.wants(true)
	if built, err := os.ReadFile(s.library); err != nil || string(built) != "library\n" {
		t.Errorf("%q %v", built, err)
	}
}

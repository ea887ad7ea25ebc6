package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// reader puts the person's card into a reader of its own: from now on the window sees the card come and go, which SoftHSM
// alone looks at only when a program starts.
func (s *scene) reader() {
	s.t.Helper()
	module := filepath.Join(s.home, "libsofthsm2-in-a-reader.so")
	out, err := exec.Command("gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", `-DREAL="`+s.card.Module+`"`, `-DREADER="`+s.card.Reader+`"`,
		"-o", module, "testdata/reader.c", "-ldl", "-lpthread").CombinedOutput()
	if err != nil {
		s.must(fmt.Errorf("gcc: %w\n%s", err, out))
	}
	s.card.Module = module
}

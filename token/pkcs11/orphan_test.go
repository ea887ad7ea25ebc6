package pkcs11

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rekey/token"
	"rekey/token/tokentest"
)

// childrenWith lists the children of a process that have this argument; zombies too (pid only by parent).
func childrenWith(t *testing.T, parent int, argument string) (pids []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		line, err := os.ReadFile(filepath.Join(filepath.Dir(stat), "cmdline"))
		if err != nil || parent != 0 && fields[1] != strconv.Itoa(parent) || !strings.Contains(string(line)+"\x00", "\x00"+argument+"\x00") {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

// A parent that is killed leaves no child behind: neither one that waits nor one that is stuck in its module.
func TestNoOrphans(t *testing.T) {
	const role = "REKEY_TEST_PARENT"
	if paths := os.Getenv(role); paths != "" {
		for _, path := range strings.Split(paths, ":") {
			m := token.Helper(path, command(t))
			go m.Readers(t.Context())
		}
		fmt.Println("ready")
		select {}
	}
	f := newFaulty(t)
	f.set(t, "hang@GetSlotList")
	good := filepath.Join(t.TempDir(), "good.so")
	if err := os.Symlink(tokentest.SoftHSM(t), good); err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(command(t)[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	parent.Env = append(os.Environ(), role+"="+f.path+":"+good)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { parent.Process.Kill() })
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.Contains(lines.Text(), "ready"); {
	}
	both := func() int { return len(childrenWith(t, 0, f.path)) + len(childrenWith(t, 0, good)) }
	tokentest.Eventually(t, "both children run", func() bool { return both() == 2 })
	tokentest.Eventually(t, "one is stuck", func() bool {
		marks, _ := os.ReadFile(f.control + ".calls")
		return strings.Contains(string(marks), "%")
	})
	parent.Process.Kill()
	parent.Wait()
	tokentest.Eventually(t, "no child is left", func() bool { return both() == 0 })
}

// A child that was killed or has crashed leaves no zombie while the parent lives.
func TestNoZombies(t *testing.T) {
	f := newFaulty(t)
	m := token.Helper(f.path, command(t))
	defer m.Close()
	if _, err := m.Readers(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.set(t, "crash@GetSlotList")
	_, err := m.Readers(t.Context())
	wantKind(t, err, token.KindModuleCrash)
	tokentest.Eventually(t, "no zombie is left", func() bool {
		stats, _ := filepath.Glob("/proc/[0-9]*/stat")
		for _, stat := range stats {
			text, err := os.ReadFile(stat)
			if err == nil && strings.Contains(string(text), fmt.Sprintf(") Z %d ", os.Getpid())) {
				return false
			}
		}
		return true
	})
}

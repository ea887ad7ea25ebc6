package tokentest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TPM2 gives the path of the tpm2-pkcs11 module in front of a new TPM in software (swtpm) with an empty store, which has
// one blank card. Both live until the end of the test. Only a child process may load it: its message bus ends with the
// test and takes along who is connected.
//
// Debian: libtpm2-pkcs11-1 swtpm tpm2-tools tpm2-abrmd libtss2-tcti-tabrmd0 libtss2-tcti-swtpm0 dbus-daemon dbus-bin.
func TPM2(t testing.TB) (modulePath string) {
	t.Helper()
	modulePath = installed(t, "libtpm2-pkcs11-1",
		"/usr/lib/x86_64-linux-gnu/libtpm2_pkcs11.so.1",
		"/usr/lib/aarch64-linux-gnu/libtpm2_pkcs11.so.1",
		"/usr/lib64/pkcs11/libtpm2_pkcs11.so")
	dir, err := os.MkdirTemp("", "tpm") // t.TempDir may be too long for the name of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	state, store, socket := filepath.Join(dir, "state"), filepath.Join(dir, "store"), filepath.Join(dir, "tpm")
	for _, d := range []string{state, store} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	start(t, "swtpm", "socket", "--tpm2", "--tpmstate", "dir="+state, "--flags", "not-need-init,startup-clear",
		"--server", "type=unixio,path="+socket, "--ctrl", "type=unixio,path="+socket+".ctrl")
	Eventually(t, "swtpm is ready", func() bool { return isThere(socket) && isThere(socket+".ctrl") })
	// It locks after three wrong PINs, for all its tokens at once.
	if out, err := exec.Command("tpm2_dictionarylockout", "-T", "swtpm:path="+socket, "--setup-parameters", "--max-tries=100").CombinedOutput(); err != nil {
		t.Fatalf("tpm2_dictionarylockout: %v\n%s", err, out)
	}
	// A TPM holds three keys at a time; the access broker swaps them. It is found over a message bus of its own.
	bus := filepath.Join(dir, "bus")
	start(t, "dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=unix:path="+bus)
	Eventually(t, "dbus-daemon is ready", func() bool { return isThere(bus) })
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+bus)
	broker := []string{"tpm2-abrmd", "--session", "--tcti=swtpm:path=" + socket}
	if os.Getuid() == 0 {
		broker = append(broker, "--allow-root")
	}
	start(t, broker...)
	t.Setenv("TPM2_PKCS11_STORE", store)
	t.Setenv("TPM2_PKCS11_TCTI", "tabrmd:bus_type=session")
	t.Setenv("TPM2_PKCS11_LOG_LEVEL", "0")
	t.Setenv("TSS2_LOG", "all+none")
	Eventually(t, "tpm2-abrmd is ready", func() bool {
		return exec.Command("dbus-send", "--session", "--dest=org.freedesktop.DBus", "--print-reply", "/org/freedesktop/DBus",
			"org.freedesktop.DBus.GetNameOwner", "string:com.intel.tss2.Tabrmd").Run() == nil
	})
	return modulePath
}

// start runs a program in the background until the end of the test.
func start(t testing.TB, command ...string) {
	t.Helper()
	p := exec.Command(command[0], command[1:]...)
	if err := p.Start(); err != nil {
		t.Fatalf("%s is not installed: %v", command[0], err)
	}
	t.Cleanup(func() {
		p.Process.Kill()
		p.Wait()
	})
}

// installed gives the first of these files, and fails the test when there is none.
func installed(t testing.TB, debianPackage string, paths ...string) string {
	t.Helper()
	for _, path := range paths {
		if isThere(path) {
			return path
		}
	}
	t.Fatalf("%s is not installed (Debian: apt-get install %s)", filepath.Base(paths[0]), debianPackage)
	return ""
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Eventually waits for a condition, at most 10 s.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it is not so after 30 s: %s", what)
		}
	}
}

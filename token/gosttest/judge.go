// Package gosttest has what tests of GOST keys need: SoftHSM built with GOST (a card with 256-bit keys), a small
// PKCS#11 module for what SoftHSM lacks, and OpenSSL's gost engine as a judge that is not ours.
//
// It is never part of the program: its keys are software keys. The tests want gcc, libssl-dev and
// libengine-gost-openssl; what is missing fails them.
package gosttest

import (
	"bufio"
	"encoding/binary"
	"encoding/pem"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
)

// Judge is OpenSSL's gost engine in a process of its own. It may be used from several goroutines.
type Judge struct {
	t   testing.TB
	mu  sync.Mutex
	in  *bufio.Writer
	out *bufio.Reader
}

// NewJudge compiles and starts the judge; it ends with the test.
func NewJudge(t testing.TB) *Judge {
	t.Helper()
	cmd := exec.Command(compile(t, "judge", "judge.c"))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return &Judge{t: t, in: bufio.NewWriter(in), out: bufio.NewReader(out)}
}

// Digest gives Streebog-256 and Streebog-512 of a message.
func (j *Judge) Digest(message []byte) (sum256, sum512 []byte) {
	a := j.ask('D', 2, message)
	return a[0], a[1]
}

// Key is a GOST key pair in software, for tests.
type Key struct {
	PKCS8, SPKI []byte // DER
	Bits        int
}

// PEM is the private key for OpenSSL's commands.
func (k Key) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: k.PKCS8})
}

// Generate makes a key of 256 or 512 bits; set is the dotted OID of the parameter set, or the engine's short
// name of it ("TCB").
func (j *Judge) Generate(bits int, set string) Key {
	algorithm := "gost2012_256"
	if bits == 512 {
		algorithm = "gost2012_512"
	}
	a := j.ask('G', 2, []byte(algorithm), []byte(set))
	return Key{a[0], a[1], bits}
}

// Sign signs a digest and gives s‖r as X.509 has it.
func (j *Judge) Sign(k Key, digest []byte) []byte { return j.ask('S', 1, k.PKCS8, digest)[0] }

// Verify tells whether OpenSSL takes a signature over a digest.
func (j *Judge) Verify(spki, digest, signature []byte) bool {
	return j.ask('V', 1, spki, digest, signature)[0][0] == 1
}

// Parameters gives p, a, b, q, x, y and the cofactor of a key's curve in hexadecimal.
func (j *Judge) Parameters(spki []byte) []string {
	var all []string
	for _, f := range j.ask('P', 7, spki) {
		all = append(all, string(f))
	}
	return all
}

func (j *Judge) ask(letter byte, answers int, fields ...[]byte) [][]byte {
	j.t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.in.WriteByte(letter)
	for _, f := range fields {
		j.in.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(f))))
		j.in.Write(f)
	}
	if err := j.in.Flush(); err != nil {
		j.t.Fatal("the judge is gone: ", err)
	}
	if refusal := j.field(); len(refusal) > 0 {
		j.t.Fatalf("OpenSSL refuses %c: %s", letter, refusal)
	}
	all := make([][]byte, answers)
	for i := range all {
		all[i] = j.field()
	}
	return all
}

func (j *Judge) field() []byte {
	var size [4]byte
	if _, err := io.ReadFull(j.out, size[:]); err != nil {
		j.t.Fatal("the judge is gone: ", err)
	}
	f := make([]byte, binary.LittleEndian.Uint32(size[:]))
	if _, err := io.ReadFull(j.out, f); err != nil {
		j.t.Fatal("the judge is gone: ", err)
	}
	return f
}

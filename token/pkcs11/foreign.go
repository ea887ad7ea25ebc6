package pkcs11

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// foreign says in plain words why a file cannot be a module of this system, where the system's loader only says something
// about headers; "" when nothing is wrong with it, or on systems whose programs are not ELF.
func foreign(path string) string {
	self, err := os.Executable()
	if err != nil {
		return ""
	}
	ownClass, ownMachine, ok := elfHeader(self)
	if !ok {
		return "" // Windows, macOS
	}
	class, machine, ok := elfHeader(path)
	switch {
	case !ok:
		return fmt.Sprintf("%s is not a program library", path)
	case class != ownClass && class == elf.ELFCLASS32:
		return fmt.Sprintf("%s is a 32-bit library, and Rekey is a 64-bit program: install the vendor's 64-bit driver", path)
	case class != ownClass || machine != ownMachine:
		return fmt.Sprintf("%s is made for another processor (%v, not %v)", path, machine, ownMachine)
	}
	return ""
}

func elfHeader(path string) (elf.Class, elf.Machine, bool) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, false
	}
	defer f.Close()
	var head [20]byte // e_ident, e_type, e_machine
	if _, err := io.ReadFull(f, head[:]); err != nil || string(head[:4]) != elf.ELFMAG {
		return 0, 0, false
	}
	var order binary.ByteOrder = binary.LittleEndian
	if elf.Data(head[elf.EI_DATA]) == elf.ELFDATA2MSB {
		order = binary.BigEndian
	}
	return elf.Class(head[elf.EI_CLASS]), elf.Machine(order.Uint16(head[18:])), true
}

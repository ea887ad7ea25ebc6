package stage

import (
	"context"
	"errors"
	"os"

	"rekey/token"
	"rekey/token/gosttest/softhsm"
)

// modules are the places of SoftHSM in Debian and elsewhere.
var modules = []string{
	"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib64/softhsm/libsofthsm.so", "/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so",
}

// SoftHSM finds a module that makes such keys. That for GOST keys is built when it is not there.
func SoftHSM(ctx context.Context, a token.Algorithm) (string, error) {
	if a.GOSTBits() > 0 {
		return softhsm.WithGOST(ctx)
	}
	for _, path := range modules {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errors.New("SoftHSM is not installed (package softhsm2)")
}

//go:build !unix

package token

import "os"

func takeStdio() (in, out *os.File, err error) { return os.Stdin, os.Stdout, nil }

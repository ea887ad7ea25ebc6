// The card driver in a process of its own, without the rest of Rekey: for tests of packages that may not import the driver.
package main

import (
	"fmt"
	"os"

	"rekey/token"
	"rekey/token/pkcs11"
)

func main() {
	if err := token.Serve(pkcs11.Load, os.Args[len(os.Args)-1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

//go:build !windows

package app

import "syscall"

// diskFull are the errors that say so.
var diskFull = []error{syscall.ENOSPC, syscall.EDQUOT}

package app

import "syscall"

// diskFull are the errors that say so: ours, ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED (winerror.h).
var diskFull = []error{syscall.ENOSPC, syscall.Errno(39), syscall.Errno(112), syscall.Errno(1295)}

//go:build !windows

package token

import "os/exec"

func hideWindow(*exec.Cmd) {}

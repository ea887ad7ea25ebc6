//go:build !linux

package datatest

import (
	"os"
	"os/exec"
)

var quit = os.Interrupt

func command(name string, args ...string) *exec.Cmd { return exec.Command(name, args...) }

func giveAway(string) error { return nil }

func watch(server *exec.Cmd, started chan<- error, ended chan<- struct{}) {
	defer close(ended)
	err := server.Start()
	started <- err
	if err == nil {
		_ = server.Wait()
	}
}

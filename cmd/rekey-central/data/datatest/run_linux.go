package datatest

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
)

const quit = syscall.SIGQUIT // an immediate stop: the data are thrown away anyway

// command prepares a program of PostgreSQL, which does not run as root.
func command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir, c.Env = "/", []string{"LC_ALL=C", "PATH=/usr/bin:/bin"}
	c.SysProcAttr = &syscall.SysProcAttr{}
	if uid, gid, err := other(); err == nil && os.Getuid() == 0 {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return c
}

// giveAway makes a folder the property of whom command runs as.
func giveAway(dir string) error {
	if os.Getuid() != 0 {
		return nil
	}
	uid, gid, err := other()
	return errors.Join(err, os.Chown(dir, uid, gid))
}

func other() (uid, gid int, err error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return 0, 0, err
	}
	uid, _ = strconv.Atoi(u.Uid)
	gid, _ = strconv.Atoi(u.Gid)
	return uid, gid, nil
}

// watch starts the server and waits for its end. The kernel stops it with the thread that started it, so this one stays.
func watch(server *exec.Cmd, started chan<- error, ended chan<- struct{}) {
	runtime.LockOSThread()
	defer close(ended)
	server.SysProcAttr.Pdeathsig = quit
	err := server.Start()
	started <- err
	if err == nil {
		_ = server.Wait()
	}
}

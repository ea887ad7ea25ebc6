package single

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

// longestSocket is the longest path that every system takes for a Unix socket, in bytes (macOS: 104 with the ending zero).
const longestSocket = 100

// socketPath lies in the store's folder, or, when that path is too long for a socket, in the folder for temporary files.
func socketPath(dir string) string {
	path := filepath.Join(dir, "window.sock")
	if len(path) <= longestSocket {
		return path
	}
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(os.TempDir(), "rekey-"+hex.EncodeToString(sum[:8])+".sock")
}

// socket is the way on Linux and macOS.
var socket = way{
	dial: func(ctx context.Context, dir string) (net.Conn, string, error) {
		d := net.Dialer{Timeout: patience}
		conn, err := d.DialContext(ctx, "unix", socketPath(dir))
		return conn, "show", err
	},
	listen: func(dir string) (net.Listener, string, func() error, error) {
		path := socketPath(dir)
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // left by a window that has crashed
			return nil, "", nil, err
		}
		l, err := net.Listen("unix", path)
		if err == nil {
			err = os.Chmod(path, 0o600)
		}
		return l, "show", func() error { return nil }, err // closing the listener removes the file
	},
}

package single

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// loopback is the way on Windows: a port on 127.0.0.1, which is written, with a secret word, into a file in the store's folder.
var loopback = way{
	dial: func(ctx context.Context, dir string) (net.Conn, string, error) {
		text, err := os.ReadFile(portFile(dir))
		if err != nil {
			return nil, "", err
		}
		var port int
		var word string
		if _, err := fmt.Sscanf(string(text), "%d %s", &port, &word); err != nil {
			return nil, "", err
		}
		d := net.Dialer{Timeout: patience}
		conn, err := d.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		return conn, word, err
	},
	listen: func(dir string) (net.Listener, string, func() error, error) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, "", nil, err
		}
		word, path := rand.Text(), portFile(dir)
		line := fmt.Sprintf("%d %s\n", l.Addr().(*net.TCPAddr).Port, word)
		if err := os.WriteFile(path, []byte(line), 0o600); err != nil {
			l.Close()
			return nil, "", nil, err
		}
		return l, word, func() error { return os.Remove(path) }, nil
	},
}

func portFile(dir string) string { return filepath.Join(dir, "window.port") }

// Command rekey-demo runs the demonstration: two invented holders renew their signatures on SoftHSM cards against a
// running central API, through the real window.
//
// With a display the person does it and the PINs are printed. Without one the window runs under Xvfb and is
// driven by real clicks and keys; a picture of every page is kept. It ends with status 0 only when the end state, looked at
// by programs that are not ours, is what it should be.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"rekey/cmd/rekey-demo/stage"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir := flag.String("dir", "demo", "folder for everything that the demonstration makes; emptied first")
	headless := flag.Bool("headless", os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "", "drive the window under Xvfb instead of showing it")
	flag.Parse()
	self, err := os.Executable()
	if err == nil {
		err = run(ctx, *dir, filepath.Dir(self), *headless)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo is one run of the demonstration.
type demo struct {
	dir, bin string
	office   *stage.Office
	screen   *screen // nil: the person's own display
}

// run does the whole demonstration; bin is the folder of rekey and rekey-central.
func run(ctx context.Context, dir, bin string, headless bool) error {
	began := time.Now()
	d, err := prepare(dir, bin)
	if err != nil {
		return err
	}
	if err := d.office.Start(ctx); err != nil {
		return err
	}
	defer d.office.Stop()
	if headless {
		limited, cancel := context.WithTimeout(ctx, 5*time.Minute)
		defer cancel()
		ctx = limited
		if d.screen, err = openScreen(ctx); err != nil {
			return err
		}
		defer d.screen.close()
	}
	doctor, err := d.renew(ctx, stage.Doctor(), doctorStory)
	if err != nil {
		return fmt.Errorf("the doctor's renewal: %w", err)
	}
	head, err := d.renew(ctx, stage.Head(), headStory)
	if err != nil {
		return fmt.Errorf("the head's renewal: %w", err)
	}
	return d.summary(doctor, head, time.Since(began))
}

// prepare empties the folder, which holds nothing but what an earlier demonstration made.
func prepare(dir, bin string) (*demo, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	marker := filepath.Join(dir, ".rekey-demo")
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		if _, err := os.Stat(marker); err != nil {
			return nil, errors.New(dir + " holds something else; choose another folder")
		}
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "out"), 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		return nil, err
	}
	return &demo{dir: dir, bin: bin, office: stage.NewOffice(bin, filepath.Join(dir, "central"))}, nil
}

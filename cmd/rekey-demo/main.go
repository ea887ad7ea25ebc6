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
	switch {
	case err != nil:
	case flag.NArg() == 2 && flag.Arg(0) == stage.SignCommand: // rekey-central asks the CA's card
		err = stage.SignForCA(ctx, filepath.Dir(self), flag.Arg(1), os.Stdin, os.Stdout)
	default:
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
	screen   *screen // nil: the person's own display
}

// run does the whole demonstration; bin is the folder of rekey and rekey-central.
func run(ctx context.Context, dir, bin string, headless bool) error {
	d, err := prepare(dir, bin)
	if err != nil {
		return err
	}
	if _, err := stage.SoftHSM(ctx, stage.Head().Algorithm); err != nil { // may take its time, once
		return err
	}
	began := time.Now()
	if headless {
		limited, cancel := context.WithTimeout(ctx, 5*time.Minute)
		defer cancel()
		ctx = limited
		if d.screen, err = openScreen(ctx); err != nil {
			return err
		}
		defer d.screen.close()
	}
	doctor := d.of(stage.Doctor())
	defer doctor.office.Stop()
	if err := doctor.renew(ctx, doctorStory); err != nil {
		return fmt.Errorf("the doctor's renewal: %w", err)
	}
	head := d.of(stage.Head())
	defer head.office.Stop()
	if err := head.renew(ctx, headStory); err != nil {
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
	return &demo{dir: dir, bin: bin}, nil
}

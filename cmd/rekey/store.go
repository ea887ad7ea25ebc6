package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rekey/app"
	"rekey/store"
)

// storeDir is the folder of the store: the one given, or rekey in the user's configuration folder.
func (c *command) storeDir() (string, error) {
	if c.store != "" {
		return c.store, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "rekey"), nil
}

func (c *command) storeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "store",
		Short: "Check, back up, restore or compact the store",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.storeCheckCommand(), c.storeBackupCommand(), c.storeRestoreCommand(), c.storeCompactCommand())
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
	return cmd
}

// withStore opens a store that is there; it never makes one, and never a backup of its own.
func (c *command) withStore(f func(*store.Store) error) error {
	dir, err := c.storeDir()
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err != nil {
		return &app.Error{Op: "open store", Kind: app.NotFound, Err: fmt.Errorf("there is no store in %s", dir)}
	}
	s, err := store.OpenWith(dir, store.Options{NoBackup: true, Keyring: !c.noKeyring})
	if err != nil {
		c.offer(err)
		return err
	}
	err = f(s)
	return errors.Join(err, s.Close())
}

// offer says what can be done about a damaged store.
func (c *command) offer(err error) {
	var damage *store.DamagedError
	if c.json || !errors.As(err, &damage) {
		return
	}
	switch {
	case damage.Part == store.PartKey:
		fmt.Fprintln(c.err, "The key is missing. With a copy of it: rekey store restore BACKUP --key FILE")
	case len(damage.Backups) > 0:
		fmt.Fprintln(c.err, "There are backups; the newest good one is put in place with: rekey store restore")
	default:
		fmt.Fprintln(c.err, "There is no backup. To begin anew and keep the file: rekey store restore --empty")
	}
	for _, b := range damage.Backups {
		fmt.Fprintf(c.err, "  %s  %s\n", b.At.Local().Format("2006-01-02 15:04"), b.File)
	}
}

func (c *command) storeCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Read everything in the store and say what is wrong",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return c.withStore(func(s *store.Store) error {
				r, err := s.Check()
				if err != nil {
					return err
				}
				err = c.print(r, func() {
					for _, b := range sorted(r.Values) {
						c.say("%8d %s", r.Values[b], b)
					}
					c.say("schema %d, %d bytes, key in %s", r.Schema, r.Size, s.KeyPlace().File)
					for _, p := range r.Problems {
						c.say("problem: %s %s", p.Bucket, p.Text)
					}
				})
				if err == nil && !r.Clean() {
					err = &app.Error{Op: "check store", Kind: app.StoreDamaged, Err: fmt.Errorf("%d problems", len(r.Problems))}
				}
				return err
			})
		},
	}
}

func sorted(values map[store.Bucket]int) []store.Bucket {
	var all []store.Bucket
	for b, n := range values {
		if n > 0 && b != "" {
			all = append(all, b)
		}
	}
	slices.Sort(all)
	return all
}

// Output of "rekey store backup --json".
type backupOutput struct {
	store.Backup
	Key     string `json:"key"` // where the key lies that is needed to read it
	KeyCopy string `json:"key_copy,omitempty"`
}

func (c *command) storeBackupCommand() *cobra.Command {
	var out, key string
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Copy the store as it is at this moment; the key is needed too",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return c.withStore(func(s *store.Store) error {
				b, err := s.Backup(out)
				if err == nil && key != "" {
					err = s.WriteKey(key)
				}
				if err != nil {
					return err
				}
				place := s.KeyPlace()
				return c.print(backupOutput{b, place.File, key}, func() {
					c.say("backup: %s (%d bytes)", b.File, b.Size)
					where := place.File
					if place.Keyring {
						where = "the system's keyring"
					}
					c.say("It is encrypted. Its key is in %s; without the key nobody can read it.", where)
					if key != "" {
						c.say("copy of the key: %s. Do not keep it in the same place as the backup.", key)
					}
				})
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "new file for the copy (default: in the folder backups of the store)")
	cmd.Flags().StringVar(&key, "key-out", "", "new file for a copy of the key")
	return cmd
}

// Output of "rekey store restore --json".
type restoreOutput struct {
	From  string   `json:"from,omitempty"`
	Aside []string `json:"set_aside"`
}

func (c *command) storeRestoreCommand() *cobra.Command {
	var key string
	var empty bool
	cmd := &cobra.Command{
		Use:   "restore [FILE]",
		Short: "Put a backup in place (default: the newest good one); the present file is set aside, not deleted",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := c.storeDir()
			if err != nil {
				return err
			}
			if empty && (len(args) > 0 || key != "") {
				return usageError{errors.New("--empty takes no file and no key")}
			}
			if _, err := os.Stat(dir); err != nil && (empty || len(args) == 0) {
				return &app.Error{Op: "restore", Kind: app.NotFound, Err: fmt.Errorf("there is no store in %s", dir)}
			}
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return err
			}
			var r store.Restored
			if empty {
				r, err = store.StartNew(dir, store.Options{Keyring: !c.noKeyring})
			} else {
				r, err = store.Restore(dir, strings.Join(args, ""), key, store.Options{Keyring: !c.noKeyring})
			}
			if err != nil {
				return err
			}
			return c.print(restoreOutput{r.From, append([]string{}, r.Aside...)}, func() {
				for _, path := range r.Aside {
					c.say("set aside: %s", path)
				}
				if r.From != "" {
					c.say("restored: %s", r.From)
				} else {
					c.say("the next start begins with an empty store")
				}
			})
		},
	}
	cmd.Flags().StringVar(&key, "key", "", "key file to use in place of the store's key")
	cmd.Flags().BoolVar(&empty, "empty", false, "begin with an empty store")
	return cmd
}

func (c *command) storeCompactCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compact",
		Short: "Write the file anew without what was deleted",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return c.withStore(func(s *store.Store) error {
				before, after, err := s.Compact()
				if err != nil {
					return err
				}
				return c.print(map[string]int64{"size_before": before, "size_after": after}, func() { c.say("%d bytes before, %d bytes now", before, after) })
			})
		},
	}
}

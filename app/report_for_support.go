package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rekey/app/report"
	"rekey/token"
)

// Diagnose walks the layers of a view, from the system's service up to the certificates, and names the first that
// fails. The report holds nothing personal: see package report. It reads the module files, to tell their versions.
func (a *App) Diagnose(v View) report.Report {
	in := report.Input{At: v.At, Snapshot: v.Snapshot, Entries: v.Entries, Program: report.ThisProgram(), Files: map[string]report.File{}}
	in.Home, _ = os.UserHomeDir()
	for _, f := range v.Findings {
		in.Findings = append(in.Findings, report.Finding{Layer: f.Layer, Kind: f.Kind, Module: f.Module, Reader: f.Reader, Detail: f.Detail})
	}
	names := a.moduleNames()
	for _, m := range v.Snapshot.Modules {
		if f, ok := moduleFile(m.Path); ok {
			f.Name = names[m.Path]
			in.Files[m.Path] = f
		}
	}
	return report.Diagnose(in)
}

// moduleNames gives the vendors' names of known modules by path.
func (a *App) moduleNames() map[string]string {
	names := map[string]string{}
	table, err := fs.ReadFile(a.assets, "modules.yaml")
	if err != nil {
		return names
	}
	known, err := token.ParseKnown(table)
	if err != nil {
		return names
	}
	for _, k := range known {
		for _, places := range [][]string{k.Files.Linux, k.Files.Windows, k.Files.MacOS} {
			for _, p := range places {
				names[p] = k.Name
			}
		}
	}
	return names
}

// largestModule is how much of a file is read for its hash; a larger one is no module.
const largestModule = 200 << 20

func moduleFile(path string) (report.File, bool) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return report.File{}, false
	}
	info, err := os.Stat(real)
	if err != nil || !info.Mode().IsRegular() || info.Size() > largestModule {
		return report.File{}, false
	}
	f, err := os.Open(real)
	if err != nil {
		return report.File{}, false
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(f, largestModule)); err != nil {
		return report.File{}, false
	}
	return report.File{Real: filepath.Base(real), SHA256: hex.EncodeToString(sum.Sum(nil)), Size: info.Size(), Modified: info.ModTime()}, true
}

// SupportReport is the text for support: what was found, layer by layer, and nothing personal.
func (a *App) SupportReport() (string, error) {
	view, err := a.Look(context.Background())
	if err != nil {
		return "", err
	}
	return report.Text(a.Diagnose(view)) + storeText(view), nil
}

// storeText says how the store and the outbox stand: no name, no number, and no path above the store's own folder.
func storeText(v View) string {
	var b strings.Builder
	place, home := "in a file", ""
	if v.Store.Keyring {
		place = "in the system's keyring"
	}
	if dir, err := os.UserHomeDir(); err == nil {
		home = dir
	}
	plain := func(text string) string {
		if len(home) > 1 {
			text = strings.ReplaceAll(text, home, "~")
		}
		return text
	}
	fmt.Fprintf(&b, "\nStore: key %s\n", place)
	if v.Store.KeyNote != "" {
		fmt.Fprintf(&b, "  not in the keyring: %s\n", plain(v.Store.KeyNote))
	}
	for _, path := range v.Store.Tightened {
		fmt.Fprintf(&b, "  others could read: %s\n", filepath.Base(path))
	}
	if v.Store.Backup != "" {
		fmt.Fprintf(&b, "  no backup of today: %s\n", plain(v.Store.Backup))
	}
	fmt.Fprintf(&b, "Outbox: central API set: %t, waiting %d, last error %q\n", v.Outbox.Configured, v.Outbox.Waiting, v.Outbox.LastError)
	for _, it := range v.Outbox.Items {
		fmt.Fprintf(&b, "  %s, tries %d, last error %q, refused %t\n", it.Kind, it.Attempts, it.LastError, it.Refused != "")
	}
	return b.String()
}

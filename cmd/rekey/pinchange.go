package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rekey/app"
	"rekey/token"
)

func (c *command) pinCommand() *cobra.Command {
	pin := &cobra.Command{Use: "pin", Short: "The PIN of a card", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return usageError{errors.New("see: rekey pin change --help")}
	}}
	var card string
	change := &cobra.Command{
		Use:   "change",
		Short: "Change the PIN of a card (with --pin-stdin: the old PIN, then the new one, a line each)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(func(a *app.App) error {
				serial, err := c.onlyCard(cmd.Context(), a, card)
				if err != nil {
					return err
				}
				if err := a.ChangePIN(cmd.Context(), serial, c.askTwoPINs); err != nil {
					return err
				}
				return c.print(map[string]string{"card": serial}, func() { c.say("the PIN of card %s is changed", serial) })
			})
		},
	}
	change.Flags().StringVar(&card, "card", "", "serial number of the card; needed when there are several")
	pin.AddCommand(change)
	return pin
}

// onlyCard finds the one card that is in a reader, or the one that was named.
func (c *command) onlyCard(ctx context.Context, a *app.App, serial string) (string, error) {
	if serial != "" {
		return serial, nil
	}
	view, err := a.Look(ctx)
	if err != nil {
		return "", err
	}
	for _, r := range view.Snapshot.Readers {
		switch {
		case r.Card == nil || r.Card.Blank:
		case serial != "":
			return "", usageError{errors.New("several cards are there: name one with --card")}
		default:
			serial = r.Card.Serial
		}
	}
	if serial == "" {
		return "", c.nothingFound(view, a.Diagnose(view))
	}
	return serial, nil
}

// askTwoPINs reads the old PIN and the new one; on a terminal the new one twice.
func (c *command) askTwoPINs(ctx context.Context, card token.Card) (old, fresh []byte, err error) {
	if old, err = c.askPIN(ctx, app.PINQuestion{Card: card, Reason: "change", Entry: 1, Of: 2}); err != nil || card.PIN.Pad {
		return old, nil, err
	}
	if c.pinStdin {
		fresh, err = c.pinLine()
		return old, fresh, err
	}
	terminal, ok := c.in.(*os.File)
	if !ok {
		return old, nil, errors.New("no terminal to ask for the PIN; use --pin-stdin")
	}
	var again []byte
	for _, q := range []struct {
		text string
		pin  *[]byte
	}{{"New PIN: ", &fresh}, {"New PIN once more: ", &again}} {
		fmt.Fprint(c.err, q.text)
		*q.pin, err = term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(c.err)
		if err != nil {
			return old, fresh, err
		}
	}
	defer clear(again)
	if !bytes.Equal(fresh, again) {
		return old, fresh, errors.New("the two new PINs differ; nothing was changed")
	}
	return old, fresh, nil
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"rekey/app"
)

// ask answers the questions of the logic on a terminal.
func (c *command) ask() app.Ask {
	return app.Ask{
		PIN: c.askPIN,
		Progress: func(p app.Progress) {
			if p.Done && !c.json {
				c.say("done: %s", p.What)
			}
		},
	}
}

// askPIN tells what the card says of its PIN and reads it once, without echo.
func (c *command) askPIN(_ context.Context, q app.PINQuestion) ([]byte, error) {
	if q.Card.PIN.Pad {
		fmt.Fprintf(c.err, "Type the PIN of card %s on the reader.\n", q.Card.Label)
		return nil, nil
	}
	switch {
	case q.Card.PIN.FinalTry:
		fmt.Fprintln(c.err, "This is the LAST try: a wrong PIN locks the card.")
	case q.Card.PIN.CountLow:
		fmt.Fprintln(c.err, "A wrong PIN was given to this card before.")
	}
	if c.pinStdin {
		return c.pinLine()
	}
	terminal, ok := c.in.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return nil, errors.New("no terminal to ask for the PIN; use --pin-stdin")
	}
	if q.Card.PIN.FinalTry {
		fmt.Fprint(c.err, "Type yes to go on: ")
		if answer, _ := bufio.NewReader(terminal).ReadString('\n'); strings.TrimSpace(answer) != "yes" {
			return nil, errors.New("not confirmed")
		}
	}
	fmt.Fprintf(c.err, "PIN of card %s: ", q.Card.Label)
	pin, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(c.err)
	return pin, err
}

// longestPIN is in bytes; one buffer of that size is not copied while it grows, so it can be cleared whole.
const longestPIN = 256

// pinLine reads the next line of the standard input, byte by byte: what follows is the next PIN's.
func (c *command) pinLine() ([]byte, error) {
	line := make([]byte, 0, longestPIN)
	var b [1]byte
	for {
		n, err := c.in.Read(b[:])
		if n == 1 {
			if b[0] == '\n' {
				break
			}
			if len(line) == longestPIN {
				clear(line)
				return nil, fmt.Errorf("a line of the standard input is longer than any PIN (%d bytes)", longestPIN)
			}
			line = append(line, b[0])
			continue
		}
		if err != nil {
			if len(line) > 0 {
				break
			}
			return nil, errors.New("no PIN on the standard input")
		}
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, nil
}

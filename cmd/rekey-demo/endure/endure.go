// Package endure holds no code, only tests: whether what a holder did arrives at the office once and whole, whatever is done to
// the client, to the server and to what lies between them.
//
// The client is package app on a real store, in a process of its own where it is to be killed; the server is the program
// rekey-central, on bbolt or on PostgreSQL. What came of it is judged by the server's API, the bytes on both disks and the
// programs' own checks, never by what a client says of itself. REKEY_SEED repeats a run with the same dice.
package endure

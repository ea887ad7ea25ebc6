package token

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"time"
)

// Serve is the child's side of Helper: it loads the module at path on the first call and answers calls from r on w
// until r ends. A module that does not load is tried again on the next call, so a driver that is
// installed meanwhile is found.
//
// With os.Stdin and os.Stdout it takes both for itself first: whatever the module prints goes to stderr, whatever
// it reads is empty. The caller must end the process right after Serve returns: when the other
// side is gone while the module hangs, its call is still stuck.
//
// All calls of the module, loading it too, come from one thread of the system: some vendors' modules (AKİS, which
// refuses to be told of threads) crash otherwise. The same thread reads the requests and writes the replies, so that a
// call passes from nobody to nobody.
func Serve(load func(path string) (Module, error), path string, r io.Reader, w io.Writer) error {
	var gone <-chan struct{}
	if r == io.Reader(os.Stdin) && w == io.Writer(os.Stdout) {
		in, out, err := takeStdio()
		if err != nil {
			return fmt.Errorf("serve %s: %w", path, err)
		}
		r, gone = attend(in)
		w = out
		// Ctrl-C in a terminal reaches the child too. It is the parent that decides what is broken off.
		signal.Ignore(os.Interrupt)
	} else {
		r, gone = pump(r)
	}
	s := &server{load: load, path: path, sessions: map[int]Session{}}
	done := make(chan error, 1)
	go func() { done <- s.work(r, w) }()
	select {
	case err := <-done:
		return err
	case <-gone:
	}
	select {
	case <-done:
	case <-time.After(closeLimit): // stuck in the module
	}
	return nil
}

// closeLimit is how long a call that is under way, and the closing of the module, may take when the other side is gone.
const closeLimit = time.Second

// pump reads ahead on a goroutine, so that the end of r is seen (gone) while a call is stuck.
func pump(r io.Reader) (ahead io.Reader, gone <-chan struct{}) {
	out, in := io.Pipe()
	ended := make(chan struct{})
	go func() {
		_, err := io.Copy(in, r)
		close(ended)
		in.CloseWithError(err) // nil is io.EOF
	}()
	return out, ended
}

// server answers the calls, one at a time, on one thread.
type server struct {
	load func(path string) (Module, error)
	path string

	module   Module
	sessions map[int]Session
	next     int
}

// work is the thread of the module: it answers until r ends, and closes the module.
func (s *server) work(r io.Reader, w io.Writer) error {
	runtime.LockOSThread()
	listener, speaker := newListener(r), newSpeaker(w)
	defer func() {
		if s.module != nil {
			s.module.Close()
		}
	}()
	for {
		var asked request
		if err := listener.Decode(&asked); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("serve %s: read a call: %w", s.path, err)
		}
		reply := new(wireReply)
		if do := methods[asked.Method]; do != nil {
			do(s, &asked.Args, reply)
		} else {
			reply.Fault = toFault(asked.Method, &Error{Op: asked.Method, Kind: KindUnsupported, Err: errors.New("the helper does not know this call")})
		}
		if err := speaker.say(reply); err != nil {
			return fmt.Errorf("serve %s: write an answer: %w", s.path, err)
		}
	}
}

// methods are the calls by the names that they have on the wire.
var methods = map[string]func(s *server, args *wireCall, reply *wireReply){
	"Readers":        (*server).readers,
	"Flags":          (*server).flags,
	"Open":           (*server).open,
	"InitBlank":      (*server).initBlank,
	"Certificates":   (*server).certificates,
	"Login":          (*server).login,
	"Keys":           (*server).keys,
	"Generate":       (*server).generate,
	"ChangePIN":      (*server).changePIN,
	"Algorithms":     (*server).algorithms,
	"Sign":           (*server).sign,
	"PutCertificate": (*server).putCertificate,
	"DestroyPair":    (*server).destroyPair,
	"CloseSession":   (*server).closeSession,
}

// run makes one call; its error goes into the reply.
func (s *server) run(op string, reply *wireReply, call func(ctx context.Context, m Module) error) {
	if s.module == nil {
		m, err := s.load(s.path)
		if err != nil {
			reply.Fault = toFault(op, err)
			return
		}
		s.module = m
	}
	reply.Fault = toFault(op, call(context.Background(), s.module))
}

func (s *server) inSession(op string, args *wireCall, reply *wireReply, call func(ctx context.Context, session Session) error) {
	s.run(op, reply, func(ctx context.Context, _ Module) error {
		session := s.sessions[args.Session]
		if session == nil {
			return &Error{Op: op, Kind: KindNotAllowed, Err: errors.New("no such session")}
		}
		return call(ctx, session)
	})
}

func (s *server) readers(_ *wireCall, reply *wireReply) {
	s.run("list readers", reply, func(ctx context.Context, m Module) (err error) {
		reply.Readers, err = m.Readers(ctx)
		return err
	})
}

func (s *server) flags(_ *wireCall, reply *wireReply) {
	s.run("read slot flags", reply, func(ctx context.Context, m Module) (err error) {
		reply.Flags, err = m.Flags(ctx)
		return err
	})
}

func (s *server) open(args *wireCall, reply *wireReply) {
	s.run("open card", reply, func(ctx context.Context, m Module) error {
		session, err := m.Open(ctx, args.Serial)
		if err != nil {
			return err
		}
		s.next++
		s.sessions[s.next] = session
		reply.Session, reply.Card = s.next, session.Card()
		return nil
	})
}

func (s *server) initBlank(args *wireCall, reply *wireReply) {
	defer wipe(args)
	s.run("initialise card", reply, func(ctx context.Context, m Module) (err error) {
		reply.Serial, err = m.InitBlank(ctx, args.Label, args.SOPIN, args.PIN)
		return err
	})
}

func (s *server) certificates(args *wireCall, reply *wireReply) {
	s.inSession("list certificates", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Certificates, err = session.Certificates(ctx)
		return err
	})
}

func (s *server) login(args *wireCall, reply *wireReply) {
	defer wipe(args)
	s.inSession("log in", args, reply, func(ctx context.Context, session Session) error {
		return session.Login(ctx, args.PIN)
	})
}

func (s *server) keys(args *wireCall, reply *wireReply) {
	s.inSession("list keys", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Keys, err = session.Keys(ctx)
		return err
	})
}

func (s *server) generate(args *wireCall, reply *wireReply) {
	s.inSession("generate key", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Key, err = session.Generate(ctx, args.Spec)
		return err
	})
}

func (s *server) changePIN(args *wireCall, reply *wireReply) {
	defer wipe(args)
	s.inSession("change PIN", args, reply, func(ctx context.Context, session Session) error {
		return session.ChangePIN(ctx, args.PIN, args.NewPIN)
	})
}

func (s *server) algorithms(args *wireCall, reply *wireReply) {
	s.inSession("list algorithms", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Algorithms, err = session.Algorithms(ctx)
		return err
	})
}

func (s *server) sign(args *wireCall, reply *wireReply) {
	defer wipe(args)
	if args.Second {
		args.Options.PIN = append([]byte{}, args.PIN...)
		defer clear(args.Options.PIN)
	}
	if args.Whole && args.Options.Message == nil {
		args.Options.Message = []byte{}
	}
	s.inSession("sign", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Signature, err = session.Sign(ctx, args.Key, args.Digest, args.Options)
		return err
	})
}

func (s *server) putCertificate(args *wireCall, reply *wireReply) {
	s.inSession("write certificate", args, reply, func(ctx context.Context, session Session) error {
		return session.PutCertificate(ctx, args.ID, args.Label, args.DER)
	})
}

func (s *server) destroyPair(args *wireCall, reply *wireReply) {
	s.inSession("delete key", args, reply, func(ctx context.Context, session Session) error {
		return session.DestroyPair(ctx, args.Key)
	})
}

func (s *server) closeSession(args *wireCall, reply *wireReply) {
	s.inSession("close card", args, reply, func(_ context.Context, session Session) error {
		delete(s.sessions, args.Session)
		return session.Close()
	})
}

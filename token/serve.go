package token

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/rpc"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"time"
)

const serviceName = "Module"

// Serve is the child's side of Helper: it loads the module at path on the first call and answers calls from r on w
// until r ends. A module that does not load is tried again on the next call, so a driver that is
// installed meanwhile is found.
//
// With os.Stdin and os.Stdout it takes both for itself first: whatever the module prints goes to stderr, whatever
// it reads is empty. The caller must end the process right after Serve returns: when the other
// side is gone while the module hangs, its call is still stuck.
//
// All calls of the module, loading it too, come from one thread of the system: some vendors' modules (AKİS, which
// refuses to be told of threads) crash otherwise.
func Serve(load func(path string) (Module, error), path string, r io.Reader, w io.Writer) error {
	if r == io.Reader(os.Stdin) && w == io.Writer(os.Stdout) {
		in, out, err := takeStdio()
		if err != nil {
			return fmt.Errorf("serve %s: %w", path, err)
		}
		r, w = in, out
		// Ctrl-C in a terminal reaches the child too. It is the parent that decides what is broken off.
		signal.Ignore(os.Interrupt)
	}
	rpcServer := rpc.NewServer()
	s := &server{load: load, path: path, sessions: map[int]Session{}, work: make(chan func())}
	go s.workOn()
	if err := rpcServer.RegisterName(serviceName, s); err != nil {
		return fmt.Errorf("serve %s: %w", path, err)
	}
	in := &watched{r: r, gone: make(chan struct{})}
	go rpcServer.ServeConn(&connection{watched: in, w: w})
	<-in.gone
	s.close(time.Second)
	return nil
}

// watched tells when the other side is gone.
type watched struct {
	r    io.Reader
	once sync.Once
	gone chan struct{}
}

func (r *watched) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil {
		r.once.Do(func() { close(r.gone) })
	}
	return n, err
}

type connection struct {
	*watched
	w io.Writer
}

func (c *connection) Write(b []byte) (int, error) { return c.w.Write(b) }

// Close is called by net/rpc when it cannot go on; then the child has to end too.
func (c *connection) Close() error {
	c.once.Do(func() { close(c.gone) })
	return nil
}

// server answers the calls, one at a time. Its exported methods are what net/rpc calls.
type server struct {
	load func(path string) (Module, error)
	path string

	mu       sync.Mutex
	module   Module
	sessions map[int]Session
	next     int
	work     chan func() // what the thread of the module has to do
}

// workOn is the thread of the module.
func (s *server) workOn() {
	runtime.LockOSThread()
	for do := range s.work {
		do()
	}
}

// onThread has something done on the thread of the module and waits for it.
func (s *server) onThread(do func()) {
	done := make(chan struct{})
	s.work <- func() {
		defer close(done)
		do()
	}
	<-done
}

// close closes the module, unless a call is stuck in it or it takes too long.
func (s *server) close(limit time.Duration) {
	if !s.mu.TryLock() {
		return
	}
	if s.module == nil {
		return
	}
	done := make(chan struct{})
	go func() {
		s.onThread(func() { s.module.Close() })
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(limit):
	}
}

// run makes one call; its error goes into the reply, because net/rpc would make a string of it.
func (s *server) run(op string, reply *wireReply, call func(ctx context.Context, m Module) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onThread(func() {
		if s.module == nil {
			m, err := s.load(s.path)
			if err != nil {
				reply.Fault = toFault(op, err)
				return
			}
			s.module = m
		}
		reply.Fault = toFault(op, call(context.Background(), s.module))
	})
	return nil
}

func (s *server) inSession(op string, args *wireCall, reply *wireReply, call func(ctx context.Context, session Session) error) error {
	return s.run(op, reply, func(ctx context.Context, _ Module) error {
		session := s.sessions[args.Session]
		if session == nil {
			return &Error{Op: op, Kind: KindNotAllowed, Err: errors.New("no such session")}
		}
		return call(ctx, session)
	})
}

func (s *server) Readers(_ *wireCall, reply *wireReply) error {
	return s.run("list readers", reply, func(ctx context.Context, m Module) (err error) {
		reply.Readers, err = m.Readers(ctx)
		return err
	})
}

func (s *server) Flags(_ *wireCall, reply *wireReply) error {
	return s.run("read slot flags", reply, func(ctx context.Context, m Module) (err error) {
		reply.Flags, err = m.Flags(ctx)
		return err
	})
}

func (s *server) Open(args *wireCall, reply *wireReply) error {
	return s.run("open card", reply, func(ctx context.Context, m Module) error {
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

func (s *server) InitBlank(args *wireCall, reply *wireReply) error {
	defer wipe(args)
	return s.run("initialise card", reply, func(ctx context.Context, m Module) (err error) {
		reply.Serial, err = m.InitBlank(ctx, args.Label, args.SOPIN, args.PIN)
		return err
	})
}

func (s *server) Certificates(args *wireCall, reply *wireReply) error {
	return s.inSession("list certificates", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Certificates, err = session.Certificates(ctx)
		return err
	})
}

func (s *server) Login(args *wireCall, reply *wireReply) error {
	defer wipe(args)
	return s.inSession("log in", args, reply, func(ctx context.Context, session Session) error {
		return session.Login(ctx, args.PIN)
	})
}

func (s *server) Keys(args *wireCall, reply *wireReply) error {
	return s.inSession("list keys", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Keys, err = session.Keys(ctx)
		return err
	})
}

func (s *server) Generate(args *wireCall, reply *wireReply) error {
	return s.inSession("generate key", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Key, err = session.Generate(ctx, args.Spec)
		return err
	})
}

func (s *server) ChangePIN(args *wireCall, reply *wireReply) error {
	defer wipe(args)
	return s.inSession("change PIN", args, reply, func(ctx context.Context, session Session) error {
		return session.ChangePIN(ctx, args.PIN, args.NewPIN)
	})
}

func (s *server) Algorithms(args *wireCall, reply *wireReply) error {
	return s.inSession("list algorithms", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Algorithms, err = session.Algorithms(ctx)
		return err
	})
}

func (s *server) Sign(args *wireCall, reply *wireReply) error {
	defer wipe(args)
	if args.Second {
		args.Options.PIN = append([]byte{}, args.PIN...)
		defer clear(args.Options.PIN)
	}
	if args.Whole && args.Options.Message == nil {
		args.Options.Message = []byte{}
	}
	return s.inSession("sign", args, reply, func(ctx context.Context, session Session) (err error) {
		reply.Signature, err = session.Sign(ctx, args.Key, args.Digest, args.Options)
		return err
	})
}

func (s *server) PutCertificate(args *wireCall, reply *wireReply) error {
	return s.inSession("write certificate", args, reply, func(ctx context.Context, session Session) error {
		return session.PutCertificate(ctx, args.ID, args.Label, args.DER)
	})
}

func (s *server) DestroyPair(args *wireCall, reply *wireReply) error {
	return s.inSession("delete key", args, reply, func(ctx context.Context, session Session) error {
		return session.DestroyPair(ctx, args.Key)
	})
}

func (s *server) CloseSession(args *wireCall, reply *wireReply) error {
	return s.inSession("close card", args, reply, func(_ context.Context, session Session) error {
		delete(s.sessions, args.Session)
		return session.Close()
	})
}

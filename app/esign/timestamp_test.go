package esign

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rekey/app/cms"
)

// authority is a real time stamp authority: openssl ts behind HTTP.
type authority struct {
	*httptest.Server
	dir    string
	asked  int
	change func(w http.ResponseWriter, query []byte) bool // true: it has answered
}

func newAuthority(t *testing.T) *authority {
	return newAuthorityOf(t, "sha256, sha384", "sha256", "rsa:2048")
}

// newAuthorityOf takes imprints of these digests, and signs with a digest and a key.
func newAuthorityOf(t *testing.T, digests, digest string, key ...string) *authority {
	t.Helper()
	a := &authority{dir: t.TempDir()}
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(a.dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("serial", "01\n")
	write("ts.cnf", fmt.Sprintf(`[tsa]
default_tsa = one
[one]
serial = %[1]s/serial
crypto_device = builtin
signer_cert = %[1]s/tsa.pem
signer_key = %[1]s/tsa.key
certs = %[1]s/tsa.pem
signer_digest = %[3]s
default_policy = 1.2.3.4.1
digests = %[2]s
accuracy = secs:1
ess_cert_id_alg = sha256
[req]
distinguished_name = dn
x509_extensions = ext
prompt = no
[dn]
CN = Demonstration TSA
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
`, a.dir, digests, digest))
	judge(t, "openssl", append([]string{"req", "-engine", "gost", "-x509", "-nodes", "-days", "2", "-config", filepath.Join(a.dir, "ts.cnf"),
		"-keyout", filepath.Join(a.dir, "tsa.key"), "-out", filepath.Join(a.dir, "tsa.pem"), "-newkey"}, key...)...)
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	a.asked++
	query, _ := io.ReadAll(r.Body)
	if r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "not a query", http.StatusBadRequest)
		return
	}
	if a.change != nil && a.change(w, query) {
		return
	}
	a.reply(w, query)
}

func (a *authority) reply(w http.ResponseWriter, query []byte) {
	in := filepath.Join(a.dir, "query.tsq")
	_ = os.WriteFile(in, query, 0o600)
	out := filepath.Join(a.dir, "reply.tsr")
	if said, err := exec.Command("openssl", "ts", "-reply", "-engine", "gost", "-config", filepath.Join(a.dir, "ts.cnf"), "-queryfile", in, "-out", out).CombinedOutput(); err != nil {
		http.Error(w, string(said), http.StatusInternalServerError)
		return
	}
	answer, _ := os.ReadFile(out)
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(answer)
}

func TestTimeStampIsPutInAndJudgesAcceptIt(t *testing.T) {
	tsa := newAuthority(t)
	for _, kind := range []string{"rsa-2048", "ec-p384"} {
		h := newHolder(t, kind, "Ömer Щукин")
		r, err := SignWith(context.Background(), form(t, true), h.card, h.cert, Options{TSA: tsa.URL})
		if err != nil || r.TimestampProblem != nil || r.Level != LevelBT || h.card.calls != 1 {
			t.Fatalf("%v %v %s, %d calls", err, r.TimestampProblem, r.Level, h.card.calls)
		}
		found, err := Verify(r.PDF)
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		if s := found[0]; !s.Valid || s.Level != LevelBT || !s.CoversWhole || time.Since(s.StampTime).Abs() > time.Minute || s.StampedBy != "Demonstration TSA" {
			t.Errorf("%+v", s)
		}
		path := save(t, "bt.pdf", r.PDF)
		judge(t, "qpdf", "--check", path)
		if said := judge(t, "pdfsig", "-nocert", path); !strings.Contains(said, "Signature is Valid") {
			t.Errorf("pdfsig: %s", said)
		}
		opensslAccepts(t, h, r.PDF)
		der, _ := cut(t, r.PDF)
		message, err := cms.Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		token, _ := message.Unsigned(cms.OIDTimeStampToken)
		said := judge(t, "openssl", "ts", "-verify", "-token_in", "-in", save(t, "token.der", token),
			"-data", save(t, "signature.bin", message.Signature), "-CAfile", filepath.Join(tsa.dir, "tsa.pem"))
		if !strings.Contains(said, "Verification: OK") {
			t.Errorf("openssl ts: %s", said)
		}
		second := sign(t, newHolder(t, "ec-p256", "Officer"), r.PDF)
		if found, err := Verify(second); err != nil || len(found) != 2 || found[0].Level != LevelBT || !found[0].Valid || found[1].Level != LevelBB {
			t.Errorf("%+v %v", found, err)
		}
	}
}

// A GOST signature is stamped with Streebog where the authority knows it, and with SHA-256 elsewhere; the authority's own key may be a GOST one.
func TestTimeStampOnAGOSTSignature(t *testing.T) {
	h := newGOSTHolder(t, 256, "TCB")
	for name, c := range map[string]struct {
		tsa   *authority
		asked int
	}{
		"SHA-256 only": {newAuthority(t), 2},
		"GOST":         {newAuthorityOf(t, "md_gost12_256", "md_gost12_256", "gost2012_256", "-pkeyopt", "paramset:A"), 1},
	} {
		before := h.calls
		r, err := SignWith(t.Context(), form(t, false), h.GOSTSigner, h.cert, Options{TSA: c.tsa.URL})
		if err != nil || r.TimestampProblem != nil || r.Level != LevelBT || h.calls != before+1 || c.tsa.asked != c.asked {
			t.Fatalf("%s: %v %v %s, %d signatures, asked %d times", name, err, r.TimestampProblem, r.Level, h.calls-before, c.tsa.asked)
		}
		found, err := Verify(r.PDF)
		if err != nil || len(found) != 1 || !found[0].Valid || found[0].Level != LevelBT || found[0].StampedBy != "Demonstration TSA" {
			t.Fatalf("%s: %+v, %v", name, found, err)
		}
		der, _ := cut(t, r.PDF)
		message, err := cms.Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		token, _ := message.Unsigned(cms.OIDTimeStampToken)
		t.Setenv("OPENSSL_CONF", save(t, "engine.cnf", []byte("openssl_conf = a\n[a]\nengines = b\n[b]\ngost = c\n[c]\nengine_id = gost\ndefault_algorithms = ALL\n")))
		said := judge(t, "openssl", "ts", "-verify", "-token_in", "-in", save(t, "token.der", token),
			"-data", save(t, "signature.bin", message.Signature), "-CAfile", filepath.Join(c.tsa.dir, "tsa.pem"))
		if !strings.Contains(said, "Verification: OK") {
			t.Errorf("%s: openssl ts: %s", name, said)
		}
		token[len(token)-1] ^= 1 // the authority's signature
		if _, err := readToken(token, message.Signature); err == nil {
			t.Errorf("%s: a changed time stamp is good", name)
		}
	}
	dead := newAuthority(t)
	dead.Close()
	r, err := SignWith(t.Context(), form(t, false), h.GOSTSigner, h.cert, Options{TSA: dead.URL})
	if err != nil || r.Level != LevelBB || r.TimestampProblem == nil {
		t.Errorf("no authority: %v %s %v", err, r.Level, r.TimestampProblem)
	}
}

func TestWhateverTheAuthorityDoesTheSignatureStands(t *testing.T) {
	tsa := newAuthority(t)
	dead := httptest.NewServer(nil)
	dead.Close()
	flip := func(query, part []byte) []byte { // another nonce, or another imprint
		at := bytes.Index(query, part)
		query = bytes.Clone(query)
		query[at+len(part)+1] ^= 1
		return query
	}
	for what, change := range map[string]func(http.ResponseWriter, []byte) bool{
		"dead": nil,
		"slow": func(http.ResponseWriter, []byte) bool { <-t.Context().Done(); return true },
		"HTML": func(w http.ResponseWriter, _ []byte) bool {
			fmt.Fprint(w, "<html>log in</html>")
			return true
		},
		"error": func(w http.ResponseWriter, _ []byte) bool {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return true
		},
		"empty": func(http.ResponseWriter, []byte) bool { return true },
		"endless": func(w http.ResponseWriter, _ []byte) bool {
			_, _ = w.Write(make([]byte, 1<<20))
			return true
		},
		"refused": func(w http.ResponseWriter, _ []byte) bool {
			_, _ = w.Write([]byte{0x30, 5, 0x30, 3, 2, 1, 2})
			return true
		},
		"wrong imprint": func(w http.ResponseWriter, q []byte) bool { tsa.reply(w, flip(q, []byte{4, 32})); return true },
		"wrong nonce":   func(w http.ResponseWriter, q []byte) bool { tsa.reply(w, flip(q, q[len(q)-9:len(q)-5])); return true },
		"old answer": func(w http.ResponseWriter, _ []byte) bool {
			old, _ := os.ReadFile(filepath.Join(tsa.dir, "reply.tsr"))
			_, _ = w.Write(old)
			return true
		},
		"broken": func(w http.ResponseWriter, q []byte) bool {
			record := httptest.NewRecorder()
			tsa.reply(record, q)
			answer := record.Body.Bytes()
			answer[len(answer)-20] ^= 1
			_, _ = w.Write(answer)
			return true
		},
	} {
		t.Run(what, func(t *testing.T) {
			h := newHolder(t, "rsa-2048", "Holder")
			release := make(chan struct{})
			defer close(release)
			o := Options{TSA: tsa.URL, Deadline: 10 * time.Second}
			switch what {
			case "dead":
				o.TSA = dead.URL
			case "slow":
				o.Deadline = 100 * time.Millisecond
				change = func(http.ResponseWriter, []byte) bool { <-release; return true }
			}
			tsa.change = change
			r, err := SignWith(context.Background(), form(t, true), h.card, h.cert, o)
			if err != nil || h.card.calls != 1 {
				t.Fatalf("%v, %d calls", err, h.card.calls)
			}
			found, err := Verify(r.PDF)
			if err != nil || len(found) != 1 || !found[0].Valid || found[0].Level != LevelBB || r.Level != LevelBB || r.TimestampProblem == nil {
				t.Errorf("%+v %v %s %v", found, err, r.Level, r.TimestampProblem)
			}
			t.Log(r.TimestampProblem)
		})
	}
}

func TestImpossibleAuthorityNeverReachesTheCard(t *testing.T) {
	h := newHolder(t, "ec-p256", "Holder")
	for _, address := range []string{"tsa.example", "ftp://tsa.example", "http://", "::"} {
		_, err := SignWith(context.Background(), form(t, true), h.card, h.cert, Options{TSA: address})
		if KindOf(err) != KindTSA || h.card.calls != 0 {
			t.Errorf("%s: %v, %d calls", address, err, h.card.calls)
		}
	}
}

package procedure

// What a step can be. Append only: cases on disk name them.
const (
	Fill        = "fill"       // details
	MakeKey     = "make-key"   // a key pair on the card
	Request     = "request"    // PKCS#10, verified before it is saved
	Form        = "form"       // application.pdf
	ESign       = "e-sign"     // application-signed.pdf, with the current key
	Pay         = "pay"        // payment note; the holder pays
	Send        = "send"       // through the central API
	Print       = "print"      // print the copies
	SignPaper   = "sign-paper" // wet ink, stamp
	Deliver     = "deliver"    // hand in or post paper
	Approve     = "approve"    // the office decides
	Issue       = "issue"      // the authority makes the certificate
	Install     = "install"    // written to the card, read back, proved
	Choose      = "choose"     // the holder makes it current
	ReturnPaper = "return-paper"
	Receive     = "receive" // a new card by courier
	Call        = "call"
)

package single

var system = loopback

// Simulator: providers that are not there, and the clients that call them.
//
// A simulated provider is a real HTTP server on loopback: it checks keys, takes its time, streams, counts tokens and breaks
// in every way that a provider or the network before it breaks. The demo lives on two of them, the tests on as many as
// they need. Traffic makes the requests of several tenants and features; who sends them is handed in.
//
// What a provider answers is decided by a value, `ProviderBehaviour`: request, arrival number and fault in, a `Script` out.
// A connection only plays the script. That needs the bytes themselves (resets, answers cut in mid-chunk, lengths that lie),
// which an HTTP framework takes care never to send, so one handler on NIO's HTTP/1 parser serves everything.
//
// Nothing here calls the outside, and no answer can be mistaken for a model's: ids, model names and fingerprints say
// `simulated`.

// Package demo is a softphone site for showing and testing: a page that knows
// nothing of redirection, an exchange that connects pages over WebSocket, and
// a far end that answers at FarEndNumber, greets with speech, then repeats
// what it hears after a delay.
//
// The page dials numbers. Each page has one, given as ?number= or by the
// exchange. The exchange only passes messages from one number to another.
package demo

package protocol

// ErrorName is the name of the exception that the page sees: a DOMException
// name (Web IDL, section "DOMException names"), or TypeError, RangeError or
// OverconstrainedError. The list only grows.
type ErrorName string

// The names in use.
const (
	TypeError                ErrorName = "TypeError"
	RangeError               ErrorName = "RangeError"
	AbortError               ErrorName = "AbortError"
	DataError                ErrorName = "DataError"
	InvalidAccessError       ErrorName = "InvalidAccessError"
	InvalidModificationError ErrorName = "InvalidModificationError"
	InvalidStateError        ErrorName = "InvalidStateError"
	NetworkError             ErrorName = "NetworkError"
	NotAllowedError          ErrorName = "NotAllowedError"
	NotFoundError            ErrorName = "NotFoundError"
	NotReadableError         ErrorName = "NotReadableError"
	NotSupportedError        ErrorName = "NotSupportedError"
	OperationError           ErrorName = "OperationError"
	OverconstrainedError     ErrorName = "OverconstrainedError"
	QuotaExceededError       ErrorName = "QuotaExceededError"
	SyntaxError              ErrorName = "SyntaxError"
	// RTCError carries Detail as its errorDetail (WebRTC 1.0, section 11).
	RTCError ErrorName = "RTCError"
)

// Error is the failure of a request. It says what went wrong and, where
// somebody can act on it, what to do.
type Error struct {
	Name    ErrorName `json:"name"`
	Message string    `json:"message"`
	// Constraint is OverconstrainedError.constraint.
	Constraint string `json:"constraint,omitempty"`
	// Detail is RTCError.errorDetail, for example "sdp-syntax-error".
	Detail string `json:"detail,omitempty"`
	// SDPLine is RTCError.sdpLineNumber.
	SDPLine int `json:"sdpLine,omitempty"`
}

// Error implements the error interface.
func (e *Error) Error() string { return string(e.Name) + ": " + e.Message }

// NewError returns an error with the given name and message.
func NewError(name ErrorName, message string) *Error {
	return &Error{Name: name, Message: message}
}

package transport

import (
	"github.com/pion/logging"
	"github.com/rs/zerolog"
)

// loggers sends what pion logs to the debug level: it names addresses.
func (c *Config) loggers() logging.LoggerFactory { return loggerFactory{c.Log} }

type loggerFactory struct{ log zerolog.Logger }

func (f loggerFactory) NewLogger(scope string) logging.LeveledLogger {
	return logger{f.log.With().Str("scope", scope).Logger()}
}

type logger struct{ log zerolog.Logger }

func (l logger) Trace(msg string)             { l.log.Trace().Msg(msg) }
func (l logger) Tracef(f string, args ...any) { l.log.Trace().Msgf(f, args...) }
func (l logger) Debug(msg string)             { l.log.Trace().Msg(msg) }
func (l logger) Debugf(f string, args ...any) { l.log.Trace().Msgf(f, args...) }
func (l logger) Info(msg string)              { l.log.Debug().Msg(msg) }
func (l logger) Infof(f string, args ...any)  { l.log.Debug().Msgf(f, args...) }
func (l logger) Warn(msg string)              { l.log.Debug().Msg(msg) }
func (l logger) Warnf(f string, args ...any)  { l.log.Debug().Msgf(f, args...) }
func (l logger) Error(msg string)             { l.log.Debug().Msg(msg) }
func (l logger) Errorf(f string, args ...any) { l.log.Debug().Msgf(f, args...) }

package transport

import (
	"errors"
	"fmt"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// keys exports the SRTP keys (RFC 5764, section 4.2).
func (a *Association) keys(conn *dtls.Conn) error {
	profile, ok := conn.SelectedSRTPProtectionProfile()
	if !ok {
		return errors.New("the far end chose no SRTP protection profile")
	}
	state, ok := conn.ConnectionState()
	if !ok {
		return errors.New("no connection state")
	}
	config := srtp.Config{Profile: srtp.ProtectionProfile(profile)}
	if err := config.ExtractSessionKeysFromDTLS(&state, a.security.client); err != nil {
		return fmt.Errorf("export keys: %w", err)
	}
	outgoing, err := srtp.CreateContext(config.Keys.LocalMasterKey, config.Keys.LocalMasterSalt, config.Profile)
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	incoming, err := srtp.CreateContext(config.Keys.RemoteMasterKey, config.Keys.RemoteMasterSalt, config.Profile,
		srtp.SRTPReplayProtection(replayWindow), srtp.SRTCPReplayProtection(replayWindow))
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	a.sendMu.Lock()
	a.outgoing = outgoing
	a.sendMu.Unlock()
	a.receiveMu.Lock()
	a.incoming = incoming
	a.receiveMu.Unlock()
	a.mu.Lock()
	a.profile, a.cipher = profile, dtls.CipherSuiteName(state.CipherSuiteID)
	a.mu.Unlock()
	return nil
}

// secured decrypts a packet and passes it on. RTCP packet types are 192 to 223
// (RFC 5761, section 4).
func (a *Association) secured(packet []byte, arrival time.Time) {
	if len(packet) < 2 {
		return
	}
	control := packet[1] >= 192 && packet[1] <= 223
	a.receiveMu.Lock()
	if a.incoming == nil {
		a.receiveMu.Unlock()
		return
	}
	var plain []byte
	var err error
	if control {
		plain, err = a.incoming.DecryptRTCP(nil, packet, nil)
	} else {
		plain, err = a.incoming.DecryptRTP(nil, packet, nil)
	}
	a.receiveMu.Unlock()
	if err != nil {
		return
	}
	config := &a.transport.config
	if control {
		if packets, err := rtcp.Unmarshal(plain); err == nil && config.OnRTCP != nil {
			config.OnRTCP(packets, arrival)
		}
		return
	}
	var parsed rtp.Packet
	if parsed.Unmarshal(plain) == nil && config.OnRTP != nil {
		config.OnRTP(&parsed, arrival)
	}
}

func (a *Association) writeRTP(header *rtp.Header, payload []byte) error {
	plain, err := (&rtp.Packet{Header: *header, Payload: payload}).Marshal()
	if err != nil {
		return fmt.Errorf("write RTP: %w", err)
	}
	return a.encrypt(func(c *srtp.Context) ([]byte, error) { return c.EncryptRTP(nil, plain, nil) })
}

func (a *Association) writeRTCP(packets []rtcp.Packet) error {
	plain, err := rtcp.Marshal(packets)
	if err != nil {
		return fmt.Errorf("write RTCP: %w", err)
	}
	return a.encrypt(func(c *srtp.Context) ([]byte, error) { return c.EncryptRTCP(nil, plain, nil) })
}

func (a *Association) encrypt(with func(*srtp.Context) ([]byte, error)) error {
	a.sendMu.Lock()
	defer a.sendMu.Unlock()
	if a.outgoing == nil || a.ctx.Err() != nil {
		return ErrNotReady
	}
	secret, err := with(a.outgoing)
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	a.transport.send(secret)
	return nil
}

package protocol_test

import (
	"bytes"
	"encoding/json"
	"reflect"

	. "nearend/internal/protocol"
)

// sampleTexts are values for strings by the name of their field.
var sampleTexts = map[string]string{
	"PC": "p1", "Transceiver": "t1", "Channel": "d1", "Player": "e1", "Document": "17:0",
	"Track": "5f0c2f6e-6a0e-4f3c-9d2b-1d8a3c1d2e3f", "Clone": "0b9d5a34-77a1-4a7f-8d53-ad1e8a4b3c2d",
	"Origin": "https://phone.example", "TopOrigin": "https://desk.example",
	"Kind": "audio", "Direction": "sendrecv", "CurrentDirection": "sendonly", "FiredDirection": "recvonly",
	"Mid": "0", "SDPMid": "0", "Type": "offer", "Name": "endpoint", "Version": "0.1.0", "Platform": "linux/amd64",
	"SDP":       "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n",
	"Candidate": "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host", "UsernameFragment": "8hhY",
	"IceTransportPolicy": "all", "BundlePolicy": "balanced", "RTCPMuxPolicy": "require",
	"Signaling": "stable", "IceGathering": "complete", "IceConnection": "connected", "Connection": "connected",
	"MimeType": "audio/opus", "SDPFmtpLine": "minptime=10;useinbandfec=1", "URI": "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
	"Label": "Headset", "DeviceID": "default", "GroupID": "9f86d081", "SinkID": "default", "Tones": "12#", "Tone": "1", "Remaining": "2#",
	"State": "open", "Text": "Grüße, <b>&</b>", "Message": "the microphone is busy", "Constraint": "deviceId", "Detail": "sdp-syntax-error",
	"Reason": "The endpoint was lost.", "Priority": "high", "NetworkPriority": "medium",
	"Password": "asd88fgpdd777uzjYhagZg", "CNAME": "b8a1c0de", "ID": "t1", "Streams": "s1", "Removed": "e:3",
	"IceState": "connected", "IceRole": "controlling", "DTLSState": "connected", "GatheringState": "complete",
	"RemoteCertificates": "MIIBFjCBvaADAgEC", "Certificates": "c1", "Certificate": "c1", "KeyType": "ecdsa", "Base64Certificate": "MIIBFjCBvaADAgEC", "IssuerCertificateID": "CF2",
	"TransportID": "T1", "CodecID": "CO1_111", "LocalID": "O1", "RemoteID": "RI1", "PlayoutID": "AP", "MediaSourceID": "S1",
	"LocalCandidateID": "I1", "RemoteCandidateID": "I2", "SelectedCandidatePairID": "CP1", "LocalCertificateID": "CF1", "RemoteCertificateID": "CF3",
	"TrackIdentifier": "rx:p1:t1", "Tracks": "rx:p1:t1", "SenderOf": "t1", "ReceiverOf": "t2",
	"Ideal": "default", "Exact": "default", "Protocol": "udp", "URL": "turn:turn.example:3478?transport=udp", "RelayProtocol": "udp",
	"Address": "192.0.2.1", "IP": "192.0.2.1", "RelatedAddress": "198.51.100.7", "TCPType": "passive", "NetworkType": "ethernet",
	"CandidateType": "host", "Foundation": "1", "IceLocalUsernameFragment": "8hhY",
	"URLs": "turn:turn.example:3478?transport=udp", "Username": "maria", "Credential": "hunter2",
	"Lines": `{"level":"info","message":"ready"}`, "Features": "resume", "ErrorText": "Unauthorized",
	"TLSVersion": "FEFD", "DTLSRole": "client", "DTLSCipher": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "SRTPCipher": "AES_CM_128_HMAC_SHA1_80",
	"Fingerprint": "4A:AD:B9:B1:3F:82", "FingerprintAlgorithm": "sha-256",
}

// sampleNumbers are values for whole numbers; others depend on the name.
var sampleNumbers = map[string]int64{
	"Seq": 7, "PayloadType": 111, "ClockRate": 48000, "Channels": 2, "SDPMLineIndex": 1, "IceCandidatePoolSize": 2,
	"SampleRate": 48000, "SampleSize": 16, "ChannelCount": 1, "Port": 50000, "ErrorCode": 701, "Duration": 100, "Gap": 70,
	"MaxMessageSize": 262144, "MaxChannels": 1024, "Sent": 9007199254740991,
}

// number is the sample of a whole number.
func number(name string) int64 {
	if n, ok := sampleNumbers[name]; ok {
		return n
	}
	return int64(3 + len(name))
}

// sampleFile renders the messages of a method: one with all members, one with
// the least.
func sampleFile(method Method, c contract) []byte {
	var out bytes.Buffer
	out.WriteString("{\n  \"params\": \"" + typeName(c.params) + "\",\n  \"result\": \"" + typeName(c.result) + "\",\n  \"messages\": [\n")
	doc := "17:0"
	switch method {
	case Hello, DocumentOpen, DocumentClose, HostLogs, EndpointLogs, DocumentStatus:
		doc = ""
	}
	var lines [][]byte
	add := func(message *Message, err error) {
		if err != nil {
			panic(err)
		}
		line, err := Encode(message)
		if err != nil {
			panic(err)
		}
		lines = append(lines, append([]byte("    "), line...))
	}
	for i, full := range []bool{true, false} {
		id := uint64(i + 1)
		if c.result == nil {
			id = 0
		}
		message, err := NewRequest(doc, id, method, sample(c.params, "", full).Interface())
		if c.params == reflect.TypeFor[none]() {
			message.Params = nil
		}
		add(message, err)
		if c.result != nil {
			add(NewReply(doc, id, sample(c.result, "", full).Interface(), nil))
		}
	}
	if c.result != nil {
		failure := sample(reflect.TypeFor[Error](), "", true).Interface().(Error)
		failure.Name = NotReadableError
		add(NewReply(doc, 3, nil, &failure))
	}
	out.Write(bytes.Join(lines, []byte(",\n")))
	out.WriteString("\n  ]\n}\n")
	return out.Bytes()
}

// sample makes a value with all members set, or with only those that must be.
func sample(typ reflect.Type, name string, full bool) reflect.Value {
	value := reflect.New(typ).Elem()
	switch typ.Kind() {
	case reflect.Pointer:
		if full {
			value.Set(reflect.New(typ.Elem()))
			value.Elem().Set(sample(typ.Elem(), name, full))
		}
	case reflect.String:
		text := sampleTexts[name]
		switch typ {
		case reflect.TypeFor[ErrorName]():
			text = string(NetworkError)
		case reflect.TypeFor[LinkState]():
			text = string(LinkLost)
		}
		if text == "" {
			text = "some " + name
		}
		value.SetString(text)
	case reflect.Bool:
		value.SetBool(full)
	case reflect.Int, reflect.Int64:
		value.SetInt(number(name))
	case reflect.Uint32, reflect.Uint64:
		value.SetUint(uint64(number(name)))
	case reflect.Float64:
		value.SetFloat(0.25 + float64(len(name)))
	case reflect.Slice:
		switch {
		case typ == reflect.TypeFor[json.RawMessage]():
			value.SetBytes([]byte("{}"))
		case typ.Elem().Kind() == reflect.Uint8:
			value.SetBytes([]byte{0, 1, 254, 255})
		case full:
			value = reflect.Append(value, sample(typ.Elem(), name, full))
		default:
			value.Set(reflect.MakeSlice(typ, 0, 0))
		}
	case reflect.Struct:
		for i := range typ.NumField() {
			field := typ.Field(i)
			optional := bytes.Contains([]byte(field.Tag.Get("json")), []byte(",omitempty"))
			if full || !optional {
				value.Field(i).Set(sample(field.Type, field.Name, full))
			}
		}
	}
	return value
}

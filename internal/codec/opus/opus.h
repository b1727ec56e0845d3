// The part of the libopus interface that Nearend uses, declared from its
// documentation (https://opus-codec.org/docs/opus_api-1.3.1/), and wrappers for
// its variadic functions, which Go cannot call.
#ifndef NEAREND_OPUS_H
#define NEAREND_OPUS_H

#include <stdint.h>

typedef struct OpusEncoder OpusEncoder;
typedef struct OpusDecoder OpusDecoder;

enum {
	application_voip = 2048,
	set_bitrate = 4002,
	set_max_bandwidth = 4004,
	set_vbr = 4006,
	set_complexity = 4010,
	set_inband_fec = 4012,
	set_packet_loss_perc = 4014,
	set_dtx = 4016,
	set_signal = 4024,
	reset_state = 4028,
	signal_voice = 3001,
	bandwidth_narrow = 1101,
	bandwidth_medium = 1102,
	bandwidth_wide = 1103,
	bandwidth_superwide = 1104,
	bandwidth_full = 1105,
};

const char *opus_get_version_string(void);
const char *opus_strerror(int error);
OpusEncoder *opus_encoder_create(int32_t rate, int channels, int application, int *error);
void opus_encoder_destroy(OpusEncoder *encoder);
int opus_encoder_ctl(OpusEncoder *encoder, int request, ...);
int32_t opus_encode(OpusEncoder *encoder, const int16_t *pcm, int samples, unsigned char *payload, int32_t size);
OpusDecoder *opus_decoder_create(int32_t rate, int channels, int *error);
void opus_decoder_destroy(OpusDecoder *decoder);
int opus_decoder_ctl(OpusDecoder *decoder, int request, ...);
int opus_decode(OpusDecoder *decoder, const unsigned char *payload, int32_t length, int16_t *pcm, int samples, int fec);
int opus_packet_get_nb_samples(const unsigned char *payload, int32_t length, int32_t rate);

static inline int nearend_opus_set(OpusEncoder *encoder, int request, int32_t value)
{
	return opus_encoder_ctl(encoder, request, value);
}

static inline int nearend_opus_reset(OpusDecoder *decoder)
{
	return opus_decoder_ctl(decoder, reset_state);
}

static inline int nearend_opus_encode(OpusEncoder *encoder, const int16_t *pcm, int samples, unsigned char *payload, int size)
{
	return opus_encode(encoder, pcm, samples, payload, size);
}

static inline int nearend_opus_decode(OpusDecoder *decoder, const unsigned char *payload, int length, int16_t *pcm, int samples, int fec)
{
	return opus_decode(decoder, length ? payload : 0, length, pcm, samples, fec);
}

static inline int nearend_opus_duration(const unsigned char *payload, int length, int rate)
{
	return opus_packet_get_nb_samples(payload, length, rate);
}

#endif

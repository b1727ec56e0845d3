#!/usr/bin/python3
"""Writes intelligibility.json: reference values for STOI and ESTOI.

Written from the two publications (Taal et al. 2011, Jensen and Taal 2016) with
numpy and scipy, apart from the Go code: another resampler, matrices instead of
loops. Needs Debian's python3-numpy and python3-scipy. Run it in this folder.

The signals are ../../../testdata/speech/mouth.wav and damaged versions of it
that the Go test makes in the same way from a linear congruential generator.
"""
import json
import wave

import numpy as np
from scipy.signal import resample_poly


def speech():
    with wave.open("../../../testdata/speech/mouth.wav") as f:
        return np.frombuffer(f.readframes(f.getnframes()), "<i2") / 32768


def draws(n):
    """Numbers from 0 to 1: Numerical Recipes' quick and dirty generator."""
    out, state = np.empty(n), 1
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = state / 2**32
    return out


def noisy(x, snr):
    noise = draws(len(x)) * 2 - 1
    return x + noise * np.sqrt(np.sum(x**2) / np.sum(noise**2) / 10 ** (snr / 10))


def lossy(x, loss, packet=960):
    y = x.copy()
    for i, chance in enumerate(draws(len(x) // packet)):
        if chance < loss:
            y[i * packet : (i + 1) * packet] = 0
    return y


FRAME, HOP, FFT, RATE = 256, 128, 512, 10000
WINDOW = np.hanning(FRAME + 2)[1:-1]


def framed(x):
    starts = np.arange(0, len(x) - FRAME + 1, HOP)
    return x[starts[:, None] + np.arange(FRAME)] * WINDOW


def without_silence(x, y):
    a, b = framed(x), framed(y)
    level = 20 * np.log10(np.linalg.norm(a, axis=1) + 1e-10)
    keep = level >= level.max() - 40

    def joined(frames):
        out = np.zeros((len(frames) + 1) * HOP)
        for i, f in enumerate(frames):
            out[i * HOP : i * HOP + FRAME] += f
        return out

    return joined(a[keep]), joined(b[keep])


def bands(x):
    power = np.abs(np.fft.rfft(framed(x), FFT)) ** 2
    hertz = np.arange(FFT // 2 + 1) * RATE / FFT
    matrix = np.zeros((15, len(hertz)))
    for k in range(15):
        centre = 150 * 2 ** (k / 3)
        low = np.argmin(np.abs(hertz - centre * 2 ** (-1 / 6)))
        high = np.argmin(np.abs(hertz - centre * 2 ** (1 / 6)))
        matrix[k, low:high] = 1
    return np.sqrt(matrix @ power.T)


def unit(a, axis):
    a = a - a.mean(axis=axis, keepdims=True)
    return a / (np.linalg.norm(a, axis=axis, keepdims=True) + 1e-12)


def measures(x, y):
    x, y = (resample_poly(v, 5, 24) for v in (x, y))
    a, b = (bands(v) for v in without_silence(x, y))
    plain, extended = [], []
    for m in range(30, a.shape[1] + 1):
        u, v = a[:, m - 30 : m], b[:, m - 30 : m]
        scaled = v * np.linalg.norm(u, axis=1, keepdims=True) / (np.linalg.norm(v, axis=1, keepdims=True) + 1e-12)
        clipped = np.minimum(scaled, u * (1 + 10 ** (15 / 20)))
        plain.append((unit(u, 1) * unit(clipped, 1)).sum() / 15)
        extended.append((unit(unit(u, 1), 0) * unit(unit(v, 1), 0)).sum() / 30)
    return {"stoi": round(float(np.mean(plain)), 5), "estoi": round(float(np.mean(extended)), 5)}


x = speech()
values = {"clean": measures(x, x)}
for snr in (20, 10, 5, 0, -5, -10):
    values[f"noise {snr}"] = measures(x, noisy(x, snr))
for loss in (1, 5, 10, 20):
    values[f"loss {loss}"] = measures(x, lossy(x, loss / 100))
with open("intelligibility.json", "w") as f:
    json.dump(values, f, indent="\t")
    f.write("\n")

// runtime.h: what the translated module stands on. It is made for this one
// module, whose memory never grows.
//
// Memory safety: every address is masked to the module's 16 MiB, which cost
// less than comparing and make an access outside impossible. A module that
// traps jumps back to the call that entered it.
#ifndef NEAREND_AEC3_RUNTIME_H
#define NEAREND_AEC3_RUNTIME_H

#define _GNU_SOURCE

#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A multiplication and an addition are two roundings, as in WebAssembly. GCC
// takes it so from -std=c11, Clang from here.
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;
typedef float f32;
typedef double f64;

// The code below moves bytes as they are.
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "little-endian machines only"
#endif

// On Windows the library's longjmp unwinds the stack, which Go's threads do
// not allow; the compiler's own does not.
#ifdef _WIN32
typedef void *jump[5];
#define JUMP_SET(j) __builtin_setjmp(j)
#define JUMP_TO(j) __builtin_longjmp(j, 1)
#else
typedef jmp_buf jump;
#define JUMP_SET(j) _setjmp(j)
#define JUMP_TO(j) longjmp(j, 1)
#endif

enum { MEMORY = 16 << 20, MARGIN = 16 };

// The module's instance: its one global, the way out of a trap, the handles
// that the module gave us, and its memory.
typedef struct instance {
	u32 xg0;
	u32 canceller, render_in, render_bands, capture_in, capture_bands, capture_out;
	u32 render_samples, capture_samples, out_samples;
	jump trap;
	_Alignas(16) u8 memory[MEMORY + MARGIN];
} *I;

static __attribute__((noreturn)) void trap(I s) { JUMP_TO(s->trap); }

#define TRAP(why) (trap(s), 0)
#define UNREACHABLE trap(s)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define AT(s, a) ((s)->memory + ((a) & (MEMORY - 1)))

#define LOAD(name, stored, extended, result) \
	static inline result name(I s, u32 a) { stored v; memcpy(&v, AT(s, a), sizeof v); return (result)(extended)v; }
#define STORE(name, stored, value) \
	static inline void name(I s, u32 a, value x) { stored v = (stored)x; memcpy(AT(s, a), &v, sizeof v); }
LOAD(i32_load, u32, u32, u32)
LOAD(i32_load8_u, u8, u32, u32)
LOAD(i32_load8_s, s8, s32, u32)
LOAD(i32_load16_u, u16, u32, u32)
LOAD(i32_load16_s, s16, s32, u32)
LOAD(i64_load, u64, u64, u64)
LOAD(i64_load8_u, u8, u64, u64)
LOAD(i64_load8_s, s8, s64, u64)
LOAD(i64_load16_u, u16, u64, u64)
LOAD(i64_load16_s, s16, s64, u64)
LOAD(i64_load32_u, u32, u64, u64)
LOAD(i64_load32_s, s32, s64, u64)
LOAD(f32_load, f32, f32, f32)
LOAD(f64_load, f64, f64, f64)
STORE(i32_store, u32, u32)
STORE(i32_store8, u8, u32)
STORE(i32_store16, u16, u32)
STORE(i64_store, u64, u64)
STORE(i64_store8, u8, u64)
STORE(i64_store16, u16, u64)
STORE(i64_store32, u32, u64)
STORE(f32_store, f32, f32)
STORE(f64_store, f64, f64)
#define LOAD_DATA(s, at, data, size) memcpy((s)->memory + (at), data, size)

#define REINTERPRET(name, from, to) \
	static inline to name(from x) { to v; memcpy(&v, &x, sizeof v); return v; }
REINTERPRET(f32_reinterpret_i32, u32, f32)
REINTERPRET(i32_reinterpret_f32, f32, u32)
REINTERPRET(f64_reinterpret_i64, u64, f64)
REINTERPRET(i64_reinterpret_f64, f64, u64)

#define I32_CLZ(x) ((x) ? __builtin_clz(x) : 32)
#define I64_CLZ(x) ((x) ? __builtin_clzll(x) : 64)
#define I32_CTZ(x) ((x) ? __builtin_ctz(x) : 32)
#define I32_ROTL(x, y) (((x) << ((y) & 31)) | ((x) >> ((32 - (y)) & 31)))

// Division and conversion trap where C has no answer.
#define DIV_U(x, y) (UNLIKELY((y) == 0) ? TRAP(zero) : (x) / (y))
#define REM_U(x, y) (UNLIKELY((y) == 0) ? TRAP(zero) : (x) % (y))
#define I32_DIV_S(x, y) \
	(UNLIKELY((y) == 0 || ((s32)(x) == INT32_MIN && (s32)(y) == -1)) ? TRAP(range) : (u32)((s32)(x) / (s32)(y)))
#define I32_REM_S(x, y) \
	(UNLIKELY((y) == 0) ? TRAP(zero) : (s32)(y) == -1 ? 0 : (u32)((s32)(x) % (s32)(y)))
#define I32_TRUNC_S_F32(x) (LIKELY((x) >= -2147483648.f && (x) < 2147483648.f) ? (u32)(s32)(x) : TRAP(range))
#define I32_TRUNC_S_F64(x) (LIKELY((x) > -2147483649. && (x) < 2147483648.) ? (u32)(s32)(x) : TRAP(range))
#define I32_TRUNC_U_F32(x) (LIKELY((x) > -1.f && (x) < 4294967296.f) ? (u32)(x) : TRAP(range))
#define I32_TRUNC_U_F64(x) (LIKELY((x) > -1. && (x) < 4294967296.) ? (u32)(x) : TRAP(range))

// WebAssembly's minimum and maximum keep NaN and order the zeros.
#define FMIN(x, y) \
	((x) != (x) ? (x) : (y) != (y) ? (y) : (x) == 0 && (y) == 0 ? (signbit(x) ? (x) : (y)) : (x) < (y) ? (x) : (y))
#define FMAX(x, y) \
	((x) != (x) ? (x) : (y) != (y) ? (y) : (x) == 0 && (y) == 0 ? (signbit(x) ? (y) : (x)) : (x) > (y) ? (x) : (y))
#define wasm_quiet(x) (x)
#define wasm_quietf(x) (x)
#define wasm_fabs(x) fabs(x)
#define wasm_fabsf(x) fabsf(x)
#define wasm_sqrt(x) sqrt(x)
#define wasm_sqrtf(x) sqrtf(x)
#define wasm_floor(x) floor(x)
#define wasm_floorf(x) floorf(x)
#define wasm_ceil(x) ceil(x)

// The table of functions, filled once in the module: type, function.
typedef void (*fn)(void);
typedef struct { u32 type; fn function; } elem;
#define CALL_INDIRECT(signature, of, x, ...) \
	(LIKELY((x) - 1 < sizeof elem_segment_exprs_xe0 / sizeof(elem) && elem_segment_exprs_xe0[(x) - 1].type == (of)) \
		? 0 : TRAP(call), ((signature)elem_segment_exprs_xe0[(x) - 1].function)(__VA_ARGS__))

// What the module asks of its surroundings: to throw, to give up, to write to
// a file, to move in one, to close one, for more memory.
static void import_b(I s, u32 a, u32 b, u32 c) { trap(s); }
static void import_c(I s) { trap(s); }
static u32 import_d(I s, u32 a, u32 b, u32 c, u32 d) { return 0; }
static u32 import_e(I s, u32 a, u32 b, u32 c, u32 d, u32 e) { return 70; }
static u32 import_f(I s, u32 a) { return 0; }
static u32 import_g(I s, u32 a) { return 0; }

#endif

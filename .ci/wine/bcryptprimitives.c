/*
 * Stands in for the DLL from which Go programs on Windows take random bytes.
 * Debian 12's wine lacks it; with it beside the program, nativehost.exe starts.
 * For tests under wine only.
 */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *bytes, SIZE_T length)
{
	return RtlGenRandom(bytes, (ULONG)length);
}

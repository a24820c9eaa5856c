// SPDX-License-Identifier: Apache-2.0
// What a restore asks of the kernel and Swift cannot call: variadic functions, macros, _GNU_SOURCE.
#pragma once
#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

// The values of <fcntl.h> under _GNU_SOURCE and of <linux/openat2.h>.
static const int LIFEBOAT_O_PATH = 010000000;
static const int LIFEBOAT_AT_EMPTY_PATH = 0x1000;
static const uint64_t LIFEBOAT_RESOLVE_NO_MAGICLINKS = 0x02;
static const uint64_t LIFEBOAT_RESOLVE_NO_SYMLINKS = 0x04;
static const uint64_t LIFEBOAT_RESOLVE_BENEATH = 0x08;

struct lifeboat_open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};

// openat2(2); the C library has no wrapper. -1 and errno on failure, ENOSYS where the kernel is older than 5.6.
static inline int lifeboat_openat2(int folder, const char *path, int flags, uint64_t resolve) {
#ifdef SYS_openat2
    struct lifeboat_open_how how = {(uint64_t)flags, 0, resolve};
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
#else
    errno = ENOSYS;
    return -1;
#endif
}

static inline dev_t lifeboat_makedev(uint32_t major_number, uint32_t minor_number) {
    return makedev(major_number, minor_number);
}

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <sys/types.h>
#include <sys/xattr.h>

// The C library declares these only for _GNU_SOURCE, which Swift does not set. The values are the kernel's own.
ssize_t getdents64(int descriptor, void *buffer, size_t size);
static const int LIFEBOAT_SEEK_DATA = 3;
static const int LIFEBOAT_SEEK_HOLE = 4;
static const int LIFEBOAT_O_NOATIME = 01000000;

// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#endif

/// Lets the system calls by which a program changes something fail, or end the program, at a chosen one of them.
///
///     let faults = try FaultyCalls(in: scratch)
///     let count = try faults.count { try Command.run(Program.path, …, environment: $0) }
///     try Command.run(Program.path, …, environment: faults.environment(.kill, at: 7))
///
/// A shared object that is loaded before the C library: it counts, over all threads, what goes onto the disk (write at
/// a place, sync, rename, unlink, mkdir, creation) and out of a socket. The file of the shared object is compiled here.
package struct FaultyCalls: Sendable {
    /// What happens at the chosen call.
    package enum Fault: String, Sendable {
        /// SIGKILL, before the call is made.
        case kill
        /// Every call on the disk from the chosen one on says that the disk is full.
        case full
        /// The same with an input/output error.
        case broken
        /// Every write to a file from the chosen one on says that the account's quota is used up.
        case quota
    }

    private let library: String
    private let counter: String

    /// Compiles the shared object into a folder.
    package init(in folder: Scratch) throws {
        let source = try folder.write(Self.source, to: "faulty.c")
        library = folder.path("faulty.so")
        counter = folder.path("faulty.count")
        try Command.output("cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl")
    }

    /// The environment of a program that meets a fault at a call, counted from 1.
    package func environment(_ fault: Fault, at call: Int) -> [String: String] {
        [
            "LD_PRELOAD": library, "FAULTY_KIND": fault.rawValue, "FAULTY_AT": "\(call)",
            "FAULTY_COUNT": counter,
        ]
    }

    /// The environment of a program from under which a file of this name goes just before it is opened.
    package func environment(gone name: String) -> [String: String] {
        ["LD_PRELOAD": library, "FAULTY_GONE": name]
    }

    /// How many calls a run makes when nothing fails.
    package func count(_ run: ([String: String]) throws -> Void) throws -> Int {
        unlink(counter)
        try run(environment(.kill, at: 0))
        return Int(
            String(decoding: try Command.output("cat", counter), as: UTF8.self).split(separator: "\n").first
                ?? "")
            ?? 0
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdarg.h>
        #include <stdatomic.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/types.h>
        #include <unistd.h>

        static atomic_long calls;
        static long at;
        static int kind; /* 0 kill, ENOSPC, EIO or EDQUOT */
        static pid_t owner;

        __attribute__((constructor)) static void begin(void) {
            const char *text = getenv("FAULTY_AT"), *word = getenv("FAULTY_KIND");
            at = text ? atol(text) : 0;
            kind = word && !strcmp(word, "full") ? ENOSPC : word && !strcmp(word, "broken") ? EIO
                : word && !strcmp(word, "quota") ? EDQUOT : 0;
            owner = getpid();
        }

        __attribute__((destructor)) static void end(void) {
            const char *path = getenv("FAULTY_COUNT");
            if (at != 0 || getpid() != owner || !path) return;
            FILE *file = fopen(path, "w");
            if (!file) return;
            fprintf(file, "%ld\n", atomic_load(&calls));
            fclose(file);
        }

        /* A program may leave without running what waits for its end. */
        void _exit(int status) {
            end();
            ((void (*)(int))dlsym(RTLD_NEXT, "_exit"))(status);
            __builtin_unreachable();
        }

        /* Whether the call is to fail; does not come back where the program is to end. */
        static int met(int disk) {
            if (kind && !disk) return 0;
            long number = atomic_fetch_add(&calls, 1) + 1;
            if (!at || number < at) return 0;
            if (!kind) kill(getpid(), SIGKILL);
            errno = kind;
            return 1;
        }

        #define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
        #define WRAP(type, name, disk, parameters, arguments) \
            type name parameters { \
                static __typeof__(&name) real; \
                if (!real) real = REAL(name); \
                if (met(disk)) return -1; \
                return real arguments; \
            }

        WRAP(ssize_t, pwrite, 1, (int d, const void *b, size_t n, off_t o), (d, b, n, o))
        WRAP(ssize_t, pwrite64, 1, (int d, const void *b, size_t n, off64_t o), (d, b, n, o))
        WRAP(int, fsync, 1, (int d), (d))
        WRAP(int, fdatasync, 1, (int d), (d))
        WRAP(int, rename, 1, (const char *a, const char *b), (a, b))
        WRAP(int, unlink, 1, (const char *a), (a))
        WRAP(int, mkdir, 1, (const char *a, mode_t m), (a, m))
        WRAP(ssize_t, send, 0, (int d, const void *b, size_t n, int f), (d, b, n, f))

        /* Plain writes are looked at for a quota alone: most of them go to pipes and logs. */
        ssize_t write(int d, const void *b, size_t n) {
            static ssize_t (*real)(int, const void *, size_t);
            if (!real) real = dlsym(RTLD_NEXT, "write");
            struct stat status;
            if (kind == EDQUOT && !fstat(d, &status) && S_ISREG(status.st_mode) && met(1)) return -1;
            return real(d, b, n);
        }

        static int creating(int flags) { return (flags & O_CREAT) && met(1); }

        int open(const char *path, int flags, ...) {
            static int (*real)(const char *, int, ...);
            if (!real) real = dlsym(RTLD_NEXT, "open");
            va_list list; va_start(list, flags); mode_t mode = va_arg(list, mode_t); va_end(list);
            return creating(flags) ? -1 : real(path, flags, mode);
        }

        /* A file that goes between being listed and being opened. */
        static void vanish(int folder, const char *path) {
            const char *gone = getenv("FAULTY_GONE");
            if (gone && !strcmp(path, gone)) unlinkat(folder, path, 0);
        }

        int openat(int folder, const char *path, int flags, ...) {
            static int (*real)(int, const char *, int, ...);
            if (!real) real = dlsym(RTLD_NEXT, "openat");
            va_list list; va_start(list, flags); mode_t mode = va_arg(list, mode_t); va_end(list);
            vanish(folder, path);
            return real(folder, path, flags, mode);
        }

        int openat64(int folder, const char *path, int flags, ...) {
            static int (*real)(int, const char *, int, ...);
            if (!real) real = dlsym(RTLD_NEXT, "openat64");
            va_list list; va_start(list, flags); mode_t mode = va_arg(list, mode_t); va_end(list);
            vanish(folder, path);
            return real(folder, path, flags, mode);
        }

        int open64(const char *path, int flags, ...) {
            static int (*real)(const char *, int, ...);
            if (!real) real = dlsym(RTLD_NEXT, "open64");
            va_list list; va_start(list, flags); mode_t mode = va_arg(list, mode_t); va_end(list);
            return creating(flags) ? -1 : real(path, flags, mode);
        }
        """#
}

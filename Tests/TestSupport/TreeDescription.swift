// SPDX-License-Identifier: Apache-2.0

/// Everything that the kernel tells of a tree, one line for each path, by a program that shares no code with ours.
///
/// Content, kind, mode, owner, times in nanoseconds, size, device numbers, link text, which names are one file,
/// attributes with ACLs and capabilities, and whether a file has holes.
package enum TreeDescription {
    private static let program = """
        import hashlib, os, stat, sys
        root = sys.argv[1].encode()
        links, lines = {}, []
        def line(path, name, fd):
            s = os.stat(name, dir_fd=fd, follow_symlinks=False)
            words = [repr(path), oct(s.st_mode), s.st_uid, s.st_gid, s.st_mtime_ns]
            way = b"/proc/self/fd/%d/%s" % (fd, name)
            if stat.S_ISREG(s.st_mode):
                h = hashlib.sha256()
                f = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=fd)
                place = 0
                while place < s.st_size:
                    try: place = os.lseek(f, place, os.SEEK_DATA)
                    except OSError: break
                    piece = os.pread(f, 1 << 20, place)
                    # Zeros in data and in holes count alike.
                    for at in range(0, len(piece), 4096):
                        page = piece[at:at + 4096]
                        if page.strip(b"\\0"): h.update(b"%d:" % (place + at) + page)
                    place += len(piece)
                os.close(f)
                words += [s.st_size, h.hexdigest(), "holes" if s.st_blocks * 512 + 65536 < s.st_size else "solid"]
            if s.st_nlink > 1 and not stat.S_ISDIR(s.st_mode):
                words += ["same as", links.setdefault((s.st_dev, s.st_ino), repr(path))]
            if stat.S_ISLNK(s.st_mode): words += [repr(os.readlink(name, dir_fd=fd))]
            if stat.S_ISCHR(s.st_mode) or stat.S_ISBLK(s.st_mode): words += [os.major(s.st_rdev), os.minor(s.st_rdev)]
            for a in sorted(os.listxattr(way, follow_symlinks=False)):
                words += [a, os.getxattr(way, a, follow_symlinks=False).hex()]
            lines.append(" ".join(map(str, words)))
        def walk(path, fd):
            for entry in sorted(os.listdir(fd), key=os.fsencode):
                name = os.fsencode(entry)
                line(path + name, name, fd)
                if stat.S_ISDIR(os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode):
                    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=fd)
                    walk(path + name + b"/", inner)
                    os.close(inner)
        top = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        line(b".", b".", top)
        walk(b"", top)
        print("\\n".join(lines))
        """

    /// The lines for a folder.
    package static func lines(of folder: String) throws -> [String] {
        let output = try Command.output("python3", "-c", program, folder)
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The lines in which two folders differ, `-` for the first and `+` for the second.
    package static func differences(_ first: String, _ second: String) throws -> [String] {
        let (before, after) = try (lines(of: first), lines(of: second))
        return before.filter { !after.contains($0) }.map { "- " + $0 }
            + after.filter { !before.contains($0) }.map { "+ " + $0 }
    }
}

/// A tree with everything that a file system can hold.
package enum DifficultTree {
    /// Makes the tree; as root also owners, devices and capabilities.
    package static func make(at folder: String) throws {
        try Command.output("bash", "-euc", script, "-", folder)
    }

    private static let script = #"""
        mkdir -p "$1"; cd "$1"
        mkdir empty d d/inner .hidden
        echo one > d/one; echo two > d/inner/two; : > nothing; printf x > byte
        echo plus > d+file; echo dot > d.file; echo bang > 'd!'
        printf 'new\nline' > $'line\nfeed'; printf latin > $'caf\xe9'; printf utf > 'grün'; echo b > 'back\slash'
        echo sp > ' space '; echo dash > -dash; echo star > '*'
        echo long > "$(printf 'n%.0s' {1..255})"
        deep="$(printf 'd%.0s' {1..120})/$(printf 'e%.0s' {1..120})"
        mkdir -p "$deep"; echo deep > "$deep/$(printf 'f%.0s' {1..120})"
        ln -s d/one link; ln -s /does/not/exist dangling; ln -s .. up; ln -s "$(printf 't%.0s' {1..300})" longlink
        ln -s $'bad\xff\ntarget' badlink
        ln d/one hard; ln d/one z-hard; ln link hardlink-of-link 2>/dev/null || true
        mkfifo fifo
        truncate -s 20M hole; echo tail >> hole
        truncate -s 1T terabyte
        truncate -s 12M middle; printf data | dd of=middle bs=1 seek=6000000 conv=notrunc status=none
        truncate -s 8M alldata-end; dd if=/dev/urandom of=alldata-end bs=64k count=4 seek=100 conv=notrunc status=none
        chmod 0000 nothing; chmod 0751 d; chmod 1777 empty; chmod 2775 d/inner; chmod 6755 byte
        setfattr -n user.note -v 'a note' d/one; setfattr -n user.empty d; setfattr -n user.bin -v 0x000aff00 d.file
        setfattr -n 'user.a.rather-long_name' -v "$(printf 'v%.0s' {1..2000})" 'grün'
        setfacl -m u:12345:rw,g:54321:r,m::rw d.file; setfacl -d -m u:12345:rwx d/inner; setfacl -m u:daemon:r d/inner/two
        touch -d '1969-12-31 23:59:55.123456789 UTC' .hidden
        touch -d '2038-01-19 03:14:08.000000001 UTC' d+file
        touch -h -d '2001-02-03 04:05:06.789012345 UTC' link
        touch -d '2021-05-06 07:08:09.987654321 UTC' d/inner/two fifo hole
        if [ "$(id -u)" = 0 ]; then
          chown 12345:54321 d+file; chown -h 4000000000:3000000000 dangling; chown daemon:bin d.file; chown 7:8 empty
          setfacl -m u:12345:rw d.file; chmod 6755 byte
          mknod null c 1 3; mknod loop b 7 200; mknod big c 400 70000; chown 3:4 null
          cp byte ping; setcap cap_net_raw+ep ping; setfattr -n trusted.lifeboat -v t d/inner
          setfattr -h -n trusted.onlink -v l link
        fi
        python3 -c 'import socket,sys; socket.socket(socket.AF_UNIX).bind("sock")'
        touch -d '2022-03-04 05:06:07.000000008 UTC' d/inner d .
        """#
}

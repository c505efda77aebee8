"""Kills a process that writes a file, and a file with its data, at each of its system calls that changes files, with strace; prints the table of
these calls with what stands under the names afterwards, and exits 1 when that is anything but the old files or the new ones. Then fills a disk
of 60 KiB, where tmpfs can be mounted, and does the same. Runs by hand: it needs strace, a JDK, and for the disk the rights to mount.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from command import ROOT, Bars

# What changes files; the lock is one of fcntl.
CALLS = "openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,fcntl"

WRITER = """
import dev.octet.api.file.DataFile;
import dev.octet.api.file.WholeFile;
import java.nio.file.Path;
import java.util.Arrays;

public final class Writer {
  public static void main(String[] args) throws Exception {
    Path path = Path.of(args[0]);
    byte[] piece = new byte[10000];
    Arrays.fill(piece, (byte) args[1].charAt(0));
    if (args[2].equals("one")) {
      WholeFile.write(path, out -> {
        for (int i = 0; i < 3; i++) {
          out.write(piece);
        }
      });
      return;
    }
    try (WholeFile owner = WholeFile.of(path);
        DataFile data = DataFile.beside(owner)) {
      data.write(out -> {
        for (int i = 0; i < 3; i++) {
          out.write(piece);
        }
      });
      owner.write(out -> out.write((args[1] + " " + data.name()).getBytes("UTF-8")));
      owner.commitWith(data, DataFile::namesBeside);
    }
  }
}
"""


class Writing:
    """Writes in a process of its own."""

    def __init__(self, work, class_path, kind):
        self.folder = work / "folder"
        self.log = work / "strace.log"
        self.kind = kind
        self.java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-cp", class_path, "Writer"]

    def run(self, word, *before):
        command = [*before, *self.java, str(self.folder / "m"), word, self.kind]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def reset(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        assert self.run("old").returncode == 0

    def strace(self, *options):
        return self.run("new", "strace", "-f", "-y", "-o", str(self.log), "-e", f"trace={CALLS}", *options)

    def calls(self):
        """Returns the calls of the thread that writes that concern the folder: name, number among those of the name in this thread, and words."""
        threads = {}
        for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines():
            thread, call = line.split(None, 1)
            if re.match(r"[a-z]\w*\(|<\.\.\. \w+ resumed", call) and not call.startswith("<..."):
                threads.setdefault(thread, []).append(call)
        for calls in threads.values():
            numbers = Counter()
            own = []
            for call in calls:
                name = call[: call.index("(")]
                numbers[name] += 1
                if str(self.folder) in call:
                    own.append((name, numbers[name], call))
            if any(name.startswith("rename") for name, _, _ in own):
                return own
        raise AssertionError("no thread renames a file")

    def last(self):
        """Returns the last call that concerns the folder, of a writer that was killed there; nothing if that was at another call."""
        lines = [line.split(None, 1) for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines()]
        thread = next((thread for thread, call in lines if str(self.folder) in call), None)
        calls = [call for other, call in lines if other == thread and re.match(r"[a-z]\w*\(", call)]
        return calls[-1] if calls and str(self.folder) in calls[-1] else ""

    def state(self):
        """Returns which of the two contents is there, whole; None for anything else."""
        text = (self.folder / "m").read_bytes()
        if self.kind == "one":
            return {b"o" * 30000: "old", b"n" * 30000: "new"}.get(text)
        word, name = text.decode("utf-8").split(" ")
        data = (self.folder / name).read_bytes()
        digest = hashlib.sha256(data).hexdigest()[:32]
        return word if data == word[0].encode("ascii") * 30000 and name == f"m.{digest}.data" else None

    def seen(self):
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))


def told(call, folder):
    """Returns a call in few words, without what is random."""
    short = re.sub(r"AT_FDCWD<[^>]*>, ", "", call)
    short = re.sub(r"\)? += .*|\)? *<unfinished.*", "", short)
    short = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", short.replace(str(folder), "."))
    short = re.sub(r'"(.)\1{20,}"(\.\.\.)?', r'"\1\1\1..."', short)
    return re.sub(r"\s+", " ", short)[:110]


def steady(writing):
    """Returns the calls of the writer, once two runs agree on their numbers: what the machine has not cached yet asks for more."""
    before = []
    for _ in range(9):
        writing.reset()
        assert writing.strace().returncode == 0
        calls = writing.calls()
        numbers = [call[:2] for call in calls]
        if numbers == before:
            return calls
        before = numbers
    raise AssertionError("no two runs make the same calls")


def check_kills(bars, work, class_path, kind):
    writing = Writing(work, class_path, kind)
    calls = steady(writing)
    states = []
    for index in range(len(calls)):
        for _ in range(9):
            name, number, call = calls[index]
            writing.reset()
            killed = writing.strace("-e", f"inject={name}:signal=KILL:when={number}").returncode != 0
            if killed and told(writing.last(), writing.folder) == told(call, writing.folder):
                break
            calls = steady(writing)
        else:
            raise AssertionError(f"not killed at {call}")
        state = writing.state()
        states.append(state)
        print(f"{kind}: {state}: {told(call, writing.folder)}", flush=True)
        assert writing.run("new").returncode == 0
        if writing.state() != "new" or len(writing.seen()) != (1 if kind == "one" else 2):
            states.append("leftovers disturb")
    whole = all(state in ("old", "new") for state in states)
    switch = states == sorted(states, reverse=True)
    bars.hold(whole and switch, f"{kind}: killed at {len(calls)} calls, {states.count('old')} leave the old files and {states.count('new')} the new")


def check_full_disk(bars, work, class_path, kind):
    disk = work / "disk"
    disk.mkdir(exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60k", "tmpfs", str(disk)], check=False, capture_output=True).returncode != 0:
        print(f"{kind}: no disk can be mounted here")
        return
    try:
        writing = Writing(work, class_path, kind)
        writing.folder = disk
        assert writing.run("old").returncode == 0
        before = writing.seen()
        done = writing.run("new")
        hidden = [path.name for path in disk.iterdir() if path.name.startswith(".")]
        full = done.returncode != 0 and "No space left on device" in done.stderr
        bars.hold(full and writing.state() == "old" and writing.seen() == before and not hidden, f"{kind}: a full disk leaves the old files alone")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--class-path", default=f"{ROOT}/cli/target/octet/lib/*", help="where the classes of api are")
    arguments = parser.parse_args()
    bars = Bars()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        source = work / "Writer.java"
        source.write_text(WRITER, encoding="utf-8")
        subprocess.run(["javac", "-cp", arguments.class_path, "-d", str(work), str(source)], check=True)
        class_path = f"{work}:{arguments.class_path}"
        for kind in ("one", "two"):
            check_kills(bars, work, class_path, kind)
            check_full_disk(bars, work, class_path, kind)
    bars.end()


if __name__ == "__main__":
    main()

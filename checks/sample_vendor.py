"""Builds examples/vendor outside of the checkout, from installed artifacts alone: with JUnit 6 and 5.10, on each JDK, its kit run from the class path and the
module path. Then makes the mistakes below in its source, one at a time, and asks whether the kit finds each and says what docs/vendor-guide.md shows.
"""

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from command import ROOT

SAMPLE = ROOT / "examples" / "vendor"
GUIDE = ROOT / "docs" / "vendor-guide.md"
PACKAGE = Path("src/main/java/com/lyra/octet")
JAR = "lyra-octet-1.0.0.jar"
COPY_LIBRARIES = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies"
SECONDS = 120
JUNIT_5 = "5.10.5"

# One rule, for builds that differ in JUnit and JDK alone.
NARROW = """package com.lyra.octet;

import dev.octet.api.option.Options;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.tck.junit.QuantizerTck;
import dev.octet.tck.run.TckRequest;

class OneRuleTest extends QuantizerTck {
  @Override
  protected QuantizerProvider provider() {
    return new LyraProvider();
  }

  @Override
  protected TckRequest request() {
    return TckRequest.everything().options(Options.none()).rule("TCK-RUN-009");
  }
}
"""


@dataclass
class Mistake:
    """One line of the sample that is changed, the rule that finds it, and what the kit says."""

    name: str
    file: str
    edits: dict
    rule: str
    says: str


MISTAKES = [
    Mistake(
        "rounding: ties go away from zero",
        "FixedPoint.java",
        {"BigInteger.ONE.shiftLeft(shift - 1);": "BigInteger.ONE.shiftLeft(shift - 1).subtract(acc < 0 ? BigInteger.ONE : BigInteger.ZERO);"},
        "TCK-RUN-003",
        "by the declared rule (exact, fixed-point-single-rounding)",
    ),
    Mistake(
        "axis: the scale of a channel is looked up inside of its group",
        "Convolution.java",
        {"requantization.of(sum, channel)": "requantization.of(sum, channel % (channels / groups))"},
        "TCK-RUN-009",
        "by the declared rule (exact, fixed-point-single-rounding)",
    ),
    Mistake(
        "sharing: both operands of Add are read with one scale",
        "Sum.java",
        {"b.real(right": "a.real(right"},
        "TCK-RUN-002",
        "by the declared rule (exact, simulated)",
    ),
    Mistake(
        "thread-safety: all runs keep their values in one map",
        "LyraModel.java",
        {
            "    Map<String, Tensor> values = new HashMap<>(graph.initializers());": "    values.putAll(graph.initializers());",
            "  private final InputCheck check;": "  private final InputCheck check;\n  private final Map<String, Tensor> values = new HashMap<>();",
        },
        "TCK-RUN-020",
        "when another run begins and ends before its next node",
    ),
]


def run(command, folder, java_home=None):
    environment = dict(os.environ)
    if java_home:
        environment["JAVA_HOME"] = str(java_home)
    return subprocess.run(
        list(map(str, command)), cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def copy(folder, name):
    sample = folder / name
    shutil.copytree(SAMPLE, sample, ignore=shutil.ignore_patterns("target"))
    return sample


def java_homes():
    own = Path(shutil.which("java")).resolve().parent.parent
    newer = [home for home in sorted(Path("/usr/lib/jvm").glob("temurin-2*")) if (home / "bin" / "java").is_file()]
    return own, newer


def check_sample(bars, folder, repository):
    """Runs every check of the sample; its artifacts are in the repository, and the kit is built."""
    own, newer = java_homes()
    sample = check_whole_build(bars, folder, repository, own)
    for home in [own, *newer]:
        for junit in (JUNIT_5, None):
            if (home, junit) != (own, None):
                check_narrow_build(bars, sample, repository, home, junit)
    kit = folder / "kit"
    maven(sample, repository, own, "-q", COPY_LIBRARIES, f"-DoutputDirectory={kit}")
    for home in [own, *newer]:
        check_commands(bars, kit, sample / "target" / JAR, folder, home)
    for mistake in MISTAKES:
        check_mistake(bars, kit, mistake, folder, own)


def maven(folder, repository, home, *words):
    return run(["mvn", "-B", "-ntp", f"-Dmaven.repo.local={repository}", *words], folder, home)


def check_whole_build(bars, folder, repository, home):
    sample = copy(folder, "sample")
    begun = time.monotonic()
    built = maven(sample, repository, home, "package")
    seconds = time.monotonic() - begun
    holds = built.returncode == 0
    bars.hold(holds, "the sample vendor builds and passes the whole kit with JUnit 6" + ("" if holds else ":\n" + built.stdout))
    bars.hold("COMPILATION WARNING" not in built.stdout, "without a warning of the compiler")
    tests = re.findall(r"Tests run: (\d+), Failures: 0, Errors: 0", built.stdout)
    bars.hold(bool(tests) and int(tests[-1]) > 2000, f"in {tests[-1] if tests else 'no'} tests, which are more than 2000")
    bars.hold(seconds < SECONDS, f"from a clean folder in {seconds:.0f} seconds, below {SECONDS}")
    return sample


def check_narrow_build(bars, sample, repository, home, junit):
    (sample / "src/test/java/com/lyra/octet/OneRuleTest.java").write_text(NARROW, encoding="utf-8")
    version = [f"-Djunit.version={junit}"] if junit else []
    tested = maven(sample, repository, home, *version, "-Dtest=LyraPlanTest,OneRuleTest", "test")
    holds = tested.returncode == 0 and "Tests run:" in tested.stdout
    what = f"the sample's tests and its kit with JUnit {junit or 6} on {home.name}"
    bars.hold(holds, what + ("" if holds else ":\n" + tested.stdout))


def check_commands(bars, kit, jar, folder, home):
    arguments = ["run", "--provider", "lyra", "--rule", "TCK-RUN-009", "--report", folder / "report"]
    java = home / "bin" / "java"
    main = "dev.octet.tck.cli.Main"
    places = {
        "class path": [java, "-cp", f"{kit}/*", main, *arguments, "--class-path", jar],
        "module path": [java, "-p", f"{kit}{os.pathsep}{jar}", "--add-modules", "com.lyra.octet", "-m", f"dev.octet.tck/{main}", *arguments],
    }
    for place, command in places.items():
        ended = run(command, folder)
        holds = ended.returncode == 0 and "what ran passed" in ended.stdout
        bars.hold(holds, f"its kit from the {place} on {home.name}" + ("" if holds else ":\n" + ended.stdout))


def check_mistake(bars, kit, mistake, folder, home):
    work = copy(folder, mistake.rule)
    source = work / PACKAGE / mistake.file
    text = source.read_text(encoding="utf-8")
    for before, after in mistake.edits.items():
        if text.count(before) != 1:
            raise SystemExit(f"{mistake.file} has not '{before}' once")
        text = text.replace(before, after)
    source.write_text(text, encoding="utf-8")
    classes = work / "classes"
    files = [file for file in (work / "src/main/java").rglob("*.java") if file.name != "module-info.java"]
    compiled = run([home / "bin" / "javac", "--release", "17", "-d", classes, "-cp", f"{kit}/*", *files], work)
    if compiled.returncode != 0:
        raise SystemExit(compiled.stdout)
    shutil.copytree(work / "src/main/resources", classes, dirs_exist_ok=True)
    command = [home / "bin" / "java", "-cp", f"{kit}/*", "dev.octet.tck.cli.Main", "run", "--provider", "lyra", "--rule", mistake.rule]
    ended = run([*command, "--class-path", classes, "--report", work / "report"], work)
    said = next((line.strip() for line in ended.stdout.splitlines() if mistake.says in line), "")
    holds = ended.returncode == 1 and said != ""
    bars.hold(holds, f"{mistake.name}: {mistake.rule}: {said}" + ("" if holds else ended.stdout))
    shown = without_numbers(GUIDE.read_text(encoding="utf-8"))
    bars.hold(without_numbers(said) in shown and mistake.rule in GUIDE.read_text(encoding="utf-8"), "and the guide shows it")


def without_numbers(text):
    return re.sub(r"-?\d+", "N", text)

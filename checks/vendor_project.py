"""Checks what a vendor gets who has Octet's artifacts and nothing of its build: installs them into a repository of their own without running a test, builds
the backend of docs/annotation.md with the pom of README.md outside the checkout, finds it by name, and asks of the sample vendor what sample_vendor.py says.
Prints one line for each bar; exits 1 when one is missed.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from command import ROOT, Bars, octet
from sample_vendor import check_sample

LOCAL = Path.home() / ".m2" / "repository"
SERVICE = "dev.octet.api.provider.QuantizerProvider"


def maven(folder, repository, *words):
    """Runs Maven; returns the finished process, whatever its exit code."""
    command = ["mvn", "-B", "-ntp", f"-Dmaven.repo.local={repository}", *words]
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def own_repository(folder):
    """Makes a local repository with what was downloaded before, and nothing of Octet."""
    repository = folder / "repository"
    if LOCAL.is_dir():
        shutil.copytree(LOCAL, repository, ignore=lambda path, names: {"octet"} if Path(path) == LOCAL / "dev" else set())
    return repository


def check_install(bars, repository):
    # The command that was assembled before is started by others meanwhile.
    finished = maven(ROOT, repository, "install", "-Dmaven.test.skip=true", "-Prelease", "-Dassembly.skipAssembly=true")
    bars.hold(finished.returncode == 0, "mvn install -Dmaven.test.skip=true -Prelease" + ("" if finished.returncode == 0 else ":\n" + finished.stdout))
    bars.hold("T E S T S" not in finished.stdout, "no test ran")
    bom = (ROOT / "bom" / "pom.xml").read_text(encoding="utf-8")
    for artifact in re.findall(r"<artifactId>(octet-(?!bom)[a-z0-9-]+)</artifactId>", bom):
        missing = [part for part in ("", "-sources", "-javadoc") if not list(repository.glob(f"dev/octet/{artifact}/*/{artifact}-*[0-9T]{part}.jar"))]
        bars.hold(not missing, f"{artifact}: jar, sources and Javadoc" + (f", but {missing}" if missing else ""))


def block(page, language):
    return re.search(rf"```{language}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL).group(1)


def check_backend(bars, folder, repository):
    vendor = folder / "vendor"
    services = vendor / "src/main/resources/META-INF/services"
    sources = vendor / "src/main/java/acme"
    for path in (services, sources):
        path.mkdir(parents=True)
    (vendor / "pom.xml").write_text(block("README.md", "xml"), encoding="utf-8")
    (sources / "Provider.java").write_text(block("docs/annotation.md", "java"), encoding="utf-8")
    (services / SERVICE).write_text("acme.Provider\n", encoding="utf-8")
    built = maven(vendor, repository, "package")
    bars.hold(built.returncode == 0, "the guide's backend builds with the pom of README" + ("" if built.returncode == 0 else ":\n" + built.stdout))
    bars.hold("COMPILATION WARNING" not in built.stdout, "without a warning of the compiler")
    listed = octet("backends", "acme", "--class-path", vendor / "target" / "acme-octet-1.0.0.jar")
    bars.hold(listed.returncode == 0 and "convolution" in listed.stdout, "octet backends acme" + ("" if listed.returncode == 0 else ":\n" + listed.stderr))


def main():
    bars = Bars()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repository = own_repository(folder)
        check_install(bars, repository)
        check_backend(bars, folder, repository)
        check_sample(bars, folder, repository)
    bars.end()


if __name__ == "__main__":
    main()

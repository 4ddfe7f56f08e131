"""Building kube-apiserver and kube-controller-manager from Debian's source package.

Debian's binary packages hold no API server, its source package does. The build takes five to eight
minutes on two cores, once per cache folder, and needs neither root nor an installed Go.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from . import cache, debian
from .processes import run_logged
from .report import SandboxError, progress

VERSION = "1.20.2"
SERVERS = ("kube-apiserver", "kube-controller-manager")
LOCK = "kubernetes"
LOG = f"kubernetes-{VERSION}"

_GO_VERSION = "1.19"
_GO_ENVIRONMENT = {"GO111MODULE": "off", "CGO_ENABLED": "0"}
_GO_FLAGS = ["-trimpath"]
# All that decides what the binaries are. A change here makes a new cache folder; whoever changes
# how the steps below get there raises "steps".
_RECIPE = {
    "source": "kubernetes",
    "upstream": VERSION,
    "go": _GO_VERSION,
    "environment": _GO_ENVIRONMENT,
    "flags": _GO_FLAGS,
    "steps": 2,
}
_OPENAPI_MARK = b"+k8s:openapi-gen=true"
_OPENAPI_NOT_BELOW = {"sample-apiserver", "code-generator", "testdata"}
# Since Go 1.18 the caller gives the room for a map's iterator. The library that the source has does
# not, and a map that it writes as JSON, such as a custom resource's labels, ends the server or
# overwrites its memory.
_ITERATOR = Path("vendor/github.com/modern-go/reflect2/unsafe_link.go")
_OLD_ITERATOR = """\
//go:linkname mapiterinit reflect.mapiterinit
func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) *hiter
"""
_NEW_ITERATOR = """\
//go:linkname beginIteration reflect.mapiterinit
func beginIteration(rtype unsafe.Pointer, m unsafe.Pointer, room *iteration)

// The runtime's iterator, which begins with hiter.
type iteration struct {
	hiter
	pointers [6]unsafe.Pointer
	numbers  [4]uintptr
}

func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) *hiter {
	room := new(iteration)
	beginIteration(rtype, m, room)
	return &room.hiter
}
"""
_GENTLY = ("nice", "-n", "10")  # minutes on every core: leave the machine usable meanwhile
_VERSION_PACKAGES = ("component-base/version", "client-go/pkg/version")


def folder() -> Path:
    """Where the two binaries lie once they are built."""
    recipe = json.dumps(_RECIPE, sort_keys=True).encode()
    return cache.root() / "kubernetes" / f"{VERSION}-{hashlib.sha256(recipe).hexdigest()[:12]}"


def is_built() -> bool:
    return all((folder() / name).is_file() for name in SERVERS)


def is_building() -> bool:
    return cache.is_locked(LOCK)


def build() -> None:
    """Build what is missing; wait for a build that another process is running."""
    if is_built():
        return
    with cache.lock(LOCK, f"the build that is running (log: {cache.log_file(LOG)})"):
        if not is_built():
            with cache.put_in_place(folder()) as partial:
                _build_into(partial)
            cache.remove_tree(_compiler_cache())


def _build_into(partial: Path) -> None:
    """Fetch, generate and compile below `partial`, and leave only the two binaries there."""
    log = cache.log_file(LOG)
    log.write_bytes(b"")
    scratch = partial / "build"
    tree = scratch / "go" / "src" / "k8s.io" / "kubernetes"
    progress(f"fetching Go {_GO_VERSION} and the source of Kubernetes {VERSION} from Debian")
    _fetch_go(scratch)
    _fetch_source(scratch, tree)
    go, environment = _go(scratch)
    progress(f"building Kubernetes {VERSION}: five to eight minutes, once (log: {log})")
    _generate_openapi(go, environment, tree, log)
    run_logged(
        [*_GENTLY, go, "build", *_GO_FLAGS, "-ldflags", _linker_flags(), "-o", f"{partial}/",
         *(f"k8s.io/kubernetes/cmd/{server}" for server in SERVERS)],
        log, cwd=tree, environment=environment,
    )
    cache.remove_tree(scratch)
    progress(f"Kubernetes {VERSION} is built")


def _fetch_go(scratch: Path) -> None:
    """Unpack Debian's Go without installing it."""
    debs = scratch / "debs"
    debs.mkdir(parents=True)
    packages = [f"golang-{_GO_VERSION}-{part}" for part in ("go", "src")]
    for deb in debian.download_binaries(packages, debs):
        debian.unpack(deb, scratch / "debian")
    cache.remove_tree(debs)


def _fetch_source(scratch: Path, tree: Path) -> None:
    """Unpack the upstream tar file; Debian's patches concern kubectl only and are left out."""
    source = scratch / "source"
    source.mkdir()
    tree.mkdir(parents=True)
    debian.download_source("kubernetes", source)
    upstream = next(source.glob("*.orig.tar.*"), None)
    if upstream is None or f"really{VERSION}.orig" not in upstream.name:
        raise SandboxError(
            f"this Debian has no source of Kubernetes {VERSION}; set KUBEBUILDER_ASSETS to a "
            "folder with etcd, kube-apiserver and kube-controller-manager"
        )
    run_logged(["tar", "-xf", upstream, "-C", tree, "--strip-components=1"], cache.log_file(LOG))
    cache.remove_tree(source)
    text = (tree / _ITERATOR).read_text()
    if _OLD_ITERATOR not in text:
        raise SandboxError(f"{_ITERATOR} of Kubernetes {VERSION} is another one than expected")
    (tree / _ITERATOR).write_text(text.replace(_OLD_ITERATOR, _NEW_ITERATOR))


def _go(scratch: Path) -> tuple[Path, dict[str, str]]:
    """The go command and the environment to run it in; nothing outside the cache is written."""
    root = scratch / "debian" / "usr" / "lib" / f"go-{_GO_VERSION}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GO")}
    environment |= _GO_ENVIRONMENT | {
        "GOROOT": str(root),
        "GOPATH": str(scratch / "go"),
        "GOCACHE": str(_compiler_cache()),
        "GOPROXY": "off",
        "GOENV": "off",
        "TMPDIR": str(scratch),
    }
    return root / "bin" / "go", environment


def _compiler_cache() -> Path:
    """Kept beside the target until a build ends well, so that a killed build is taken up again."""
    return folder().parent / "compiler-cache"


def _generate_openapi(go: Path, environment: dict[str, str], tree: Path, log: Path) -> None:
    """Generate the one source file that the release tar file leaves out."""
    generator = tree.parent / "openapi-gen"
    run_logged(
        [*_GENTLY, go, "build", "-o", generator,
         "k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen"],
        log, cwd=tree, environment=environment,
    )
    inputs = [word for package in _openapi_packages(tree) for word in ("-i", package)]
    search_path = f"{go.parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
    run_logged(
        [generator, *inputs, "-p", "k8s.io/kubernetes/pkg/generated/openapi",
         "-O", "zz_generated.openapi", "-h", "hack/boilerplate/boilerplate.generatego.txt",
         "--output-base", Path(environment["GOPATH"], "src"), "-r", os.devnull],
        log, cwd=tree, environment=environment | {"PATH": search_path},
    )


def _openapi_packages(tree: Path) -> list[str]:
    """Import paths of the packages that ask for an OpenAPI definition."""
    marked = set()
    # The vendored k8s.io packages are links into staging; the build knows them by the vendor path.
    roots = [tree / "pkg", tree / "cmd", *sorted((tree / "vendor" / "k8s.io").iterdir())]
    for root in roots:
        for place, folders, files in os.walk(root):
            folders[:] = sorted(set(folders) - _OPENAPI_NOT_BELOW)
            if _OPENAPI_NOT_BELOW.isdisjoint(Path(place).parts) and any(
                _OPENAPI_MARK in Path(place, file).read_bytes()
                for file in files if file.endswith(".go") and not file.endswith("_test.go")
            ):
                marked.add(f"k8s.io/kubernetes/{Path(place).relative_to(tree)}")
    return sorted(marked)


def _linker_flags() -> str:
    numbers = re.match(r"(\d+)\.(\d+)\.", VERSION)
    assert numbers
    values = {"gitVersion": f"v{VERSION}", "gitMajor": numbers[1], "gitMinor": numbers[2]}
    return " ".join(
        ["-s", "-w"]
        + [
            f"-X k8s.io/kubernetes/vendor/k8s.io/{package}.{name}={value}"
            for package in _VERSION_PACKAGES
            for name, value in values.items()
        ]
    )
